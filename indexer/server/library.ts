// The library, as its public name leads to it: this package has its own packages, and must not be installed with its root's.
export * from "../../dist/src/index.js";

#!/usr/bin/env node
// Nothing is imported before the version is known: older ones would fail on the syntax of what follows.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(`model-provenance needs Node.js 22.13 or later; this is ${process.versions.node}.\n`);
  process.exitCode = 2;
} else {
  // New objects get one MiB at a time instead of growing room, up to 128 MiB: that room was half of what hashing
  // 100 000 files took (bench/README.md).
  const { setFlagsFromString } = await import("node:v8");
  setFlagsFromString("--semi-space-growth-factor=1");
  const { main } = await import("./main.ts");
  process.exitCode = await main(process.argv.slice(2), process.env);
}

export {};

import { posix } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { basename, dirname, join } from "../../../src/base/posix-path.ts";

const part = fc.constantFrom("a", "b.c", "..", ".", "", "d");
const path = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join("/"));
/** As names in a model are: no slash at an end, none twice. */
const name = fc
  .array(fc.constantFrom("a", "b.c", "d-e"), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join("/"));

describe("paths in a model", function () {
  it("are joined as Node joins them", function () {
    fc.assert(fc.property(path, path, (a, b) => void expect(join(a, b), `${a} + ${b}`).to.equal(posix.join(a, b))));
  });

  it("are taken apart as Node takes them apart", function () {
    fc.assert(
      fc.property(name, (text) => {
        expect(dirname(text)).to.equal(posix.dirname(text));
        expect(basename(text)).to.equal(posix.basename(text));
      }),
    );
  });
});

import { expect } from "chai";
import * as fc from "fast-check";
import { findDenied } from "../../../src/metadata/denied-licenses.ts";

const FREE = ["MIT", "Apache-2.0", "BSD-3-Clause", "LicenseRef-own", "LGPL-3.0-only", "AGPL-3.0-or-later"];
const FORMS = ["GPL-3.0-only", "gpl-3.0-ONLY", "GPL-3.0", "GPL-3.0+", "GPL-3.0-or-later", "LicenseRef-GPL-3.0-only"];
const DENIED = [...FORMS, "GPL-3.0-only WITH Classpath-exception-2.0", "GPL-3.0-with-GCC-exception"];

/** An expression, and whether each of its alternatives holds a denied licence. */
type Tree = readonly [text: string, isDenied: boolean];

const trees = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(...FREE).map((id): Tree => [id, false]),
    fc.constantFrom(...DENIED).map((id): Tree => [id, true]),
    fc
      .tuple(tie("tree"), fc.constantFrom("AND", "OR", "and", "or"), tie("tree"))
      .map(([[left, a], operator, [right, b]]): Tree => [
        `(${left}) ${operator} (${right})`,
        operator.toUpperCase() === "AND" ? a || b : a && b,
      ]),
  ),
})).tree;

describe("findDenied", function () {
  it("denies exactly the expressions of which every alternative holds a denied licence", function () {
    fc.assert(
      fc.property(trees, ([text, isDenied]) => {
        expect(findDenied(text, ["GPL-3.0-only"]), text).to.deep.equal(isDenied ? ["GPL-3.0-only"] : []);
      }),
    );
  });

  for (const [license, denied, expected] of [
    ["GPL-3.0-only AND (MIT OR Apache-2.0)", ["GPL-3.0-only"], ["GPL-3.0-only"]],
    ["MIT OR GPL-3.0-only AND Apache-2.0", ["GPL-3.0-only"], []],
    ["MIT OR ISC", ["ISC", "MIT"], ["ISC", "MIT"]],
    ["GPL-3.0-only", ["GPL-3.0+"], ["GPL-3.0+"]],
    ["GPL-2.0-only", ["GPL-3.0-only"], []],
    ["GPL-2.0-only", ["GPL-2.0-only WITH Classpath-exception-2.0"], []],
    ["DocumentRef-x:LicenseRef-own", ["LicenseRef-Own"], ["LicenseRef-Own"]],
    ["anything at all", [], []],
    ["anything at all", ["MIT"], undefined],
    ["", ["MIT"], undefined],
  ] as const) {
    it(`${license || "none"} under ${denied.join() || "nothing"}: ${expected?.join() ?? "not known"}`, function () {
      expect(findDenied(license, denied)).to.deep.equal(expected);
    });
  }
});

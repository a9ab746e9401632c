import { expect } from "chai";
import * as fc from "fast-check";
import { compareNames } from "../../../src/model/resource.ts";
import { type FileComparison, compareResources } from "../../../src/verify/compare-resources.ts";
import { arbitraryResources, resourceOf } from "../../helpers/resources.ts";

const statuses = (rows: readonly FileComparison[]) => rows.map(({ name, status }) => `${name} ${status}`);
const a = resourceOf("a", "1");
const b = resourceOf("b", "2");

describe("compareResources", function () {
  it("tells equal, changed, missing and extra files, in name order", function () {
    const expected = [resourceOf("d", "4"), resourceOf("c", "3"), b, a];
    const actual = [a, resourceOf("b", "changed"), resourceOf("e", "5"), resourceOf("d", "4")];
    expect(statuses(compareResources(expected, actual))).to.deep.equal([
      "a ok",
      "b mismatch",
      "c missing",
      "d ok",
      "e extra",
    ]);
  });

  it("gives each row what was recorded and what is there", function () {
    const [row] = compareResources([a], [resourceOf("a", "x")]);
    expect(row).to.deep.equal({ name: "a", status: "mismatch", expected: a, actual: resourceOf("a", "x") });
    expect(compareResources([a], [])).to.deep.equal([{ name: "a", status: "missing", expected: a }]);
    expect(compareResources([], [a])).to.deep.equal([{ name: "a", status: "extra", actual: a }]);
  });

  it("pairs a missing and an extra file of the same content as one renamed file", function () {
    const moved = { ...a, name: "sub/a" };
    expect(compareResources([a, b], [b, moved])).to.deep.equal([
      { name: "a", status: "renamed", expected: a, actual: moved },
      { name: "b", status: "ok", expected: b, actual: b },
    ]);
  });

  it("uses each extra file for one renamed file only", function () {
    const expected = [a, { ...a, name: "b" }, { ...a, name: "c" }];
    const actual = [
      { ...a, name: "x" },
      { ...a, name: "y" },
    ];
    expect(statuses(compareResources(expected, actual))).to.deep.equal(["a renamed", "b renamed", "c missing"]);
  });

  it("calls two files that changed places mismatches, not renamed", function () {
    expect(
      statuses(
        compareResources(
          [a, b],
          [
            { ...a, name: "b" },
            { ...b, name: "a" },
          ],
        ),
      ),
    ).to.deep.equal(["a mismatch", "b mismatch"]);
  });

  it("classifies every file exactly once", function () {
    fc.assert(
      fc.property(
        arbitraryResources(),
        arbitraryResources(),
        fc.array(fc.boolean(), { maxLength: 8 }),
        (expected, others, keep) => {
          const kept = expected.filter((_, i) => keep[i]);
          const names = new Set(kept.map(({ name }) => name));
          const actual = [...kept, ...others.filter(({ name }) => !names.has(name))];
          const rows = compareResources(expected, actual);

          expect(sortedNames(rows.flatMap((row) => row.expected ?? []))).to.deep.equal(sortedNames(expected));
          expect(sortedNames(rows.flatMap((row) => row.actual ?? []))).to.deep.equal(sortedNames(actual));
          expect(rows.map(({ name }) => name)).to.deep.equal(rows.map(({ name }) => name).toSorted(compareNames));
          for (const row of rows) expect(row.status).to.equal(statusOf(row));
        },
      ),
    );
  });

  it("finds nothing but equal files exactly where the lists are equal", function () {
    fc.assert(
      fc.property(arbitraryResources(), arbitraryResources(), (expected, actual) => {
        const equal = compareResources(expected, actual).every(({ status }) => status === "ok");
        expect(equal).to.equal(JSON.stringify(sorted(expected)) === JSON.stringify(sorted(actual)));
        expect(compareResources(expected, expected.toReversed()).every(({ status }) => status === "ok")).to.equal(true);
      }),
    );
  });
});

/** The status that follows from a row alone. */
function statusOf({ expected, actual }: FileComparison): string {
  if (expected === undefined) return "extra";
  if (actual === undefined) return "missing";
  if (expected.name !== actual.name) return expected.sha256 === actual.sha256 ? "renamed" : "wrong pair";
  return expected.sha256 === actual.sha256 ? "ok" : "mismatch";
}

function sorted<T extends { name: string }>(resources: readonly T[]): T[] {
  return resources.toSorted((left, right) => compareNames(left.name, right.name));
}

function sortedNames(resources: readonly { name: string }[]): string[] {
  return sorted(resources).map(({ name }) => name);
}

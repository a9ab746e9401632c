import { expect } from "chai";
import * as fc from "fast-check";
import { isSpdxExpression, normalizeLicense } from "../../../src/metadata/license.ts";
import { readVectors } from "../../helpers/vectors.ts";

describe("normalizeLicense", function () {
  for (const { description, text, license } of readVectors<{ text: string; license: string }>("valid", "license")) {
    it(`makes ${license} of ${description}`, function () {
      expect(normalizeLicense(text)).to.equal(license);
    });
  }

  it("makes nothing of nothing", function () {
    expect(normalizeLicense("")).to.equal(undefined);
    expect(normalizeLicense(" \n\t")).to.equal(undefined);
  });

  it("makes a valid expression of any text, and leaves it as it is the second time", function () {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const license = normalizeLicense(text);
        if (license === undefined) return;
        expect(isSpdxExpression(license), license).to.equal(true);
        expect(normalizeLicense(license)).to.equal(license);
      }),
      { numRuns: 500 },
    );
  });
});

import { expect } from "chai";
import { assertDistinctNames, assertResourceName } from "../../../src/model/resource-name.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { readVectors } from "../../helpers/vectors.ts";

describe("resource-name", function () {
  describe("assertResourceName", function () {
    for (const { description, name } of readVectors<{ name: string }>("valid", "resource-name")) {
      it(`takes a name: ${description}`, function () {
        assertResourceName(name);
      });
    }

    for (const { description, name } of readVectors<{ name: string }>("invalid", "resource-name")) {
      it(`refuses a name: ${description}`, async function () {
        expect(await errorCode(() => assertResourceName(name))).to.equal("RESOURCE_NAME_INVALID");
      });
    }
  });

  describe("assertDistinctNames", function () {
    it("takes names that differ in case or in more than their normal form", function () {
      assertDistinctNames(["a", "A", "é", "e", "ﬁ", "fi"]);
    });

    for (const { description, names } of readVectors<{ names: string[] }>("invalid", "resource-names")) {
      it(`refuses a list: ${description}`, async function () {
        for (const name of names) assertResourceName(name);
        expect(await errorCode(() => assertDistinctNames(names))).to.equal("RESOURCE_NAME_INVALID");
      });
    }
  });
});

import { expect } from "chai";
import { isWeightFile } from "../../../src/model/weights.ts";
import { readVectors } from "../../helpers/vectors.ts";

describe("isWeightFile", function () {
  for (const { description, name, weights } of readVectors<{ name: string; weights: boolean }>(
    "valid",
    "weight-files",
  )) {
    it(`tells ${description}`, function () {
      expect(isWeightFile(name)).to.equal(weights);
    });
  }
});

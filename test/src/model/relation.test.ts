import { expect } from "chai";
import { RELATIONS, parseRelation } from "../../../src/model/relation.ts";
import { readVectors } from "../../helpers/vectors.ts";

describe("parseRelation", function () {
  for (const { description, text, relation } of readVectors<{ text: string; relation: string }>("valid", "relation")) {
    it(`reads ${description} as ${relation}`, function () {
      expect(parseRelation(text)).to.equal(relation);
    });
  }

  for (const { description, text } of readVectors<{ text: string }>("invalid", "relation")) {
    it(`takes ${description} for none`, function () {
      expect(parseRelation(text)).to.equal(undefined);
    });
  }

  it("knows the relations of the contract, in its order", function () {
    const ofContract = ["Base", "Version", "FineTune", "Adapter", "Quantized", "Merge", "Distilled", "Converted"];
    expect(ofContract.map(parseRelation)).to.deep.equal([...RELATIONS]);
  });
});

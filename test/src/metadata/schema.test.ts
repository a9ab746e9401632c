import { expect } from "chai";
import { manifestFileSchema, metadataSchema } from "../../../src/metadata/schema.ts";
import { type PatchOperation, type Vector, applyPatch, readVectorFile } from "../../helpers/vectors.ts";

interface MetadataVectors {
  readonly base: Record<string, unknown>;
  readonly vectors: Vector<{ patch: PatchOperation[] }>[];
}

const valid = readVectorFile("valid", "metadata") as MetadataVectors;
const invalid = readVectorFile("invalid", "metadata") as MetadataVectors;

describe("metadataSchema", function () {
  for (const { description, patch } of valid.vectors) {
    it(`takes, and changes nothing of: ${description}`, function () {
      const document = applyPatch(valid.base, patch);
      expect(metadataSchema.parse(document)).to.deep.equal(document);
    });
  }

  it("takes the document that the invalid vectors start from", function () {
    expect(metadataSchema.safeParse(invalid.base).success).to.equal(true);
  });

  for (const { description, patch } of invalid.vectors) {
    it(`refuses: ${description}`, function () {
      expect(metadataSchema.safeParse(applyPatch(invalid.base, patch)).success).to.equal(false);
    });
  }
});

describe("manifestFileSchema", function () {
  const resource = { name: "a", size: 1, sha256: "ab".repeat(32) };

  it("takes a list of resources and nothing else", function () {
    expect(manifestFileSchema.safeParse({ resources: [resource] }).success).to.equal(true);
    for (const other of [
      {},
      { resources: [] },
      { resources: [{ ...resource, size: "1" }] },
      { resources: [resource], more: 1 },
      [resource],
    ]) {
      expect(manifestFileSchema.safeParse(other).success).to.equal(false);
    }
  });
});

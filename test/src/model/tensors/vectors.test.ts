import { expect } from "chai";
import { describeFormats } from "../../../../src/model/formats/describe-formats.ts";
import type { Hex } from "../../../../src/base/hex.ts";
import { digestTensors } from "../../../../src/model/tensors/digest-tensors.ts";
import { proveTensor, verifyTensorProof } from "../../../../src/model/tensors/tensor-tree.ts";
import { type ModelFiles, readModelVectors, toSources } from "../../../helpers/model-vectors.ts";

interface Expected {
  readonly root: Hex;
  readonly count: number;
  readonly digests: Record<string, Hex>;
  readonly proof: { readonly name: string; readonly siblings: Hex[] };
}

async function digest(files: ModelFiles) {
  const sources = toSources(files);
  return digestTensors(sources, await describeFormats(sources));
}

describe("digestTensors", function () {
  for (const { name, description, files, expected } of readModelVectors<{ expected: Expected }>("valid", "tensors")) {
    it(`gives the digests, root and proof of ${name}: ${description}`, async function () {
      const { root, tensors = [] } = (await digest(files)) ?? {};
      expect(root).to.equal(expected.root);
      expect(tensors).to.have.length(expected.count);
      expect(Object.fromEntries(tensors.map((tensor) => [tensor.name, tensor.digest]))).to.deep.equal(expected.digests);
      const { name: proven, siblings } = expected.proof;
      expect(proveTensor(tensors, proven)).to.deep.equal(siblings);
      const leaf = { name: proven, digest: expected.digests[proven] as Hex };
      expect(verifyTensorProof(expected.root, leaf, siblings)).to.equal(true);
      expect(verifyTensorProof(expected.root, { ...leaf, name: `${proven}x` }, siblings)).to.equal(false);
    });
  }

  for (const { name, description, files } of readModelVectors("invalid", "tensors")) {
    it(`gives nothing for ${name}: ${description}`, async function () {
      expect(await digest(files)).to.equal(undefined);
    });
  }
});

import { expect } from "chai";
import {
  type BatchFile,
  type BatchProof,
  formatBatchFile,
  formatBatchProof,
  parseBatchFile,
  parseBatchProof,
} from "../../../../src/registry/batches/batch-files.ts";
import { createBatchTree, verifyBatchProof } from "../../../../src/registry/batches/batch-tree.ts";
import { hashSubmission } from "../../../../src/registry/submission.ts";
import type { Hex } from "../../../../src/base/hex.ts";
import { canonicalJson } from "../../../../src/metadata/canonical-json.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { type PatchOperation, applyPatch, readVectorFile, readVectors } from "../../../helpers/vectors.ts";

const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value));

interface BatchVector {
  batch: object;
  proofs: object[];
  submissionHashes: string[];
}

describe("vectors of batches", function () {
  for (const { description, batch, proofs, submissionHashes } of readVectors<BatchVector>("valid", "batch")) {
    it(`accepts ${description}`, function () {
      const { root, count } = parseBatchFile(bytesOf(batch));
      const parsed = proofs.map((proof) => parseBatchProof(bytesOf(proof)));
      const tree = createBatchTree(parsed.map(({ submission }) => submission));
      expect(count).to.equal(parsed.length);
      expect(tree.root).to.equal(root);
      for (const [i, { submission, proof }] of parsed.entries()) {
        expect(hashSubmission(submission)).to.equal(submissionHashes[i]);
        expect(tree.getProof(submission.modelDigest)).to.deep.equal(proof);
        expect(verifyBatchProof(root, submission, proof)).to.equal(true);
        expect(formatBatchProof(parsed[i] as BatchProof)).to.deep.equal(canonicalJson(proofs[i]));
      }
      expect(formatBatchFile(parseBatchFile(bytesOf(batch)))).to.deep.equal(canonicalJson(batch));
    });
  }

  const { base } = readVectorFile("invalid", "batch-proof") as { base: object };
  const invalid = readVectors<{ fault: "form" | "forged"; patch: PatchOperation[] }>("invalid", "batch-proof");
  for (const { description, fault, patch } of invalid) {
    it(`refuses ${description}`, async function () {
      const bytes = bytesOf(applyPatch(base, patch));
      expect(await errorCode(() => parseBatchProof(bytes))).to.equal(fault === "form" ? "PROOF_INVALID" : "no error");
      if (fault === "form") return;
      const { root, submission, proof } = parseBatchProof(bytes);
      expect(verifyBatchProof(root, submission, proof)).to.equal(false);
    });
  }

  it("refuses what is no JSON, too long, or no description of a batch", async function () {
    for (const bytes of [Buffer.alloc(0), Buffer.from("{"), Buffer.alloc(70_000, " "), Buffer.from([0xff])]) {
      expect(await errorCode(() => parseBatchProof(bytes))).to.equal("PROOF_INVALID");
      expect(await errorCode(() => parseBatchFile(bytes))).to.equal("PROOF_INVALID");
    }
    const batch = readVectors<{ batch: BatchFile }>("valid", "batch")[0]?.batch;
    for (const change of [{ count: 0 }, { count: 1.5 }, { root: "0x1" as Hex }, { registry: "x" }, { more: 1 }]) {
      expect(await errorCode(() => parseBatchFile(bytesOf({ ...batch, ...change })))).to.equal("PROOF_INVALID");
    }
  });
});

import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import * as fc from "fast-check";
import { createBatchTree, verifyBatchProof } from "../../../../src/registry/batches/batch-tree.ts";
import { type ModelSubmission, hashSubmission } from "../../../../src/registry/submission.ts";
import type { Hex } from "../../../../src/base/hex.ts";
import { deployModelProvenance, networkHelpers } from "../../../helpers/deploy-model-provenance.ts";
import { arbitraryBatch, arbitrarySubmission } from "../../../helpers/model-submissions.ts";
import { hashSubmission as hashByHand } from "../../../helpers/submissions.ts";

describe("createBatchTree", function () {
  it("is the tree of OpenZeppelin's StandardMerkleTree, proofs included", function () {
    fc.assert(
      fc.property(arbitraryBatch, (submissions) => {
        const ours = createBatchTree(submissions);
        const leaves = submissions.map((submission) => [submission.modelDigest, hashByHand(submission)]);
        const theirs = StandardMerkleTree.of(leaves, ["bytes32", "bytes32"]);
        expect(ours.root).to.equal(theirs.root);
        submissions.forEach((submission, i) => {
          const proof = ours.getProof(submission.modelDigest) as Hex[];
          expect(proof).to.deep.equal(theirs.getProof(i));
          expect(verifyBatchProof(ours.root, submission, proof)).to.equal(true);
        });
      }),
      { numRuns: 50 },
    );
  });

  it("proves no submission that differs in a field, and none by another proof", function () {
    const field = fc.constantFrom<keyof ModelSubmission>(
      "modelDigest",
      "manifestRoot",
      "relation",
      "parents",
      "framework",
      "version",
      "royaltyReceiver",
      "royaltyBasisPoints",
    );
    fc.assert(
      fc.property(arbitraryBatch, arbitrarySubmission, field, (submissions, other, name) => {
        const tree = createBatchTree(submissions);
        const submission = submissions[0] as ModelSubmission;
        const proof = tree.getProof(submission.modelDigest) as Hex[];
        const changed = { ...submission, [name]: other[name] };
        const isSame = hashSubmission(changed) === hashSubmission(submission);
        expect(verifyBatchProof(tree.root, changed, proof)).to.equal(isSame);
        expect(verifyBatchProof(tree.root, submission, [...proof, tree.root])).to.equal(false);
        expect(verifyBatchProof(tree.root, submission, ["0x00"])).to.equal(false);
      }),
      { numRuns: 50 },
    );
  });

  it("is what the contract proves by", async function () {
    const { registry, asMinter, minter } = await networkHelpers.loadFixture(deployModelProvenance);
    const batches = fc.sample(arbitraryBatch, { numRuns: 5, seed: 7 });
    for (const submissions of batches) {
      const tree = createBatchTree(submissions);
      await asMinter.anchorBatch(tree.root, tree.root, submissions.length);
      for (const submission of submissions) {
        const proof = tree.getProof(submission.modelDigest) as Hex[];
        const args = [tree.root, minter, submission.modelDigest, hashSubmission(submission), proof] as const;
        expect(await registry.isAnchored(...args)).to.equal(true);
      }
    }
  });
});

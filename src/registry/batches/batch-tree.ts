import { fromHex } from "../../base/bytes.ts";
import { type Hex, toHex32 } from "../../base/hex.ts";
import { MerkleTree, hashLeaf, verifyMerkleProof } from "../../base/merkle-tree.ts";
import { type ModelSubmission, hashSubmission } from "../submission.ts";

/**
 * Builds the Merkle tree of a batch: OpenZeppelin's `StandardMerkleTree` for leaves `["bytes32","bytes32"]`, each the model
 * digest and the hash of the submission. A leaf is found by its token id, 0x-hex of 32 bytes.
 *
 * @param submissions - at least one, of distinct models
 */
export function createBatchTree(submissions: readonly ModelSubmission[]): MerkleTree {
  return new MerkleTree(
    submissions.map(({ modelDigest }) => toHex32(BigInt(modelDigest))),
    (index) => {
      const submission = submissions[index] as ModelSubmission;
      return hashBatchLeaf(submission.modelDigest, hashSubmission(submission));
    },
  );
}

/** Tells whether a proof leads from a submission to the root of a batch. */
export function verifyBatchProof(root: Hex, submission: ModelSubmission, proof: readonly Hex[]): boolean {
  return verifyMerkleProof(root, hashBatchLeaf(submission.modelDigest, hashSubmission(submission)), proof);
}

function hashBatchLeaf(modelDigest: string, submissionHash: string): Uint8Array {
  return hashLeaf(fromHex(modelDigest + submissionHash.slice(2)));
}

import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { ethers } from "ethers";
import type { IModelProvenanceNFT } from "../../typechain-types/contracts/registry/IModelProvenanceNFT.ts";

/** What every way of minting takes, as typechain names it. */
export type Submission = IModelProvenanceNFT.ModelSubmissionStruct;

/** The relations, in the order of the contract's enum. */
export const Relation = {
  Base: 0n,
  Version: 1n,
  FineTune: 2n,
  Adapter: 3n,
  Quantized: 4n,
  Merge: 5n,
  Distilled: 6n,
  Converted: 7n,
} as const;

/** The statuses, in the order of the contract's enum. */
export const Status = { Active: 0n, Deprecated: 1n, Revoked: 2n } as const;

/** 32 bytes that depend on the seed and on nothing else. */
export function digestOf(seed: string): string {
  return ethers.sha256(ethers.toUtf8Bytes(seed));
}

/** A submission with framework and licence, without data set, metrics, parents or a royalty of its own. */
export function leanSubmission(seed: string, overrides: Partial<Submission> = {}): Submission {
  return {
    modelDigest: digestOf(`${seed} model`),
    manifestRoot: digestOf(`${seed} manifest`),
    weightsDigest: digestOf(`${seed} weights`),
    datasetDigest: ethers.ZeroHash,
    metadataDigest: digestOf(`${seed} metadata`),
    relation: Relation.Base,
    parents: [],
    baseModelDigest: ethers.ZeroHash,
    framework: "PyTorch 2.9.0",
    license: "Apache-2.0",
    performanceMetrics: "",
    version: "",
    royaltyReceiver: ethers.ZeroAddress,
    royaltyBasisPoints: 0n,
    ...overrides,
  };
}

/** A lean submission with data set and metrics. */
export function fullSubmission(seed: string, overrides: Partial<Submission> = {}): Submission {
  return leanSubmission(seed, {
    datasetDigest: digestOf(`${seed} dataset`),
    performanceMetrics: "accuracy=0.9312",
    ...overrides,
  });
}

/** The token id of a submission: its model digest as a number. */
export function tokenIdOf(submission: Submission): bigint {
  return BigInt(ethers.hexlify(submission.modelDigest));
}

const SUBMISSION_TYPE =
  "tuple(bytes32 modelDigest, bytes32 manifestRoot, bytes32 weightsDigest, bytes32 datasetDigest, bytes32 metadataDigest, " +
  "uint8 relation, uint256[] parents, bytes32 baseModelDigest, string framework, string license, " +
  "string performanceMetrics, string version, address royaltyReceiver, uint96 royaltyBasisPoints)";

/** keccak256(abi.encode(submission)): the second half of a leaf. */
export function hashSubmission(submission: Submission): string {
  return ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode([SUBMISSION_TYPE], [submission]));
}

/** The tree of a batch; the leaves keep the order of the submissions. */
export function anchorTree(submissions: readonly Submission[]): StandardMerkleTree<string[]> {
  const leaves = submissions.map((submission) => [ethers.hexlify(submission.modelDigest), hashSubmission(submission)]);
  return StandardMerkleTree.of(leaves, ["bytes32", "bytes32"]);
}

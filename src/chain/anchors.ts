import { AbiCoder, type ParamType, keccak256 } from "ethers";
import { ModelProvenanceNFT__factory } from "../../typechain-types/factories/ModelProvenanceNFT__factory.ts";
import type { Hex } from "../hex.ts";
import { hashLeaf, verifyMerkleProof } from "../merkle-tree.ts";
import { mapAtOnce } from "../concurrency.ts";
import { collectRanges } from "./block-ranges.ts";
import { toChainError } from "./chain-error.ts";
import type { ModelSubmission } from "./mint.ts";
import { STATUSES, type Status } from "./model-record.ts";
import { type ReadEventsOptions, readEvents } from "./read-events.ts";
import type { Registry } from "./registry.ts";

/** A batch of models that were recorded under one Merkle root. */
export interface AnchoredBatch {
  readonly root: Hex;
  readonly creator: string;
  /** The digest inside the CID of the folder with the batch's submissions and proofs. */
  readonly contentDigest: Hex;
  /** How many models its creator says it holds. */
  readonly count: bigint;
  /** Unix time in seconds. */
  readonly anchoredAt: number;
  readonly status: Status;
  readonly blockNumber: number;
  readonly transactionHash: string;
}

const CALLS_AT_ONCE = 8;

const submissionType = ModelProvenanceNFT__factory.createInterface().getFunction("mintProvenanceNFT")
  .inputs[1] as ParamType;

/**
 * Reads the batches of a registry, oldest first, with their times and what is said of them now.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function readAnchoredBatches(
  registry: Registry,
  options: ReadEventsOptions = {},
): Promise<AnchoredBatch[]> {
  const { contract } = registry;
  const events = await collectRanges(readEvents(registry, contract.filters.BatchAnchored(), options));
  return mapAtOnce(events, CALLS_AT_ONCE, async ({ args, blockNumber, transactionHash }) => {
    const { root, creator, contentDigest, count } = args;
    const { anchoredAt, status } = await contract.getAnchor(root, creator).catch((error: unknown) => {
      throw toChainError(error, contract.interface);
    });
    return {
      root: root as Hex,
      creator,
      contentDigest: contentDigest as Hex,
      count,
      anchoredAt: Number(anchoredAt),
      status: STATUSES[Number(status)] as Status,
      blockNumber,
      transactionHash,
    };
  });
}

/** `keccak256(abi.encode(submission))`: with the model digest, the leaf of a batch. */
export function hashSubmission(submission: ModelSubmission): Hex {
  return keccak256(AbiCoder.defaultAbiCoder().encode([submissionType], [submission])) as Hex;
}

/** Tells whether a proof leads from a submission to the root of a batch. */
export function isInBatch(root: Hex, submission: ModelSubmission, proof: readonly Hex[]): boolean {
  const words = [submission.modelDigest as Hex, hashSubmission(submission)];
  const leaf = Buffer.concat(words.map((word) => Buffer.from(word.slice(2), "hex")));
  return verifyMerkleProof(root, hashLeaf(leaf), proof);
}

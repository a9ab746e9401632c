import type { Hex } from "../../base/hex.ts";
import { toChainError } from "../chain-error.ts";
import { STATUSES, type Status } from "../model-record.ts";
import type { Registry } from "../registry.ts";
import { type StatusStatement, toStatement } from "../statuses.ts";
import { type ModelSubmission, hashSubmission } from "../submission.ts";

/** What the chain keeps of an anchored batch. */
export interface Anchor {
  readonly root: Hex;
  readonly creator: string;
  /** Unix time in seconds. */
  readonly anchoredAt: number;
  /** Number of models, as its creator stated it. */
  readonly count: bigint;
  readonly status: Status;
  /** What was said of it last; undefined: nothing yet. */
  readonly statement: StatusStatement | undefined;
}

/**
 * Reads an anchored batch.
 *
 * @returns undefined when this creator anchored no such root
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function readAnchor({ contract }: Registry, root: Hex, creator: string): Promise<Anchor | undefined> {
  try {
    const anchor = await contract.getAnchor(root, creator);
    const { anchoredAt, count } = anchor;
    if (anchoredAt === 0n) return undefined;
    const status = STATUSES[Number(anchor.status)] as Status;
    return { root, creator, anchoredAt: Number(anchoredAt), count, status, statement: toStatement(anchor) };
  } catch (error) {
    throw toChainError(error, contract.interface);
  }
}

/**
 * Tells whether a creator's batch holds a model with exactly this submission, whatever the status of the batch.
 *
 * @param proof - the siblings on the way from the model's leaf to the root
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function isAnchored(
  { contract }: Registry,
  root: Hex,
  creator: string,
  submission: ModelSubmission,
  proof: readonly Hex[],
): Promise<boolean> {
  const hash = hashSubmission(submission);
  return contract.isAnchored(root, creator, submission.modelDigest, hash, [...proof]).catch((error: unknown) => {
    throw toChainError(error, contract.interface);
  });
}

/**
 * Finds the digest of the directory of a batch, which was emitted and is not stored.
 *
 * @returns undefined where the node has no such event
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function findContentDigest({ contract }: Registry, root: Hex, creator: string): Promise<Hex | undefined> {
  try {
    const [event] = await contract.queryFilter(contract.filters.BatchAnchored(root, creator));
    return event?.args.contentDigest as Hex | undefined;
  } catch (error) {
    throw toChainError(error, contract.interface);
  }
}

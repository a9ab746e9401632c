import type { Hex } from "../../base/hex.ts";
import { toChainError } from "../chain-error.ts";
import { STATUSES, type Status } from "../model-record.ts";
import type { Registry } from "../registry.ts";
import { type ModelSubmission, hashSubmission } from "../submission.ts";
import { type MinedTransaction } from "../../publish/sending/sent-transaction.ts";
import { type TransactionContext, changeRegistry } from "../../publish/sending/transaction.ts";

/** What the chain keeps of an anchored batch. */
export interface Anchor {
  readonly root: Hex;
  readonly creator: string;
  /** Unix time in seconds. */
  readonly anchoredAt: number;
  /** Number of models, as its creator stated it. */
  readonly count: bigint;
  readonly status: Status;
  /** Whether only a curator may set the status back to active. */
  readonly heldByCurator: boolean;
}

/** What is recorded of a batch. */
export interface AnchorRequest {
  readonly root: Hex;
  /** The digest inside the CID of the batch's directory. */
  readonly contentDigest: Hex;
  readonly count: number;
}

/**
 * Reads an anchored batch.
 *
 * @returns undefined when this creator anchored no such root
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function readAnchor({ contract }: Registry, root: Hex, creator: string): Promise<Anchor | undefined> {
  try {
    const { anchoredAt, count, status, heldByCurator } = await contract.getAnchor(root, creator);
    if (anchoredAt === 0n) return undefined;
    const word = STATUSES[Number(status)] as Status;
    return { root, creator, anchoredAt: Number(anchoredAt), count, status: word, heldByCurator };
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

/**
 * Anchors a batch: its models are provably recorded from this block on.
 *
 * @throws {ProvenanceError} `TRANSACTION_REFUSED` (also: this account anchored the root before), `CHAIN_UNREACHABLE`
 */
export async function sendAnchor(
  registry: Registry,
  { root, contentDigest, count }: AnchorRequest,
  context: TransactionContext,
): Promise<MinedTransaction> {
  const data = registry.contract.interface.encodeFunctionData("anchorBatch", [root, contentDigest, count]);
  return changeRegistry(registry, data, context);
}

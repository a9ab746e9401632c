import type { Hex } from "../base/hex.ts";
import { STATUSES, type Status } from "./model-record.ts";
import type { Registry } from "./registry.ts";
import { type MinedTransaction } from "../publish/sending/sent-transaction.ts";
import { type TransactionContext, changeRegistry } from "../publish/sending/transaction.ts";

/** A status to be set, and why. */
export interface StatusChange {
  readonly status: Status;
  /** Emitted for everybody to read; not stored. */
  readonly reason: string;
}

/**
 * Sets the status of a model. Owner, creator and curators move between active and deprecated, but what a curator
 * deprecated only a curator lifts; creator and curators revoke, for ever.
 *
 * @throws {ProvenanceError} `TOKEN_UNKNOWN`, `TRANSACTION_REFUSED` with the rule that forbids it, `CHAIN_UNREACHABLE`
 */
export async function setStatus(
  registry: Registry,
  tokenId: bigint,
  { status, reason }: StatusChange,
  context: TransactionContext,
): Promise<MinedTransaction> {
  const data = registry.contract.interface.encodeFunctionData("setStatus", [tokenId, STATUSES.indexOf(status), reason]);
  return changeRegistry(registry, data, context);
}

/**
 * Sets the status of a whole anchored batch, by the same rules. Tokens that were minted from it keep theirs.
 *
 * @param batch - root and creator
 * @throws {ProvenanceError} `TRANSACTION_REFUSED` with the rule that forbids it, `CHAIN_UNREACHABLE`
 */
export async function setAnchorStatus(
  registry: Registry,
  { root, creator }: { readonly root: Hex; readonly creator: string },
  { status, reason }: StatusChange,
  context: TransactionContext,
): Promise<MinedTransaction> {
  const args = [root, creator, STATUSES.indexOf(status), reason] as const;
  const data = registry.contract.interface.encodeFunctionData("setAnchorStatus", [...args]);
  return changeRegistry(registry, data, context);
}

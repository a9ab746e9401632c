import type { Hex } from "../base/hex.ts";
import { type ChildModel, placeOfChild } from "../registry/endorsements.ts";
import { STATUSES } from "../registry/model-record.ts";
import type { Registry } from "../registry/registry.ts";
import type { StatusChange } from "../registry/statuses.ts";
import type { MinedTransaction } from "./sending/sent-transaction.ts";
import { type TransactionContext, changeRegistry } from "./transact.ts";

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

/**
 * Confirms that a child comes from this parent. For the parent's owner.
 *
 * @throws {ProvenanceError} `TOKEN_UNKNOWN`, `TRANSACTION_REFUSED` (also: a child of this registry that does not name the parent),
 *   `CHAIN_UNREACHABLE`
 */
export async function endorse(
  registry: Registry,
  parentId: bigint,
  child: ChildModel,
  context: TransactionContext,
): Promise<MinedTransaction> {
  const args: [bigint, bigint, string, bigint] = [parentId, ...placeOfChild(registry, child)];
  return changeRegistry(registry, registry.contract.interface.encodeFunctionData("endorse", args), context);
}

/**
 * Takes an endorsement back, whoever gave it. For the parent's owner.
 *
 * @throws {ProvenanceError} `TOKEN_UNKNOWN`, `TRANSACTION_REFUSED` (also: there is none), `CHAIN_UNREACHABLE`
 */
export async function withdrawEndorsement(
  registry: Registry,
  parentId: bigint,
  child: ChildModel,
  context: TransactionContext,
): Promise<MinedTransaction> {
  const args: [bigint, bigint, string, bigint] = [parentId, ...placeOfChild(registry, child)];
  return changeRegistry(registry, registry.contract.interface.encodeFunctionData("withdrawEndorsement", args), context);
}

/**
 * Allows an account to use a model until a time. For the token's owner; a transfer ends all grants of the one before.
 *
 * @param expires - Unix time in seconds, in the future
 * @throws {ProvenanceError} `TOKEN_UNKNOWN`, `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`
 */
export async function grantUse(
  registry: Registry,
  tokenId: bigint,
  account: string,
  expires: bigint,
  context: TransactionContext,
): Promise<MinedTransaction> {
  const data = registry.contract.interface.encodeFunctionData("grantUse", [tokenId, account, expires]);
  return changeRegistry(registry, data, context);
}

/**
 * Takes back what the owner allowed; does nothing where there is no grant.
 *
 * @throws {ProvenanceError} `TOKEN_UNKNOWN`, `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`
 */
export async function revokeUse(
  registry: Registry,
  tokenId: bigint,
  account: string,
  context: TransactionContext,
): Promise<MinedTransaction> {
  const data = registry.contract.interface.encodeFunctionData("revokeUse", [tokenId, account]);
  return changeRegistry(registry, data, context);
}

/**
 * Changes the receiver of a token's royalty, or lowers its rate; it never rises. For the model's creator.
 *
 * @param basisPoints - at most the rate that applies now
 * @throws {ProvenanceError} `TOKEN_UNKNOWN`, `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`
 */
export async function setTokenRoyalty(
  registry: Registry,
  tokenId: bigint,
  { receiver, basisPoints }: { readonly receiver: string; readonly basisPoints: number },
  context: TransactionContext,
): Promise<MinedTransaction> {
  const data = registry.contract.interface.encodeFunctionData("setTokenRoyalty", [tokenId, receiver, basisPoints]);
  return changeRegistry(registry, data, context);
}

/**
 * Sets the royalty of tokens without one of their own. For the admin.
 *
 * @param royalty - at most 1 000 basis points; a zero receiver with zero basis points: none
 * @throws {ProvenanceError} `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`
 */
export async function setDefaultRoyalty(
  registry: Registry,
  { receiver, basisPoints }: { readonly receiver: string; readonly basisPoints: number },
  context: TransactionContext,
): Promise<MinedTransaction> {
  const data = registry.contract.interface.encodeFunctionData("setDefaultRoyalty", [receiver, basisPoints]);
  return changeRegistry(registry, data, context);
}

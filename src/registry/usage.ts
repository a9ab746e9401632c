import { toChainError } from "./chain-error.ts";
import type { Registry } from "./registry.ts";
import { type MinedTransaction } from "../publish/sending/sent-transaction.ts";
import { type TransactionContext, changeRegistry } from "../publish/sending/transaction.ts";

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
 * Tells whether an account may use a model: it owns the token, or holds a grant of its owner that has not expired.
 *
 * @throws {ProvenanceError} `TOKEN_UNKNOWN`, `CHAIN_UNREACHABLE`
 */
export async function hasAccess({ contract }: Registry, tokenId: bigint, account: string): Promise<boolean> {
  return contract.hasAccess(tokenId, account).catch((error: unknown) => {
    throw toChainError(error, contract.interface);
  });
}

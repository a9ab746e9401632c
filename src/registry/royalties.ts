import { toChainError } from "./chain-error.ts";
import type { Registry } from "./registry.ts";
import { type MinedTransaction } from "../publish/sending/sent-transaction.ts";
import { type TransactionContext, changeRegistry } from "../publish/sending/transaction.ts";

/** What a sale owes, and to whom. */
export interface RoyaltyDue {
  /** Zero where there is no royalty. */
  readonly receiver: string;
  /** In the unit of the price. */
  readonly amount: bigint;
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

/**
 * Reads what a sale at a price owes (ERC-2981), also for a token that is not minted: then the default.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function readRoyalty({ contract }: Registry, tokenId: bigint, salePrice: bigint): Promise<RoyaltyDue> {
  try {
    const [receiver, amount] = await contract.royaltyInfo(tokenId, salePrice);
    return { receiver, amount };
  } catch (error) {
    throw toChainError(error, contract.interface);
  }
}

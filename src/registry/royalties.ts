import { toChainError } from "./chain-error.ts";
import type { Registry } from "./registry.ts";

/** What a sale owes, and to whom. */
export interface RoyaltyDue {
  /** Zero where there is no royalty. */
  readonly receiver: string;
  /** In the unit of the price. */
  readonly amount: bigint;
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

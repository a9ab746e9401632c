import { toChainError } from "./chain-error.ts";
import type { Registry } from "./registry.ts";

/** Who gets how much of a sale, by ERC-2981. */
export interface Royalty {
  readonly receiver: string;
  /** In the unit of the price. */
  readonly amount: bigint;
}

/**
 * Asks for the royalty of a sale at a price; with a price of 10 000, the amount is in basis points.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function readRoyalty({ contract }: Registry, tokenId: bigint, salePrice: bigint): Promise<Royalty> {
  try {
    const [receiver, amount] = await contract.royaltyInfo(tokenId, salePrice);
    return { receiver, amount };
  } catch (error) {
    throw toChainError(error, contract.interface);
  }
}

import { toChainError } from "./chain-error.ts";
import type { Registry } from "./registry.ts";

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

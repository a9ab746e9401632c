import type { Attempt } from "../journal/journal-schema.ts";
import { toChainError } from "../../registry/chain-error.ts";
import { suggestFees } from "./fees.ts";
import type { Registry } from "../../registry/registry.ts";

/**
 * Tells whether a transaction that a node waits for offers less than blocks ask by now: it is not mined until it is
 * replaced, or they ask less again.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function isPricedOut(
  { registry }: { readonly registry: Registry },
  { maxFeePerGas }: Attempt,
): Promise<boolean> {
  const { baseFee } = await suggestFees(registry.provider).catch((error: unknown) => {
    throw toChainError(error, registry.contract.interface);
  });
  return BigInt(maxFeePerGas) < baseFee;
}

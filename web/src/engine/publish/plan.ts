import {
  type BuiltMetadata,
  type ModelRecord,
  type Registry,
  type TransactionCost,
  isContractAccount,
  readModelRecord,
  toCaip10,
} from "model-provenance-nft/core";
import { estimateMint } from "./mint-model.ts";

/** What recording a model would take, or who recorded it already. */
export type MintForecast =
  | { readonly kind: "cost"; readonly cost: TransactionCost; readonly isPayable: boolean; readonly isContract: boolean }
  | { readonly kind: "recorded"; readonly record: ModelRecord };

/**
 * Asks the chain what recording would take, or whether it was done. A signature changes none of it, so that it can be asked before
 * one is given.
 *
 * @throws {ProvenanceError} as `estimateMint`
 */
export async function forecastMint(
  registry: Registry,
  from: string,
  to: string | undefined,
  built: BuiltMetadata,
): Promise<MintForecast> {
  const record = await readModelRecord(registry, BigInt(built.metadata.provenance.modelDigest));
  if (record !== undefined) return { kind: "recorded", record };
  const cost = await estimateMint({ account: toCaip10(registry), from, to, built });
  // Whoever executes it for a contract account pays.
  const isContract = await isContractAccount(from, registry.provider);
  return { kind: "cost", cost, isContract, isPayable: isContract || cost.balance >= cost.worstCost };
}

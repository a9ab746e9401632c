import {
  type BuiltMetadata,
  type ModelRecord,
  type Registry,
  type TransactionCost,
  readModelRecord,
  toCaip10,
} from "model-provenance-nft/core";
import { estimateMint } from "./mint-model.ts";

/** What recording a model would take, or who recorded it already. */
export type MintForecast =
  | { readonly kind: "cost"; readonly cost: TransactionCost }
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
  return { kind: "cost", cost: await estimateMint({ account: toCaip10(registry), from, to, built }) };
}

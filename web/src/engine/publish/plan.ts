import {
  type BuiltMetadata,
  type ModelRecord,
  type Registry,
  type TransactionCost,
  assertMinter,
  assertParentsKnown,
  callOf,
  encodeMint,
  estimateTransaction,
  readModelRecord,
  toSubmission,
} from "model-provenance-nft/core";

/** What recording a model would take, or who recorded it already. */
export type MintForecast =
  | { readonly kind: "cost"; readonly cost: TransactionCost }
  | { readonly kind: "recorded"; readonly record: ModelRecord };

/**
 * Asks the chain what recording would take, by the rules of the command: the role, the parents, and what the contract itself
 * says of the call. A signature changes none of it, so that it can be asked before one is given.
 *
 * @throws {ProvenanceError} `NOT_MINTER`, `PARENT_UNKNOWN`, `TRANSACTION_REFUSED` in the contract's words, `CHAIN_UNREACHABLE`
 */
export async function forecastMint(
  registry: Registry,
  account: string,
  { metadata: { provenance }, metadataDigest }: Pick<BuiltMetadata, "metadata" | "metadataDigest">,
): Promise<MintForecast> {
  const record = await readModelRecord(registry, BigInt(provenance.modelDigest));
  if (record !== undefined) return { kind: "recorded", record };
  await assertMinter(registry, account);
  await assertParentsKnown(provenance, registry);
  const submission = toSubmission(provenance, metadataDigest, () => undefined);
  const call = callOf(registry, encodeMint(registry, account, submission));
  return { kind: "cost", cost: await estimateTransaction(registry.provider, account, call) };
}

import { type IndexedModel, addCandidates, createRegistryIndex, toHex32 } from "model-provenance-nft/core";
import { STRINGS } from "../strings.ts";
import { openOne } from "./sources.ts";

const FIELDS = [
  "creator",
  "mintedAt",
  "relation",
  "status",
  "datasetDigest",
  "metadataDigest",
  "framework",
  "license",
  "performanceMetrics",
] as const satisfies readonly (keyof IndexedModel)[];

/**
 * Compares models that an indexer listed with what the chain said of them at the block up to which the events are read, too.
 *
 * @param account - CAIP-10 account of their registry
 * @param nextBlock - the first block that is not read
 * @returns the first one that is another there, and in what; undefined where they are the same
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function checkListed(
  account: string,
  nextBlock: number,
  models: readonly IndexedModel[],
): Promise<{ readonly id: string; readonly what: string } | undefined> {
  const { registry } = await openOne(account);
  const index = createRegistryIndex(nextBlock);
  const ids = models.map(({ tokenId }) => tokenId);
  await addCandidates(registry, index, ids);
  for (const model of models) {
    const found = index.models.get(model.tokenId);
    const id = toHex32(model.tokenId);
    if (found === undefined) return { id, what: STRINGS.indexes.invented };
    const what = FIELDS.find((field) => model[field] !== found[field]);
    if (what !== undefined) return { id, what };
  }
  return undefined;
}

import {
  type BlockSource,
  type IndexedRegistry,
  type Lineage,
  ProvenanceError,
  type Registry,
  findLineage,
  openIndexer,
  readCandidateIndex,
  toCaip10,
} from "model-provenance-nft/core";
import type { ReadIndex } from "../state/indexes.ts";
import { settings } from "../state/settings.ts";
import { STRINGS } from "../strings.ts";
import { gatewaysFor } from "./sources.ts";
import { openSources } from "./open.ts";

const TEXT = STRINGS.lineage;
// Draws what the chain says at once; names and bases stand in files elsewhere, and follow.
const NO_FILES: BlockSource = {
  get: async () => Promise.reject(new ProvenanceError("STORE_BLOCK_MISSING", TEXT.namesFollow)),
};

/** A model whose lineage is wanted. */
export interface LineageQuestion {
  /** CAIP-10. */
  readonly account: string;
  readonly tokenId: bigint;
}

/**
 * Reads where a model comes from and what came from it: first as the chain says it, then with the names, bases and parents
 * elsewhere that metadata tell.
 *
 * @param indexes - what the events of the registries say
 * @param show - told once or twice
 * @throws {ProvenanceError} `TOKEN_UNKNOWN`, `CHAIN_UNREACHABLE`
 */
export async function readLineage(
  question: LineageQuestion,
  indexes: readonly ReadIndex[],
  show: (lineage: Lineage) => void,
): Promise<void> {
  const wanted = settings.value.registries;
  const { registries, store, unreachable } = await openSources(wanted, gatewaysFor(wanted));
  const missing = unreachable.map(({ setting, error }) => `${setting.name || setting.address}: ${error.message}`);
  const { indexed, gaps } = await collectIndexes(question, indexes, registries);
  const home = indexed.find(({ registry }) => isSame(toCaip10(registry), question.account));
  const find = async (from: BlockSource) => {
    const found = home && (await findLineage(home, question.tokenId, { registries: indexed, store: from }));
    return found && { ...found, gaps: [...found.gaps, ...gaps, ...missing] };
  };
  const bare = await find(NO_FILES);
  if (bare === undefined) throw new ProvenanceError("TOKEN_UNKNOWN", TEXT.unknown);
  show(bare);
  const named = await find(store);
  if (named !== undefined) show(named);
}

/** From the candidates of an indexer, read from the chain, where one is named and answers; else from all events. */
async function collectIndexes(
  { account, tokenId }: LineageQuestion,
  indexes: readonly ReadIndex[],
  registries: readonly Registry[],
): Promise<{ readonly indexed: IndexedRegistry[]; readonly gaps: readonly string[] }> {
  const { indexer } = settings.value;
  const home = registries.find((one) => isSame(toCaip10(one), account));
  if (indexer !== undefined && indexer !== "" && home !== undefined) {
    const found = await readCandidateIndex({ ...home, indexer: openIndexer(indexer) }, tokenId);
    if (found !== undefined) return { indexed: [{ registry: home, index: found.index }], gaps: found.gaps };
  }
  const indexed = registries.flatMap((registry) => {
    const read = indexes.find((one) => isSame(one.account, toCaip10(registry)));
    return read === undefined ? [] : [{ registry, index: read.index }];
  });
  const unfinished = indexes.filter(({ progress }) => progress.peek().state !== "done");
  return { indexed, gaps: unfinished.map(({ setting, account: name }) => TEXT.partly(setting.name || name)) };
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

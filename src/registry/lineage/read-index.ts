import { ProvenanceError } from "../../base/errors.ts";
import { extendRegistryIndex, readBlockHash, readHeadBlock } from "./extend-index.ts";
import { type RegistryIndex, createRegistryIndex } from "./registry-index.ts";
import type { Registry } from "../registry.ts";
import { type KeptIndexes, indexKey, readIndexFile, writeIndexFile } from "./index-file.ts";

/** Options of {@link readRegistryIndex}. */
export interface ReadIndexOptions {
  /** A file that keeps what was read; the next run, or one that was interrupted, goes on from there. */
  readonly path?: string;
  /** How many models it may hold, with those that the file keeps of other registries; {@link MOST_MODELS} unless given. */
  readonly most?: { readonly inMemory: number; readonly inFile: number };
}

/** In memory a model takes 2.4 KB, of the 4 GiB that Node takes unless told; in a file 0.9 KB, of the 512 MiB of a text. */
export const MOST_MODELS = { inMemory: 1_000_000, inFile: 500_000 };

// A block as old as this is not replaced any more on the chains that are in use; younger ones are read again.
const FINAL_DEPTH = 64;
// Writing takes longer than a request where much was found.
const RANGES_BETWEEN_WRITES = 50;

/**
 * Reads all that a registry's events say, up to the newest block.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`, `OPTION_INVALID` for a file that is no index, `REGISTRY_TOO_LARGE`
 */
export async function readRegistryIndex(
  registry: Registry,
  { path, most = MOST_MODELS }: ReadIndexOptions = {},
): Promise<RegistryIndex> {
  const head = await readHeadBlock(registry);
  const kept = path === undefined ? new Map<string, never>() : await readIndexFile(path);
  const index = await resume(registry, kept);
  const finalBlock = head - FINAL_DEPTH;
  let ranges = 0;
  const others = [...kept]
    .filter(([key]) => key !== indexKey(registry))
    .map(
      ([
        ,
        {
          index: { models },
        },
      ]) => models.size,
    );
  const before = others.reduce((sum, count) => sum + count, 0);
  const assertFits = () => {
    if (before + index.models.size > (path === undefined ? most.inMemory : most.inFile)) throw tooLarge(registry, path);
  };
  const keep = async () => {
    if (path !== undefined) await save(registry, index, kept, path);
  };
  await extendRegistryIndex(registry, index, finalBlock, async () => {
    assertFits();
    if (++ranges % RANGES_BETWEEN_WRITES === 0) await keep();
  });
  if (ranges > 0) await keep();
  await extendRegistryIndex(registry, index, head);
  assertFits();
  return index;
}

/** What was kept, if it is of this very chain: a development chain that was started again is another. */
async function resume(registry: Registry, kept: KeptIndexes): Promise<RegistryIndex> {
  const found = kept.get(indexKey(registry));
  const fresh = createRegistryIndex(registry.startBlock);
  if (found === undefined || found.index.nextBlock === 0) return fresh;
  const hash = await readBlockHash(registry, found.index.nextBlock - 1);
  return hash === found.blockHash ? found.index : fresh;
}

function tooLarge({ address }: Registry, path: string | undefined): ProvenanceError {
  const what = path === undefined ? "one process can hold" : `the index ${path} can keep`;
  const text = `The registry ${address} has more models than ${what}. Name an indexer that has read it (--indexer, docs/indexer.md).`;
  return new ProvenanceError("REGISTRY_TOO_LARGE", text);
}

async function save(registry: Registry, index: RegistryIndex, kept: KeptIndexes, path: string): Promise<void> {
  const blockHash = await readBlockHash(registry, index.nextBlock - 1);
  if (blockHash === undefined) return;
  kept.set(indexKey(registry), { index, blockHash });
  await writeIndexFile(path, kept);
}

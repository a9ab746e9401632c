import type { CID } from "multiformats/cid";
import { ProvenanceError } from "../../base/errors.ts";
import { writeCarFile } from "./car-file.ts";
import type { Block } from "../cid.ts";
import type { LocalStore } from "../stores/local/local-store.ts";
import { type BlockToLoad, type LeafPlace, readLeaves } from "../unixfs/read-leaves.ts";
import { walkDag } from "../unixfs/walk-dag.ts";

/** What was written. */
export interface ExportedCar {
  /** Bytes of the file. */
  readonly size: number;
  readonly blocks: number;
}

/**
 * Writes a root and everything below it from a local store to an archive: a node before what it links. The file appears
 * whole, or not at all.
 *
 * @param onBytes - called with the number of bytes written since the last call
 * @throws {ProvenanceError} `STORE_BLOCK_MISSING`, `STORE_BLOCK_CORRUPT`; `STORE_FAILED` if the file cannot be written
 */
export async function exportCar(
  store: LocalStore,
  root: CID,
  path: string,
  onBytes?: (bytes: number) => void,
): Promise<ExportedCar> {
  let blocks = 0;
  async function* counted() {
    for await (const block of readDag(store, root)) {
      blocks++;
      yield block;
    }
  }
  try {
    return { size: await writeCarFile(path, root, counted(), onBytes), blocks };
  } catch (cause) {
    if (cause instanceof ProvenanceError) throw cause;
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new ProvenanceError("STORE_FAILED", `The archive ${path} cannot be written (${reason}).`, { cause });
  }
}

/** All blocks below a root, from files and from the places they are referred to. Errors as the store's `get`. */
export function readDag(store: LocalStore, root: CID): AsyncGenerator<Block, void> {
  return readLeaves(listBlocks(store, root), async ({ cid }) => store.get(cid as CID), { shared: true });
}

async function* listBlocks(store: LocalStore, root: CID): AsyncGenerator<Block | LeafPlace | BlockToLoad> {
  await store.parts.references.refresh();
  for await (const { cid, bytes } of walkDag(root, async (node) => store.get(node))) {
    if (bytes !== undefined) {
      yield { cid, bytes };
      continue;
    }
    const [reference] = store.parts.references.find(cid.multihash.digest);
    if (reference === undefined) yield { cid, load: async () => store.get(cid) };
    else yield { cid, path: reference.file.path, offset: reference.offset, length: reference.length };
  }
}

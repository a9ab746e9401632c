import { type FileHandle, open } from "node:fs/promises";
import type { CID } from "multiformats/cid";
import { ProvenanceError } from "../../base/errors.ts";
import type { Block } from "../cid.ts";
import type { ContentStore } from "../content-store.ts";
import { LocalStore } from "../stores/local/local-store.ts";
import { readCar } from "./read-car.ts";

/** What was read. */
export interface ImportedCar {
  /** Pinned, each with all below it. */
  readonly roots: readonly CID[];
  readonly blocks: number;
}

const MAX_ROOTS = 10_000;

/**
 * Reads an archive into a store and pins its roots. Every block is checked against its CID before it is taken.
 *
 * @param onBytes - called with the number of bytes of blocks since the last call
 * @throws {ProvenanceError} `STORE_BLOCK_CORRUPT` for what is no whole archive, `STORE_BLOCK_MISSING` if it lacks a block
 *   below a root, `OPTION_INVALID` if it cannot be read or has no root; what `pin` throws
 */
export async function importCar(
  store: ContentStore,
  path: string,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<ImportedCar> {
  let count = 0;
  async function* counted(blocks: AsyncIterable<Block>) {
    for await (const block of blocks) {
      count++;
      onBytes(block.bytes.length);
      yield block;
    }
  }
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const { roots, blocks } = await readCar(file, { shared: store instanceof LocalStore });
    const [first, ...others] = roots;
    if (first === undefined) {
      throw new ProvenanceError("OPTION_INVALID", `The archive ${path} names no root: nothing of it would be pinned.`);
    }
    if (roots.length > MAX_ROOTS) {
      throw new ProvenanceError("OPTION_INVALID", `The archive ${path} names more than ${MAX_ROOTS} roots.`);
    }
    // What is below one root may be below all of them: it is walked once.
    const walked = new Set<string>();
    await store.pin(first, counted(blocks), { walked });
    for (const root of others) await store.pin(root, [], { walked });
    return { roots, blocks: count };
  } catch (cause) {
    if (cause instanceof ProvenanceError) throw cause;
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new ProvenanceError("OPTION_INVALID", `The archive ${path} cannot be read (${reason}).`, { cause });
  } finally {
    await file?.close();
  }
}

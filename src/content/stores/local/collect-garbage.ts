import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import * as raw from "multiformats/codecs/raw";
import { ProvenanceError } from "../../../base/errors.ts";
import type { LocalStore } from "./local-store.ts";
import { blockKey, walkDag } from "../../unixfs/walk-dag.ts";
import { listFolder } from "./block-files.ts";
import { storeFailed } from "./store-failed.ts";

/** What a sweep removed, or would remove. */
export interface Garbage {
  /** Blocks that were files of their own. */
  readonly blocks: number;
  /** Bytes of these. */
  readonly bytes: number;
  /** References to files, which are left where they are. */
  readonly references: number;
  /** Files that killed processes left behind. */
  readonly temporary: number;
}

/** Options of {@link collectGarbage}. */
export interface CollectGarbageOptions {
  /** Remove nothing, only count. */
  readonly dryRun?: boolean;
}

/**
 * Removes the blocks that no pin reaches from a local store, and what killed processes left behind.
 *
 * @throws {ProvenanceError} `STORE_FAILED` if something else is at work on the store, or if it has blocks and was never
 *   pinned to; `STORE_BLOCK_MISSING`, `STORE_BLOCK_CORRUPT` if a node below a pin cannot be read: what it links is not
 *   known, and nothing is removed
 */
export async function collectGarbage(store: LocalStore, options: CollectGarbageOptions = {}): Promise<Garbage> {
  const { dryRun = false } = options;
  if (dryRun) return sweep(store, true);
  return store.parts.busy.during("sweep", async () => sweep(store, false));
}

async function sweep(store: LocalStore, dryRun: boolean): Promise<Garbage> {
  const { blocks, references } = store.parts;
  await assertPinned(store);
  const kept = await findKept(store);
  let [blockCount, bytes, temporary] = [0, 0, 0];
  for await (const cid of blocks.list()) {
    if (kept.has(blockKey(cid))) continue;
    blockCount++;
    bytes += (await blocks.sizeOf(cid)) ?? 0;
    if (!dryRun) await blocks.remove(cid);
  }
  const isKept = ({ digest }: { digest: Uint8Array }) => kept.has(rawKey(digest));
  const unreached = dryRun ? await count(references.list(), isKept) : await references.retain(isKept);
  for await (const path of listLeftovers(store)) {
    temporary++;
    if (dryRun) continue;
    await rm(path, { force: true }).catch((cause: unknown) => {
      throw storeFailed("remove", path, cause);
    });
  }
  return { blocks: blockCount, bytes, references: unreached, temporary };
}

/** The keys of all blocks that a pin reaches. */
async function findKept(store: LocalStore): Promise<Set<string>> {
  const kept = new Set<string>();
  try {
    for (const { root, blocks } of await store.parts.pins.list()) {
      if (blocks === undefined) {
        for await (const { cid } of walkDag(root, async (node) => store.get(node))) kept.add(blockKey(cid));
      } else for (const cid of blocks) kept.add(blockKey(cid));
    }
    return kept;
  } catch (cause) {
    if (!(cause instanceof ProvenanceError)) throw cause;
    const text = `Nothing was removed, for it is not known what the pins reach. ${cause.message} Or unpin what needs it.`;
    throw new ProvenanceError(cause.code, text, { cause });
  }
}

/** A store from before pins were recorded would lose everything. */
async function assertPinned({ parts }: LocalStore): Promise<void> {
  if (await stat(join(parts.folder, "pins")).catch(() => undefined)) return;
  for await (const _ of parts.blocks.list()) {
    const text = `The store ${parts.folder} has blocks and no record of pins, so that all would be removed. Pin what it should keep first.`;
    throw new ProvenanceError("STORE_FAILED", text);
  }
}

async function* listLeftovers({ parts }: LocalStore): AsyncGenerator<string> {
  yield* parts.blocks.listTemporary();
  yield* await parts.busy.listStale();
  for (const folder of ["pins", "references"]) {
    for (const { name } of await listFolder(join(parts.folder, folder))) {
      if (name.endsWith(".tmp")) yield join(parts.folder, folder, name);
    }
  }
}

async function count<T>(items: AsyncIterable<T>, isKept: (item: T) => boolean): Promise<number> {
  let number = 0;
  for await (const item of items) if (!isKept(item)) number++;
  return number;
}

const RAW_PREFIX = String.fromCharCode(raw.code, 0x12, 32);

/** The key of a raw block with that SHA-256. */
function rawKey(digest: Uint8Array): string {
  return RAW_PREFIX + Buffer.from(digest).toString("latin1");
}

import { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import type { Block } from "../cid.ts";
import type { Blocks } from "../content-store.ts";
import { buildUnixfsFolder } from "../unixfs/unixfs-folder.ts";

/** A root and the blocks below it. */
export interface Dag {
  readonly root: CID;
  readonly blocks: Blocks;
}

/**
 * Makes sure that blocks can be read more than once.
 *
 * @throws {TypeError} for a generator that was started already by its maker: the second store would get nothing
 */
export function assertReiterable(blocks: Blocks): void {
  const { [Symbol.iterator]: iterate, [Symbol.asyncIterator]: iterateLater } = blocks as Iterable<Block> &
    AsyncIterable<Block>;
  const once = (iterateLater ?? iterate).call(blocks) as unknown;
  if (once === blocks)
    throw new TypeError("Blocks are read several times: pass a list, or an object that starts anew.");
}

/**
 * The same bytes under the CID of a raw block. Stores on IPFS know blocks by their hash alone, so whoever has the raw
 * block has the one that links, too; and a raw block links nothing that a service would look for in vain.
 */
export function toRawBlock({ cid, bytes }: Block): Block {
  return { cid: CID.createV1(raw.code, cid.multihash), bytes };
}

/**
 * Makes a whole DAG of blocks whose links lead to what is not there: a folder of them, as raw blocks named by their
 * CIDs. A service that wants everything below a root can pin it.
 */
export async function wrapLinks(blocks: Blocks): Promise<Dag> {
  const leaves: Block[] = [];
  for await (const block of blocks) leaves.push(block);
  const entries = leaves.map((block) => {
    return [block.cid.toString(), { cid: toRawBlock(block).cid, dagSize: block.bytes.length }] as const;
  });
  const folder: Block[] = [];
  const building = buildUnixfsFolder(entries);
  for (;;) {
    const { value, done } = building.next();
    if (done === true) return { root: value.cid, blocks: [...leaves.map(toRawBlock), ...folder] };
    folder.push(value);
  }
}

/**
 * Does something with every block, a few at a time. After the first failure none is begun; it is thrown when those
 * under way have ended.
 */
export async function forEachBlock(
  blocks: Blocks,
  limit: number,
  work: (block: Block) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  for await (const block of blocks) {
    const task: Promise<void> = work(block)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => running.delete(task));
    running.add(task);
    if (running.size >= limit) await Promise.race(running);
    if (failures.length > 0) break;
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
}

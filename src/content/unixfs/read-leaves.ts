import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { CID } from "multiformats/cid";
import { BufferPool } from "../buffer-pool.ts";
import { type Block, bytesMatchCid } from "../cid.ts";
import { fill } from "../stores/local/read-reference.ts";

/** Where a raw block lies in a file. */
export interface LeafPlace {
  readonly cid: CID;
  /** Absolute. */
  readonly path: string;
  /** In bytes from the file's start. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
  /** What the file's size must be; any when it is left out. */
  readonly fileSize?: number;
}

/** A raw block that is read as a whole when its turn comes. */
export interface BlockToLoad {
  readonly cid: CID;
  readonly load: () => Promise<Uint8Array>;
}

/** Reads the blocks of places where that did not go well: the bytes from elsewhere, or the error to throw. */
export type RecoverLeaf = (place: LeafPlace, cause: Error | undefined) => Promise<Uint8Array>;

// One call reads so much: leaves that lie behind each other in a file are read together (bench/README.md).
const READ_BYTES = 4 * 1024 * 1024;
// Shorter reads get memory of their own: a part of a buffer that is kept keeps all of it.
const POOLED_BYTES = 3 * 1024 * 1024;
// So many reads run beside the hashing of what came before.
const READS_AHEAD = 2;
// Without following a link that came in the file's place, and without waiting on a FIFO.
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

type Item = Block | LeafPlace | BlockToLoad;

/**
 * Reads blocks from files by large reads, ahead of the one who takes them. The order stays; every leaf is checked
 * against its CID, and says where it stands.
 *
 * The bytes stay as they are until they are given back (`giveBack`).
 *
 * @param items - blocks that are at hand are passed on as they are
 * @param recover - called for a leaf that cannot be read, or is not what its CID says
 * @throws what `recover` and `load` throw
 */
export async function* readLeaves(
  items: Iterable<Item> | AsyncIterable<Item>,
  recover: RecoverLeaf,
): AsyncGenerator<Block, void> {
  const pool = new BufferPool(READ_BYTES);
  for await (const batch of readAhead(items, pool)) {
    if (Array.isArray(batch)) yield* batch;
    else yield* checkLeaves(batch, recover, pool);
  }
}

/** What one read brought: the bytes of all leaves from the first one's place on, or why not. */
interface ReadRange {
  readonly leaves: readonly LeafPlace[];
  readonly bytes?: Buffer;
  /** What they lie in, where that is one of the pool. */
  readonly buffer?: Buffer;
  readonly cause?: Error;
}

async function* checkLeaves(
  { leaves, bytes, buffer, cause }: ReadRange,
  recover: RecoverLeaf,
  pool: BufferPool,
): AsyncGenerator<Block, void> {
  const start = (leaves[0] as LeafPlace).offset;
  const parts = leaves.map(({ offset, length }) => bytes?.subarray(offset - start, offset - start + length));
  if (buffer !== undefined) pool.lend(buffer, parts as Uint8Array[]);
  for (const [i, place] of leaves.entries()) {
    const { cid, path, offset, length } = place;
    const leaf = parts[i];
    if (leaf?.length === length && bytesMatchCid(cid, leaf)) yield { cid, bytes: leaf, origin: { path, offset } };
    else yield { cid, bytes: await recover(place, cause) };
  }
}

async function* readAhead(
  items: Iterable<Item> | AsyncIterable<Item>,
  pool: BufferPool,
): AsyncGenerator<Block[] | ReadRange, void> {
  const reads: Promise<Block[] | ReadRange>[] = [];
  try {
    for await (const group of groupItems(items)) {
      const read = readGroup(group, pool);
      read.catch(() => undefined); // awaited when its turn comes
      reads.push(read);
      if (reads.length > READS_AHEAD) yield await (reads.shift() as Promise<Block[] | ReadRange>);
    }
    while (reads.length > 0) yield await (reads.shift() as Promise<Block[] | ReadRange>);
  } finally {
    await Promise.allSettled(reads);
  }
}

/** Puts leaves together that are read by one call; everything else stays alone. */
async function* groupItems(items: Iterable<Item> | AsyncIterable<Item>): AsyncGenerator<Item | LeafPlace[], void> {
  let group: LeafPlace[] = [];
  for await (const item of items) {
    if ("path" in item && continues(group, item)) {
      group.push(item);
      continue;
    }
    if (group.length > 0) yield group;
    group = [];
    if ("path" in item) group.push(item);
    else yield item;
  }
  if (group.length > 0) yield group;
}

function continues(group: readonly LeafPlace[], { path, offset, length }: LeafPlace): boolean {
  const [first, last] = [group[0], group.at(-1)];
  if (first === undefined || last === undefined) return true;
  const isNext = path === last.path && offset === last.offset + last.length;
  return isNext && offset + length - first.offset <= READ_BYTES;
}

async function readGroup(group: Item | LeafPlace[], pool: BufferPool): Promise<Block[] | ReadRange> {
  if (Array.isArray(group)) return readRange(group, pool);
  if ("load" in group) return [{ cid: group.cid, bytes: await group.load() }];
  return [group as Block];
}

async function readRange(leaves: readonly LeafPlace[], pool: BufferPool): Promise<ReadRange> {
  const [first, last] = [leaves[0], leaves.at(-1)] as [LeafPlace, LeafPlace];
  try {
    const file = await open(first.path, OPEN_FLAGS);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw new Error("it is no regular file");
      if (first.fileSize !== undefined && first.fileSize !== stats.size) return { leaves };
      const length = last.offset + last.length - first.offset;
      const buffer = length > POOLED_BYTES && length <= READ_BYTES ? pool.take() : undefined;
      const bytes = await fill(file, buffer?.subarray(0, length) ?? Buffer.allocUnsafeSlow(length), first.offset);
      return { leaves, bytes, ...(buffer && { buffer }) };
    } finally {
      await file.close();
    }
  } catch (cause) {
    return { leaves, cause: cause as Error };
  }
}

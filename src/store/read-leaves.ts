import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { CID } from "multiformats/cid";
import { type Block, bytesMatchCid } from "./cid.ts";

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
// So many reads run beside the hashing of what came before.
const READS_AHEAD = 2;
// Without following a link that came in the file's place, and without waiting on a FIFO.
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

type Item = Block | LeafPlace | BlockToLoad;

/**
 * Reads blocks from files by large reads, ahead of the one who takes them. The order stays; every leaf is checked
 * against its CID, and says where it stands.
 *
 * @param items - blocks that are at hand are passed on as they are
 * @param recover - called for a leaf that cannot be read, or is not what its CID says
 * @throws what `recover` and `load` throw
 */
export async function* readLeaves(
  items: Iterable<Item> | AsyncIterable<Item>,
  recover: RecoverLeaf,
): AsyncGenerator<Block, void> {
  for await (const batch of readAhead(items)) {
    if (Array.isArray(batch)) yield* batch;
    else yield* checkLeaves(batch, recover);
  }
}

/** What one read brought: the bytes of all leaves from the first one's place on, or why not. */
interface ReadRange {
  readonly leaves: readonly LeafPlace[];
  readonly bytes?: Buffer;
  readonly cause?: Error;
}

async function* checkLeaves({ leaves, bytes, cause }: ReadRange, recover: RecoverLeaf): AsyncGenerator<Block, void> {
  const start = (leaves[0] as LeafPlace).offset;
  for (const place of leaves) {
    const { cid, path, offset, length } = place;
    const leaf = bytes?.subarray(offset - start, offset - start + length);
    if (leaf?.length === length && bytesMatchCid(cid, leaf)) yield { cid, bytes: leaf, origin: { path, offset } };
    else yield { cid, bytes: await recover(place, cause) };
  }
}

async function* readAhead(items: Iterable<Item> | AsyncIterable<Item>): AsyncGenerator<Block[] | ReadRange, void> {
  const reads: Promise<Block[] | ReadRange>[] = [];
  try {
    for await (const group of groupItems(items)) {
      const read = readGroup(group);
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

async function readGroup(group: Item | LeafPlace[]): Promise<Block[] | ReadRange> {
  if (Array.isArray(group)) return readRange(group);
  if ("load" in group) return [{ cid: group.cid, bytes: await group.load() }];
  return [group as Block];
}

async function readRange(leaves: readonly LeafPlace[]): Promise<ReadRange> {
  const [first, last] = [leaves[0], leaves.at(-1)] as [LeafPlace, LeafPlace];
  try {
    const file = await open(first.path, OPEN_FLAGS);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw new Error("it is no regular file");
      if (first.fileSize !== undefined && first.fileSize !== stats.size) return { leaves };
      const bytes = Buffer.allocUnsafeSlow(last.offset + last.length - first.offset);
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, first.offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return { leaves, bytes: bytes.subarray(0, filled) };
    } finally {
      await file.close();
    }
  } catch (cause) {
    return { leaves, cause: cause as Error };
  }
}

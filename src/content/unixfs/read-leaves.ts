import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { CID } from "multiformats/cid";
import { BufferPool } from "../buffer-pool.ts";
import { mapInOrder } from "../../base/concurrency.ts";
import { toHex } from "../../base/hex.ts";
import { compareBytes } from "../../base/bytes.ts";
import { type Block, SHA2_256, rawBlock, rawCidOfDigest } from "../cid.ts";
import { allocatePages } from "../../base/direct-file.ts";
import { BlockHasher } from "../block-hasher.ts";
import { fill } from "../stores/local/read-reference.ts";

/** Where a raw block lies in a file. */
export interface LeafPlace {
  /** What it must be; whatever stands there when it is left out. */
  readonly cid?: CID;
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

/** Options of {@link readLeaves}. */
export interface ReadLeavesOptions {
  /**
   * The blocks may lie in memory that threads share, which not everything can send: then all cores hash, and large writes
   * need no copy.
   */
  readonly shared?: boolean;
}

/** Reads the blocks of places where that did not go well: the bytes from elsewhere, or the error to throw. */
export type RecoverLeaf = (place: LeafPlace, cause: Error | undefined) => Promise<Uint8Array>;

// One call reads so much: leaves that lie behind each other in a file are read together (bench/README.md).
const READ_BYTES = 4 * 1024 * 1024;
// Shorter reads get memory of their own: a part of a buffer that is kept keeps all of it.
const POOLED_BYTES = 3 * 1024 * 1024;
// So many are read and hashed at once, and as many are waited for by the one who takes them (bench/README.md).
const GROUPS_AT_ONCE = 2;
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
  { shared = false }: ReadLeavesOptions = {},
): AsyncGenerator<Block, void> {
  const pool = new BufferPool(READ_BYTES, shared ? allocatePages : undefined);
  const hasher = new BlockHasher(shared ? undefined : 0);
  const groups = mapInOrder(groupItems(items), GROUPS_AT_ONCE, async (group) => readGroup(group, { pool, hasher }));
  try {
    for await (const group of groups) {
      if (Array.isArray(group)) yield* group;
      else yield* takeLeaves(group, recover);
    }
  } finally {
    await hasher.close();
  }
}

interface Tools {
  readonly pool: BufferPool;
  readonly hasher: BlockHasher;
}

/** What one read brought: every leaf that is what its CID says, or why nothing could be read. */
interface ReadRange {
  readonly leaves: readonly LeafPlace[];
  readonly blocks: readonly (Block | undefined)[];
  readonly cause?: Error;
}

async function* takeLeaves({ leaves, blocks, cause }: ReadRange, recover: RecoverLeaf): AsyncGenerator<Block, void> {
  for (const [i, place] of leaves.entries()) {
    const block = blocks[i];
    if (block !== undefined) yield block;
    else {
      const bytes = await recover(place, cause);
      yield { cid: place.cid ?? rawBlock(bytes).cid, bytes };
    }
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

async function readGroup(group: Item | LeafPlace[], tools: Tools): Promise<Block[] | ReadRange> {
  if (Array.isArray(group)) return readRange(group, tools);
  if ("load" in group) return [{ cid: group.cid, bytes: await group.load() }];
  return [group as Block];
}

async function readRange(leaves: readonly LeafPlace[], { pool, hasher }: Tools): Promise<ReadRange> {
  const [first, last] = [leaves[0], leaves.at(-1)] as [LeafPlace, LeafPlace];
  try {
    const file = await open(first.path, OPEN_FLAGS);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw new Error("it is no regular file");
      if (first.fileSize !== undefined && first.fileSize !== stats.size) return { leaves, blocks: [] };
      const length = last.offset + last.length - first.offset;
      const buffer = length > POOLED_BYTES && length <= READ_BYTES ? pool.take() : undefined;
      const bytes = await fill(file, buffer?.subarray(0, length) ?? Buffer.allocUnsafeSlow(length), first.offset);
      const parts = leaves.map(({ offset, length: size }) =>
        bytes.subarray(offset - first.offset, offset - first.offset + size),
      );
      if (buffer !== undefined) pool.lend(buffer, parts);
      const digests = await hasher.digest(parts);
      return { leaves, blocks: leaves.map((leaf, i) => toBlock(leaf, parts[i], digests[i])) };
    } finally {
      await file.close();
    }
  } catch (cause) {
    return { leaves, blocks: [], cause: cause as Error };
  }
}

/** The leaf, where it is whole and what its CID says. */
function toBlock(
  { cid, path, offset, length }: LeafPlace,
  bytes: Uint8Array = new Uint8Array(),
  digest: Uint8Array = new Uint8Array(),
): Block | undefined {
  if (bytes.length !== length) return undefined;
  const origin = { path, offset };
  if (cid === undefined) return { cid: rawCidOfDigest(toHex(digest)), bytes, origin };
  const { code, digest: expected } = cid.multihash;
  return code === SHA2_256 && compareBytes(digest, expected) === 0 ? { cid, bytes, origin } : undefined;
}

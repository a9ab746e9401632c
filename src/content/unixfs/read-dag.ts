import * as dagPb from "@ipld/dag-pb";
import { murmur3128 } from "@multiformats/murmur3";
import { UnixFS } from "ipfs-unixfs";
import type { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { toUtf8 } from "../../base/bytes.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { MAX_BLOCK_BYTES, bytesMatchCid } from "../cid.ts";
import type { BlockSource, ReadOptions } from "../content-store.ts";

/** Reads the bytes of a block; what comes back is what the CID names. */
export type BlockReader = (cid: CID) => Promise<Uint8Array>;

const MAX_LINKS = 1024;
const DIGEST_BYTES = 32;
// Many files of one folder are looked up one after the other: 20 000 names lie in 257 blocks of 1 MiB together.
const CACHED_BYTES = 8 * 1024 * 1024;

/**
 * Makes a reader of a store nobody has to trust: every block is checked against its CID and its size is bounded.
 *
 * @param options - how large a block may be (1 MiB when it is left out), and what gives the reading up
 * @throws {ProvenanceError} (the reader) as the store's `get`, `STORE_BLOCK_CORRUPT`
 */
export function readUncached(store: BlockSource, options: ReadOptions = {}): BlockReader {
  const { maxBytes = MAX_BLOCK_BYTES } = options;
  return async (cid) => {
    const bytes = await store.get(cid, options);
    if (bytes.length > maxBytes || !bytesMatchCid(cid, bytes)) throw corrupt(cid, "is not what the store answered");
    return bytes;
  };
}

/** As {@link readUncached}, and remembers the last blocks: for those that link others. */
export function readVerified(store: BlockSource, options: ReadOptions = {}): BlockReader {
  const readBlock = readUncached(store, options);
  const cache = new Map<string, Uint8Array>();
  let cachedBytes = 0;
  // Those under way, and failures for good: a root that is missing is missing for every file below it, so that a
  // gateway is asked once.
  const asked = new Map<string, Promise<Uint8Array>>();
  const remember = (key: string, bytes: Uint8Array) => {
    cache.set(key, bytes);
    cachedBytes += bytes.length;
    for (const [oldest, { length }] of cache) {
      if (cachedBytes <= CACHED_BYTES) break;
      cache.delete(oldest);
      cachedBytes -= length;
    }
    asked.delete(key);
    return bytes;
  };
  return async (cid) => {
    const key = cid.toString();
    const cached = cache.get(key);
    if (cached === undefined) {
      const reading = asked.get(key) ?? readBlock(cid).then((bytes) => remember(key, bytes));
      asked.set(key, reading);
      return reading;
    }
    cache.delete(key); // and last in line again
    cache.set(key, cached);
    return cached;
  };
}

/**
 * Finds a file below a UnixFS folder by its relative name. A root that is a file is the file itself, whatever its name.
 *
 * @returns undefined where the folder has no such name
 * @throws {ProvenanceError} as the reader, `STORE_BLOCK_CORRUPT`
 */
export async function findUnixfsFile(root: CID, name: string, read: BlockReader): Promise<CID | undefined> {
  if (root.code === raw.code || (await readNode(root, read)).unixfs.type === "file") return root;
  let cid: CID | undefined = root;
  for (const part of name.split("/")) cid = cid && (await findInFolder(cid, part, read));
  return cid;
}

/**
 * Reads the digests of a file's leaves from the blocks that link them; no content is read.
 *
 * @param size - of the file in bytes, as it was recorded
 * @param wanted - how many leaves are asked for, from the first one on: a stranger stated the size
 * @returns 32 bytes after 32 bytes
 * @throws {ProvenanceError} as the reader, `STORE_BLOCK_CORRUPT` for a file that is not cut as the profile says
 * @see IPIP-0499, profile `unixfs-v1-2025`
 */
export async function readLeafDigests(file: CID, size: number, wanted: number, read: BlockReader): Promise<Uint8Array> {
  const count = Math.max(1, Math.ceil(size / MAX_BLOCK_BYTES));
  const digests = new Uint8Array(Math.min(wanted, count) * DIGEST_BYTES);
  let position = 0;
  if (digests.length === 0) return digests;
  for await (const leaf of walkLeaves(file, count, depthOf(count), read)) {
    digests.set(leaf.multihash.digest, position);
    position += DIGEST_BYTES;
    if (position === digests.length) break;
  }
  return digests;
}

/** In the profile's tree all leaves have the same depth, and every node but the last of its row is full. */
async function* walkLeaves(cid: CID, count: number, depth: number, read: BlockReader): AsyncGenerator<CID> {
  if (depth === 0) {
    if (cid.code !== raw.code || cid.multihash.digest.length !== DIGEST_BYTES) throw corrupt(cid, "is no leaf");
    yield cid;
    return;
  }
  const { links, unixfs } = await readNode(cid, read);
  const below = MAX_LINKS ** (depth - 1);
  if (unixfs.type !== "file" || unixfs.data?.length || links.length !== Math.ceil(count / below)) {
    throw corrupt(cid, "is no node of a file of that size");
  }
  for (const [i, { Hash }] of links.entries()) {
    yield* walkLeaves(Hash, Math.min(below, count - i * below), depth - 1, read);
  }
}

function depthOf(count: number): number {
  let depth = 0;
  while (MAX_LINKS ** depth < count) depth++;
  return depth;
}

async function findInFolder(folder: CID, name: string, read: BlockReader): Promise<CID | undefined> {
  const { byName, unixfs } = await readNode(folder, read);
  if (unixfs.type === "directory") return byName().get(name);
  if (unixfs.type !== "hamt-sharded-directory") throw corrupt(folder, "is no folder");
  const hash = murmur3128.encode(toUtf8(name)) as Uint8Array;
  return findInShard(byName(), name, hash, 0, read);
}

async function findInShard(
  links: ReadonlyMap<string, CID>,
  name: string,
  hash: Uint8Array,
  depth: number,
  read: BlockReader,
): Promise<CID | undefined> {
  const bucket = hash[depth];
  if (bucket === undefined) return undefined;
  const label = bucket.toString(16).toUpperCase().padStart(2, "0");
  const found = links.get(label + name);
  if (found !== undefined) return found;
  const deeper = links.get(label);
  return deeper && findInShard((await readNode(deeper, read)).byName(), name, hash, depth + 1, read);
}

/** A block that links others, decoded. */
export interface UnixfsNode {
  readonly links: readonly dagPb.PBLink[];
  readonly unixfs: UnixFS;
  /** The links by their names; of two with one name the first. */
  readonly byName: () => ReadonlyMap<string, CID>;
}

// As long as a reader remembers a block it is decoded once.
const decoded = new WeakMap<Uint8Array, UnixfsNode>();

/**
 * Reads and decodes a block that links others.
 *
 * @throws {ProvenanceError} as the reader, `STORE_BLOCK_CORRUPT`
 */
export async function readNode(cid: CID, read: BlockReader): Promise<UnixfsNode> {
  if (cid.code !== dagPb.code) throw corrupt(cid, "links nothing");
  const bytes = await read(cid);
  const known = decoded.get(bytes);
  if (known !== undefined) return known;
  try {
    const { Links: links, Data: data } = dagPb.decode(bytes);
    let names: ReadonlyMap<string, CID> | undefined;
    const byName = () => (names ??= new Map(links.toReversed().map(({ Name, Hash }) => [Name ?? "", Hash])));
    const node = { links, unixfs: UnixFS.unmarshal(data as Uint8Array), byName };
    decoded.set(bytes, node);
    return node;
  } catch (cause) {
    throw corrupt(cid, "cannot be decoded", cause);
  }
}

function corrupt(cid: CID, fault: string, cause?: unknown): ProvenanceError {
  return new ProvenanceError(
    "STORE_BLOCK_CORRUPT",
    `The block ${cid.toString()} ${fault}. Ask another gateway, or have the model pinned again.`,
    { cause },
  );
}

import * as dagPb from "@ipld/dag-pb";
import { murmur3128 } from "@multiformats/murmur3";
import { UnixFS } from "ipfs-unixfs";
import type { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { ProvenanceError } from "../errors.ts";
import { MAX_BLOCK_BYTES, bytesMatchCid } from "./cid.ts";
import type { BlockSource } from "./content-store.ts";

/** Reads the bytes of a block; what comes back is what the CID names. */
export type BlockReader = (cid: CID) => Promise<Uint8Array>;

const MAX_LINKS = 1024;
const DIGEST_BYTES = 32;
// Many files of one folder are looked up one after the other.
const CACHED_BLOCKS = 64;

/**
 * Makes a reader of a store nobody has to trust: every block is checked against its CID and its size is bounded.
 *
 * @throws {ProvenanceError} (the reader) as the store's `get`, `STORE_BLOCK_CORRUPT`
 */
export function readVerified(store: BlockSource): BlockReader {
  const cache = new Map<string, Uint8Array>();
  // A root that is missing is missing for every file below it: a gateway is asked once.
  const failed = new Map<string, unknown>();
  return async (cid) => {
    const key = cid.toString();
    if (failed.has(key)) throw failed.get(key);
    const cached = cache.get(key);
    if (cached !== undefined) return cached;
    const bytes = await store.get(cid).catch((error: unknown) => {
      failed.set(key, error);
      throw error;
    });
    if (bytes.length > MAX_BLOCK_BYTES || !bytesMatchCid(cid, bytes)) {
      throw corrupt(cid, "is not what the store answered");
    }
    if (cache.size === CACHED_BLOCKS) cache.delete(cache.keys().next().value as string);
    cache.set(key, bytes);
    return bytes;
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
  const { links, unixfs } = await readNode(folder, read);
  if (unixfs.type === "directory") return links.find((link) => link.Name === name)?.Hash;
  if (unixfs.type !== "hamt-sharded-directory") throw corrupt(folder, "is no folder");
  const hash = murmur3128.encode(Buffer.from(name)) as Uint8Array;
  return findInShard(links, name, hash, 0, read);
}

async function findInShard(
  links: readonly dagPb.PBLink[],
  name: string,
  hash: Uint8Array,
  depth: number,
  read: BlockReader,
): Promise<CID | undefined> {
  const bucket = hash[depth];
  if (bucket === undefined) return undefined;
  const label = bucket.toString(16).toUpperCase().padStart(2, "0");
  const found = links.find((link) => link.Name === label + name);
  if (found !== undefined) return found.Hash;
  const deeper = links.find((link) => link.Name === label);
  return deeper && findInShard((await readNode(deeper.Hash, read)).links, name, hash, depth + 1, read);
}

async function readNode(cid: CID, read: BlockReader): Promise<{ links: dagPb.PBLink[]; unixfs: UnixFS }> {
  if (cid.code !== dagPb.code) throw corrupt(cid, "links nothing");
  const bytes = await read(cid);
  try {
    const { Links: links, Data: data } = dagPb.decode(bytes);
    return { links, unixfs: UnixFS.unmarshal(data as Uint8Array) };
  } catch {
    throw corrupt(cid, "cannot be decoded");
  }
}

function corrupt(cid: CID, fault: string): ProvenanceError {
  return new ProvenanceError(
    "STORE_BLOCK_CORRUPT",
    `The block ${cid.toString()} ${fault}. Pin the model's links again.`,
  );
}

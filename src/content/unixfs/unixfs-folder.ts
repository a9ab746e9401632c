import * as dagPb from "@ipld/dag-pb";
import { murmur3128 } from "@multiformats/murmur3";
import { UnixFS } from "ipfs-unixfs";
import type { CID } from "multiformats/cid";
import { toUtf8 } from "../../base/bytes.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { type Block, computeCid } from "../cid.ts";

/** Something a folder links to: a file's or a folder's root and the bytes of all blocks below it. */
export interface UnixfsEntry {
  readonly cid: CID;
  readonly dagSize: number;
}

// A folder whose block would be larger is spread over a HAMT of 256 buckets a level.
const MAX_FLAT_BYTES = 256 * 1024;
// A link holds a CID of 36 bytes, and says how long it is and what comes next.
const MIN_LINK_BYTES = 40;
const FANOUT = 256;
const MURMUR3_X64_64 = 0x22n;
// Kubo uses the first 64 bits of the hash, eight a level.
const HASH_BYTES = 8;

type Folder = Map<string, UnixfsEntry | Folder>;

/**
 * Links files into folders by their relative names, and yields the blocks of the folders, the root last.
 *
 * @param files - name (with `/` between components) and root of each file
 * @returns the blocks; the generator's return value is the root
 * @throws {ProvenanceError} `RESOURCE_NAME_INVALID` for names whose hashes were made to collide
 * @see IPIP-0499, profile `unixfs-v1-2025`
 */
export function* buildUnixfsFolder(
  files: Iterable<readonly [name: string, entry: UnixfsEntry]>,
): Generator<Block, UnixfsEntry> {
  const root: Folder = new Map();
  for (const [name, entry] of files) {
    const parts = name.split("/");
    const base = parts.pop() as string;
    let folder = root;
    for (const part of parts) {
      const next = folder.get(part) ?? new Map<string, UnixfsEntry | Folder>();
      folder.set(part, next);
      folder = next as Folder;
    }
    folder.set(base, entry);
  }
  return yield* writeFolder(root);
}

function* writeFolder(folder: Folder): Generator<Block, UnixfsEntry> {
  const entries: NamedEntry[] = [];
  for (const [name, child] of folder) {
    entries.push({ name, entry: child instanceof Map ? yield* writeFolder(child) : child });
  }
  const least = entries.reduce((sum, { name }) => sum + name.length + MIN_LINK_BYTES, 0);
  if (least <= MAX_FLAT_BYTES) {
    const links = entries.map(({ name, entry }) => toLink(name, entry));
    const flat = encodeNode(new UnixFS({ type: "directory" }), links);
    if (flat.bytes.length <= MAX_FLAT_BYTES) {
      yield flat;
      return toEntry(flat, links);
    }
  }
  const hashes = new Uint8Array(entries.length * HASH_BYTES);
  entries.forEach(({ name }, i) => hashes.set(hashName(name), i * HASH_BYTES));
  return yield* writeShard({ entries, hashes }, [...entries.keys()], 0);
}

interface NamedEntry {
  readonly name: string;
  readonly entry: UnixfsEntry;
}

/** The entries of a large folder, and the hash of each name, eight bytes after eight bytes. */
interface HashedEntries {
  readonly entries: readonly NamedEntry[];
  readonly hashes: Uint8Array;
}

function toLink(name: string, { cid, dagSize }: UnixfsEntry): dagPb.PBLink {
  return { Name: name, Hash: cid, Tsize: dagSize };
}

function hashName(name: string): Uint8Array {
  // The package's type allows hashes that take time; this one answers at once.
  const hash = murmur3128.encode(toUtf8(name)) as Uint8Array;
  return hash.subarray(0, HASH_BYTES);
}

/** One level of the HAMT: the byte of the hash at that depth is the bucket. @param inside - indices of entries */
function* writeShard(folder: HashedEntries, inside: readonly number[], depth: number): Generator<Block, UnixfsEntry> {
  const { entries, hashes } = folder;
  if (depth === HASH_BYTES) {
    const names = inside.map((index) => JSON.stringify((entries[index] as NamedEntry).name)).join(" and ");
    throw new ProvenanceError(
      "RESOURCE_NAME_INVALID",
      `The names ${names} hash alike and cannot lie in one large folder. Rename one.`,
    );
  }
  const buckets = Map.groupBy(inside, (index) => hashes[index * HASH_BYTES + depth] as number);
  const links: dagPb.PBLink[] = [];
  const bitField = new Uint8Array(FANOUT / 8);
  for (const [bucket, below] of buckets) {
    const label = bucket.toString(16).toUpperCase().padStart(2, "0");
    const byte = bitField.length - 1 - (bucket >> 3); // big-endian
    bitField[byte] = (bitField[byte] as number) | (1 << (bucket & 7));
    const [first] = below as [number];
    const { name, entry } = entries[first] as NamedEntry;
    links.push(
      below.length === 1 ? toLink(label + name, entry) : toLink(label, yield* writeShard(folder, below, depth + 1)),
    );
  }
  const data = bitField.subarray(bitField.findIndex((byte) => byte !== 0));
  const unixfs = new UnixFS({ type: "hamt-sharded-directory", data, fanout: BigInt(FANOUT), hashType: MURMUR3_X64_64 });
  const block = encodeNode(unixfs, links);
  yield block;
  return toEntry(block, links);
}

function encodeNode(unixfs: UnixFS, links: dagPb.PBLink[]): Block {
  const bytes = dagPb.encode(dagPb.prepare({ Data: unixfs.marshal(), Links: links }));
  return { cid: computeCid(dagPb.code, bytes), bytes };
}

function toEntry({ cid, bytes }: Block, links: readonly dagPb.PBLink[]): UnixfsEntry {
  return { cid, dagSize: links.reduce((sum, { Tsize }) => sum + (Tsize as number), bytes.length) };
}

import * as dagPb from "@ipld/dag-pb";
import { UnixFS } from "ipfs-unixfs";
import type { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { ProvenanceError } from "../../base/errors.ts";
import type { Block } from "../cid.ts";

/** Reads a block, checked against its CID. */
export type ReadBlock = (cid: CID) => Promise<Uint8Array>;

/** What a block begins. */
export type Entity =
  | { readonly kind: "file"; readonly cid: CID; readonly size: number }
  | { readonly kind: "folder"; readonly cid: CID; readonly sharded: boolean }
  | { readonly kind: "other"; readonly cid: CID };

/** A part of a file: a block, and which of the file's bytes in it were asked for. */
export interface FilePart extends Block {
  /** Empty for a block that only links. */
  readonly content: Uint8Array;
}

const MAX_DEPTH = 32;

/** Says what a CID leads to. @throws {ProvenanceError} as `read` */
export async function describeEntity(cid: CID, read: ReadBlock): Promise<Entity> {
  if (cid.code === raw.code) return { kind: "file", cid, size: (await read(cid)).length };
  if (cid.code !== dagPb.code) return { kind: "other", cid };
  const node = decodeNode(await read(cid));
  if (node === undefined) return { kind: "other", cid };
  const { type } = node.unixfs;
  if (type === "directory" || type === "hamt-sharded-directory") {
    return { kind: "folder", cid, sharded: type !== "directory" };
  }
  return type === "file" || type === "raw" ? { kind: "file", cid, size: sizeOf(node) } : { kind: "other", cid };
}

/**
 * Reads a range of a file; blocks that hold nothing of it are not read.
 *
 * @param start - the first byte
 * @param end - the first byte that is not asked for
 * @throws {ProvenanceError} as `read`, `STORE_BLOCK_CORRUPT` for what is no file
 */
export function readFileRange(cid: CID, start: number, end: number, read: ReadBlock): AsyncGenerator<FilePart, void> {
  return walk({ cid, offset: 0, depth: 0 }, start, end, read);
}

async function* walk(
  { cid, offset, depth }: { cid: CID; offset: number; depth: number },
  start: number,
  end: number,
  read: ReadBlock,
): AsyncGenerator<FilePart, void> {
  const bytes = await read(cid);
  const cut = (content: Uint8Array) => content.subarray(Math.max(0, start - offset), Math.max(0, end - offset));
  if (cid.code === raw.code) return void (yield { cid, bytes, content: cut(bytes) });
  const node = cid.code === dagPb.code ? decodeNode(bytes) : undefined;
  if (node === undefined || depth > MAX_DEPTH || node.unixfs.blockSizes.length !== node.links.length) {
    throw new ProvenanceError("STORE_BLOCK_CORRUPT", `${cid.toString()} is no part of a file.`);
  }
  const own = node.unixfs.data ?? new Uint8Array();
  yield { cid, bytes, content: cut(own) };
  let position = offset + own.length;
  for (const [i, { Hash }] of node.links.entries()) {
    const size = Number(node.unixfs.blockSizes[i]);
    if (position < end && position + size > start) {
      yield* walk({ cid: Hash, offset: position, depth: depth + 1 }, start, end, read);
    }
    position += size;
  }
}

/** What lies directly in a folder: names in the order of the links. @throws {ProvenanceError} as `read` */
export async function* listFolder(cid: CID, read: ReadBlock): AsyncGenerator<readonly [name: string, cid: CID]> {
  for await (const { node } of walkFolder(cid, read)) {
    const prefix = node.unixfs.type === "directory" ? 0 : 2;
    for (const { Name = "", Hash } of node.links)
      if (Name.length > prefix || prefix === 0) yield [Name.slice(prefix), Hash];
  }
}

/** The blocks of a folder alone: one, or the shards it is spread over. @throws {ProvenanceError} as `read` */
export async function* readFolder(cid: CID, read: ReadBlock): AsyncGenerator<Block> {
  for await (const { block } of walkFolder(cid, read)) yield block;
}

async function* walkFolder(cid: CID, read: ReadBlock, depth = 0): AsyncGenerator<{ block: Block; node: Node }> {
  const bytes = await read(cid);
  const node = decodeNode(bytes);
  if (node === undefined || depth > MAX_DEPTH) {
    throw new ProvenanceError("STORE_BLOCK_CORRUPT", `${cid.toString()} is no part of a folder.`);
  }
  yield { block: { cid, bytes }, node };
  if (node.unixfs.type !== "hamt-sharded-directory") return;
  for (const { Name = "", Hash } of node.links) if (Name.length === 2) yield* walkFolder(Hash, read, depth + 1);
}

interface Node {
  readonly unixfs: UnixFS;
  readonly links: readonly dagPb.PBLink[];
}

function decodeNode(bytes: Uint8Array): Node | undefined {
  try {
    const { Data, Links } = dagPb.decode(bytes);
    return { unixfs: UnixFS.unmarshal(Data as Uint8Array), links: Links };
  } catch {
    return undefined;
  }
}

function sizeOf({ unixfs }: Node): number {
  return unixfs.blockSizes.reduce((sum, size) => sum + Number(size), unixfs.data?.length ?? 0);
}

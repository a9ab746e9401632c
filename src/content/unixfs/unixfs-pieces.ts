import type { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { ProvenanceError } from "../../base/errors.ts";
import { MAX_BLOCK_BYTES, MAX_FOREIGN_BLOCK_BYTES, bytesMatchCid } from "../cid.ts";
import { type BlockReader, type UnixfsNode, readNode } from "./read-dag.ts";

/** A part of a file that is read at once: what stands below one CID, or bytes that a linking block held itself. */
export type FilePiece = {
  /** In bytes from the file's start. */
  readonly offset: number;
  /** In bytes, at most 2 MiB. */
  readonly size: number;
} & ({ readonly cid: CID } | { readonly bytes: Uint8Array });

const MAX_DEPTH = 32;
// What others cut has larger blocks than this: 256 KiB is the smallest common size.
const MIN_MEAN_BLOCK_BYTES = 4096;
const FREE_BLOCKS = 1024;

/** Counts what is read of a file: a few blocks that link each other many times over could keep us reading for ever. */
interface Budget {
  blocks: number;
}

/**
 * Cuts a UnixFS file into the pieces in which it is fetched, in order. Only blocks that link others are read, each when
 * its turn comes; of whatever profile the file is, its pieces cover exactly the size that is expected.
 *
 * @param size - of the file in bytes, as it was recorded
 * @param read - of blocks that link
 * @throws {ProvenanceError} as the reader, `STORE_BLOCK_CORRUPT` for what is no file of that size
 */
export async function* listFilePieces(root: CID, size: number, read: BlockReader): AsyncGenerator<FilePiece> {
  const budget = { blocks: FREE_BLOCKS + Math.ceil(size / MIN_MEAN_BLOCK_BYTES) };
  yield* walkPieces({ cid: root, offset: 0, size }, read, budget, 0);
}

/**
 * Reads a piece.
 *
 * @param read - of any blocks, checked against their CIDs
 * @returns exactly `size` bytes
 * @throws {ProvenanceError} as the reader, `STORE_BLOCK_CORRUPT`
 */
export async function readFilePiece(piece: FilePiece, read: BlockReader): Promise<Uint8Array> {
  if ("bytes" in piece) return piece.bytes;
  if (piece.cid.code === raw.code) return readLeaf(piece.cid, piece.size, read);
  const bytes = new Uint8Array(piece.size);
  const budget = { blocks: FREE_BLOCKS };
  for await (const part of walkParts(piece, read, budget, 0)) {
    const content = "bytes" in part ? part.bytes : await readLeaf(part.cid, part.size, read);
    bytes.set(content, part.offset - piece.offset);
  }
  return bytes;
}

/** Tells whether bytes are those of a piece, where its CID says it of the bytes themselves: false where it does not. */
export function isPiece({ size, ...piece }: FilePiece, bytes: Uint8Array): boolean {
  return "cid" in piece && piece.cid.code === raw.code && bytes.length === size && bytesMatchCid(piece.cid, bytes);
}

type Subtree = Extract<FilePiece, { cid: CID }>;

async function* walkPieces(
  piece: Subtree,
  read: BlockReader,
  budget: Budget,
  depth: number,
): AsyncGenerator<FilePiece> {
  if (piece.cid.code === raw.code) assertLeafSize(piece);
  if (piece.cid.code !== raw.code && piece.size > MAX_BLOCK_BYTES) {
    for (const part of await partsOf(piece, read, depth)) {
      if ("bytes" in part) yield part;
      else yield* walkPieces(part, read, budget, depth + 1);
    }
  } else yield piece;
  if (--budget.blocks < 0) throw notThatFile(piece.cid, "has too many blocks");
}

/** All of a small subtree: nothing but leaves and bytes. */
async function* walkParts(piece: Subtree, read: BlockReader, budget: Budget, depth: number): AsyncGenerator<FilePiece> {
  if (--budget.blocks < 0) throw notThatFile(piece.cid, "has too many blocks");
  if (piece.cid.code === raw.code) yield piece;
  else {
    for (const part of await partsOf(piece, read, depth)) {
      if ("bytes" in part) yield part;
      else yield* walkParts(part, read, budget, depth + 1);
    }
  }
}

/** What a linking block joins: bytes of its own first, then what it links, each of the size it states. */
async function partsOf({ cid, offset, size }: Subtree, read: BlockReader, depth: number): Promise<FilePiece[]> {
  if (depth === MAX_DEPTH) throw notThatFile(cid, "is nested too deep");
  const node = await readNode(cid, read);
  const own = node.unixfs.data ?? new Uint8Array();
  const sizes = sizesOf(cid, node);
  if (sizes.reduce((sum, part) => sum + part, own.length) !== size) throw notThatFile(cid, `has not ${size} bytes`);
  const parts: FilePiece[] = own.length > 0 ? [{ offset, size: own.length, bytes: own }] : [];
  let start = offset + own.length;
  for (const [i, { Hash }] of node.links.entries()) {
    const part = sizes[i] as number;
    parts.push({ cid: Hash, offset: start, size: part });
    start += part;
  }
  return parts;
}

function sizesOf(cid: CID, { unixfs, links }: UnixfsNode): number[] {
  if (unixfs.type !== "file" && unixfs.type !== "raw") throw notThatFile(cid, "is no part of a file");
  const sizes = unixfs.blockSizes.map(Number);
  // Nothing may stand for nothing: the file would have no end.
  if (sizes.length !== links.length || !sizes.every((size) => Number.isSafeInteger(size) && size > 0)) {
    throw notThatFile(cid, "does not say how long its parts are");
  }
  return sizes;
}

async function readLeaf(cid: CID, size: number, read: BlockReader): Promise<Uint8Array> {
  const bytes = await read(cid);
  if (bytes.length !== size) throw notThatFile(cid, `has ${bytes.length} bytes where ${size} are expected`);
  return bytes;
}

function assertLeafSize({ cid, size }: Subtree): void {
  if (size > MAX_FOREIGN_BLOCK_BYTES) throw notThatFile(cid, `is one block, and cannot hold ${size} bytes`);
}

function notThatFile(cid: CID, fault: string): ProvenanceError {
  return new ProvenanceError("STORE_BLOCK_CORRUPT", `${cid.toString()} ${fault}: not the file that was recorded.`);
}

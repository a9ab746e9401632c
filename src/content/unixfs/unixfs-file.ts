import * as dagPb from "@ipld/dag-pb";
import { UnixFS } from "ipfs-unixfs";
import { varint } from "multiformats";
import { type CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { concatBytes } from "../../base/bytes.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { toHex } from "../../base/hex.ts";
import type { UnixfsEntry } from "./unixfs-folder.ts";
import { type Block, MAX_BLOCK_BYTES, computeCid, rawBlock, rawCidOfDigest } from "../cid.ts";

/** The name of the parameters used here, as IPIP-0499 gives it: CIDv1, raw leaves of 1 MiB, 1 024 links a node. */
export const UNIXFS_PROFILE = "unixfs-v1-2025";
const MAX_LINKS = 1024;
// What others cut has larger blocks than this: 256 KiB is the smallest common size.
const MIN_MEAN_BLOCK_BYTES = 4096;

/** How a file is cut and its blocks are linked. */
export interface UnixfsLayout {
  readonly maxLeafBytes: number;
  readonly maxLinks: number;
  /** As CIDv0 has it: leaves are UnixFS nodes that hold their bytes, and links carry no more than a multihash. */
  readonly isVersion0?: boolean;
}

// Numbers of protobuf's fields, each a varint, and the one value of the first that is written here.
const [FILE_TYPE_TAG, FILE_SIZE_TAG, BLOCK_SIZE_TAG] = [0x08, 0x18, 0x20];
const FILE_TYPE = 2;

const PROFILE_LAYOUT: UnixfsLayout = { maxLeafBytes: MAX_BLOCK_BYTES, maxLinks: MAX_LINKS };

interface Node {
  readonly cid: CID;
  /** Bytes of the file below this node. */
  readonly fileSize: number;
  /** Bytes of all blocks below this node, itself included. */
  readonly dagSize: number;
}

/**
 * Cuts a file into the blocks of a balanced UnixFS DAG, leaves first, the root last.
 *
 * @param chunks - the content, in pieces of any size
 * @param layout - that of the profile unless given
 * @returns the blocks as they are made; the generator's return value is the root CID
 * @see IPIP-0499, profile `unixfs-v1-2025`
 */
export async function* buildUnixfsFile(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  layout = PROFILE_LAYOUT,
): AsyncGenerator<Block, CID> {
  const layers: Node[][] = [];
  for await (const leaf of rechunk(chunks, layout.maxLeafBytes)) {
    const block = leafBlock(leaf, layout);
    yield block;
    yield* addNode(layers, 0, { cid: block.cid, fileSize: leaf.length, dagSize: block.bytes.length }, layout);
  }
  if (layers.length === 0) {
    const block = leafBlock(new Uint8Array(), layout);
    yield block;
    return block.cid;
  }
  return (yield* closeLayers(layers, layout)).cid;
}

function leafBlock(leaf: Uint8Array, layout: UnixfsLayout): Block {
  if (!layout.isVersion0) return rawBlock(leaf);
  const unixfs = new UnixFS({ type: "file", data: leaf });
  const bytes = dagPb.encode({ Data: unixfs.marshal(), Links: [] });
  return { cid: computeNodeCid(bytes, layout), bytes };
}

function computeNodeCid(bytes: Uint8Array, { isVersion0 = false }: UnixfsLayout): CID {
  const cid = computeCid(dagPb.code, bytes);
  return isVersion0 ? cid.toV0() : cid;
}

/**
 * Links the leaves of a file whose digests are known already, without its content.
 *
 * @param leafDigests - SHA-256 of each MiB, 32 bytes after 32 bytes; those of an empty file are one
 * @param size - of the file, in bytes
 * @returns the blocks that link, leaves not included; the generator's return value is the root
 * @see IPIP-0499, profile `unixfs-v1-2025`
 */
export function* linkUnixfsLeaves(leafDigests: Uint8Array, size: number): Generator<Block, UnixfsEntry> {
  const layers: Node[][] = [];
  for (let start = 0; start === 0 || start < size; start += MAX_BLOCK_BYTES) {
    const index = start / MAX_BLOCK_BYTES;
    const cid = rawCidOfDigest(toHex(leafDigests.subarray(index * 32, (index + 1) * 32)));
    const length = Math.min(MAX_BLOCK_BYTES, size - start);
    yield* addNode(layers, 0, { cid, fileSize: length, dagSize: length }, PROFILE_LAYOUT);
  }
  return yield* closeLayers(layers, PROFILE_LAYOUT);
}

function* closeLayers(layers: Node[][], layout: UnixfsLayout): Generator<Block, Node> {
  for (let i = 0; ; i++) {
    const layer = layers[i] as Node[];
    if (i === layers.length - 1 && layer.length === 1) return layer[0] as Node;
    yield* closeLayer(layers, i, layout);
  }
}

/** Adds a node to a layer; a full layer first becomes one node of the next, so that memory stays bounded. */
function* addNode(layers: Node[][], i: number, node: Node, layout: UnixfsLayout): Generator<Block, void> {
  const layer = (layers[i] ??= []);
  if (layer.length === layout.maxLinks) yield* closeLayer(layers, i, layout);
  layer.push(node);
}

function* closeLayer(layers: Node[][], i: number, layout: UnixfsLayout): Generator<Block, void> {
  const parent = joinNodes((layers[i] as Node[]).splice(0), layout);
  yield parent.block;
  yield* addNode(layers, i + 1, parent.node, layout);
}

function joinNodes(children: readonly Node[], layout: UnixfsLayout): { block: Block; node: Node } {
  const fileSize = children.reduce((sum, child) => sum + child.fileSize, 0);
  const links = children.map(({ cid, dagSize }) => ({ Name: "", Hash: cid, Tsize: dagSize }));
  const bytes = dagPb.encode({ Data: encodeSizes(fileSize, children), Links: links });
  const cid = computeNodeCid(bytes, layout);
  const dagSize = children.reduce((sum, child) => sum + child.dagSize, bytes.length);
  return { block: { cid, bytes }, node: { cid, fileSize, dagSize } };
}

/**
 * UnixFS' data of a node that joins parts of a file: `Type` 2, `filesize`, and each part's `blocksizes`. ipfs-unixfs 13.1
 * (protons-runtime 7.1) writes one byte of a size from 2 to 4 GiB, and leaves the others as the memory was.
 *
 * @see https://specs.ipfs.tech/unixfs/#data-format
 */
function encodeSizes(fileSize: number, parts: readonly Pick<Node, "fileSize">[]): Uint8Array {
  const numbers = [FILE_TYPE_TAG, FILE_TYPE, FILE_SIZE_TAG, fileSize];
  for (const part of parts) numbers.push(BLOCK_SIZE_TAG, part.fileSize);
  const bytes = new Uint8Array(numbers.reduce((length, number) => length + varint.encodingLength(number), 0));
  let at = 0;
  for (const number of numbers) {
    varint.encodeTo(number, bytes, at);
    at += varint.encodingLength(number);
  }
  return bytes;
}

async function* rechunk(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  let pending: Uint8Array[] = [];
  let pendingSize = 0;
  for await (const chunk of chunks) {
    for (let rest = chunk; rest.length > 0;) {
      const piece = rest.subarray(0, maxBytes - pendingSize);
      pending.push(piece);
      pendingSize += piece.length;
      rest = rest.subarray(piece.length);
      if (pendingSize === maxBytes) {
        yield concatBytes(pending);
        pending = [];
        pendingSize = 0;
      }
    }
  }
  if (pendingSize > 0) yield concatBytes(pending);
}

/**
 * Reads a UnixFS file back, block by block. Every block is checked by the reader given.
 *
 * @param getBlock - returns the bytes of a CID, verified against it
 * @param maxBytes - where to stop: a longer file is refused
 * @throws {ProvenanceError} `STORE_BLOCK_CORRUPT` if it is no UnixFS file or longer than maxBytes
 */
export async function readUnixfsFile(
  root: CID,
  getBlock: (cid: CID) => Promise<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array> {
  const leaves: Uint8Array[] = [];
  let size = 0;
  // A few blocks that link each other many times over could keep us reading for ever.
  let budget = MAX_LINKS + maxBytes / MIN_MEAN_BLOCK_BYTES;
  const waiting = [root];
  for (let cid = waiting.pop(); cid !== undefined; cid = waiting.pop()) {
    if (--budget < 0 || waiting.length > 64 * MAX_LINKS) throw notAFile(root, "has too many blocks");
    const bytes = await getBlock(cid);
    if (cid.code === raw.code) {
      size += bytes.length;
      if (size > maxBytes) throw notAFile(root, `is longer than ${maxBytes} bytes`);
      leaves.push(bytes);
      continue;
    }
    if (cid.code !== dagPb.code) throw notAFile(root, "holds a block of another codec");
    waiting.push(...linksOf(root, bytes).reverse());
  }
  return concatBytes(leaves);
}

function linksOf(root: CID, bytes: Uint8Array): CID[] {
  let node: dagPb.PBNode;
  let unixfs: UnixFS;
  try {
    node = dagPb.decode(bytes);
    unixfs = UnixFS.unmarshal(node.Data as Uint8Array);
  } catch {
    throw notAFile(root, "holds a block that cannot be decoded");
  }
  if (unixfs.type !== "file" || unixfs.data?.length) throw notAFile(root, "holds a node that joins no parts of a file");
  if (node.Links.length > MAX_LINKS) throw notAFile(root, "has too many links");
  return node.Links.map(({ Hash }) => Hash);
}

function notAFile(root: CID, fault: string): ProvenanceError {
  return new ProvenanceError(
    "STORE_BLOCK_CORRUPT",
    `${root.toString()} ${fault}: not the UnixFS file that was expected.`,
  );
}

import { createWriter, headerLength } from "@ipld/car/buffer-writer";
import { varint } from "multiformats";
import type { CID } from "multiformats/cid";
import { concatBytes } from "../../base/bytes.ts";
import type { Block } from "../cid.ts";

// So much is written by one call: more gains nothing, and is held in memory twice (bench/README.md).
const BATCH_BYTES = 4 * 1024 * 1024;
// Shorter pieces are put together: each would be a call, or a chunk, of its own.
const SMALL_BYTES = 64 * 1024;

/**
 * Writes blocks as a content-addressed archive, CARv1, piece by piece.
 *
 * @param roots - of its header: what a store that takes it pins
 * @param blocks - each is written once, in this order
 * @returns the bytes of the archive as they are made, in pieces of up to a few MiB; no more than that is held back
 * @see https://ipld.io/specs/transport/car/carv1/
 */
export async function* writeCar(
  roots: CID | readonly CID[],
  blocks: Iterable<Block> | AsyncIterable<Block>,
): AsyncGenerator<Uint8Array, void> {
  for await (const pieces of writeBatches("code" in roots ? [roots] : roots, blocks)) yield* pieces;
}

/** The pieces of an archive, as many at once as are worth a call. */
async function* writeBatches(
  roots: readonly CID[],
  blocks: Iterable<Block> | AsyncIterable<Block>,
): AsyncGenerator<Uint8Array[], void> {
  let pieces: Uint8Array[] = [];
  let small = [writeHeader(roots)];
  let [size, smallSize] = [0, 0];
  for await (const { cid, bytes } of blocks) {
    small.push(writeBlockHead(cid, bytes.length));
    const isSmall = bytes.length < SMALL_BYTES;
    if (isSmall) small.push(bytes);
    smallSize += cid.bytes.length + (isSmall ? bytes.length : 0);
    size += bytes.length;
    if (!isSmall || smallSize >= SMALL_BYTES) {
      pieces.push(concatBytes(small));
      if (!isSmall) pieces.push(bytes);
      small = [];
      smallSize = 0;
    }
    if (size < BATCH_BYTES) continue;
    yield pieces;
    pieces = [];
    size = 0;
  }
  if (small.length > 0) pieces.push(concatBytes(small));
  if (pieces.length > 0) yield pieces;
}

/** The header of an archive with one root. */
export function writeCarHeader(root: CID): Uint8Array {
  return writeHeader([root]);
}

function writeHeader(all: readonly CID[]): Uint8Array {
  const roots = [...all];
  return createWriter(new ArrayBuffer(headerLength({ roots })), { roots }).close();
}

/** What stands before a block's bytes: their length and that of the CID together, and the CID. */
export function writeBlockHead({ bytes }: CID, size: number): Uint8Array {
  const length = bytes.length + size;
  const head = new Uint8Array(varint.encodingLength(length) + bytes.length);
  varint.encodeTo(length, head);
  head.set(bytes, head.length - bytes.length);
  return head;
}

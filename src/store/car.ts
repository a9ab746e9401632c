import { CarWriter } from "@ipld/car";
import { varint } from "multiformats";
import type { CID } from "multiformats/cid";
import type { Block } from "./cid.ts";

/**
 * Writes blocks as a content-addressed archive, CARv1, piece by piece.
 *
 * @param root - the only root in its header
 * @param blocks - each is written once, in this order
 * @returns the bytes of the archive as they are made; nothing is held back
 * @see https://ipld.io/specs/transport/car/carv1/
 */
export async function* writeCar(
  root: CID,
  blocks: Iterable<Block> | AsyncIterable<Block>,
): AsyncGenerator<Uint8Array, void> {
  yield* writeHeader(root);
  for await (const { cid, bytes } of blocks) {
    const length = cid.bytes.length + bytes.length;
    const head = new Uint8Array(varint.encodingLength(length) + cid.bytes.length);
    varint.encodeTo(length, head);
    head.set(cid.bytes, head.length - cid.bytes.length);
    yield head;
    if (bytes.length > 0) yield bytes;
  }
}

async function* writeHeader(root: CID): AsyncGenerator<Uint8Array, void> {
  const { writer, out } = CarWriter.create([root]);
  const closed = writer.close();
  yield* out;
  await closed;
}

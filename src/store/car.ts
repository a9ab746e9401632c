import { CarWriter } from "@ipld/car";
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
  const { writer, out } = CarWriter.create([root]);
  const feeding = (async () => {
    for await (const block of blocks) await writer.put(block);
    await writer.close();
  })();
  // A reader that stops early, or a source that fails, ends both sides.
  const failed = feeding.then(
    () => new Promise<never>(() => undefined),
    (error: unknown) => Promise.reject(error as Error),
  );
  const pieces = out[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([pieces.next(), failed]);
    if (next.done === true) break;
    yield next.value;
  }
  await feeding;
}

import type { ByteSource } from "../formats/byte-source.ts";

// As for whole files: 4 MiB a read, the next one under way while this one is hashed.
const PIECE_BYTES = 4 * 1024 * 1024;

/**
 * Reads a range in pieces of at most 4 MiB, one ahead, in two buffers.
 *
 * @returns pieces that are valid until the next one is asked for
 */
export async function* readPieces(
  source: ByteSource,
  begin: number,
  end: number,
): AsyncGenerator<{ readonly position: number; readonly bytes: Uint8Array }> {
  const size = Math.min(PIECE_BYTES, end - begin);
  let [current, next] = [new Uint8Array(size), new Uint8Array(size)];
  const read = async (into: Uint8Array, position: number): Promise<Uint8Array> => {
    const bytes = into.subarray(0, Math.min(size, end - position));
    await source.read(bytes, position);
    return bytes;
  };
  let reading = begin < end ? read(current, begin) : undefined;
  for (let position = begin; reading !== undefined;) {
    const bytes = await reading;
    const following = position + bytes.length;
    reading = following < end ? read(next, following) : undefined;
    // Whoever stops early leaves this read unawaited; its failure must not end the process.
    reading?.catch(() => undefined);
    yield { position, bytes };
    position = following;
    [current, next] = [next, current];
  }
}

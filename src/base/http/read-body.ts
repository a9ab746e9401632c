import type { IncomingMessage } from "node:http";
import { type Readable, pipeline } from "node:stream";
import { createBrotliDecompress, createGunzip } from "node:zlib";
import { HttpFault } from "./http-fault.ts";
import type { Watch } from "./watch.ts";

/** What holds for the body of an answer. */
export interface BodyBounds {
  readonly maxBytes: number;
  readonly times: { readonly idle: number };
  readonly compressed?: boolean;
  readonly onBytes?: (() => void) | undefined;
}

/** Reads the body of an answer as it comes, within its bounds. @throws {HttpFault} */
export async function* readBody(
  message: IncomingMessage,
  bounds: BodyBounds,
  watch: Watch,
): AsyncGenerator<Uint8Array> {
  const { maxBytes, times, onBytes } = bounds;
  const tooLong = () => new HttpFault("oversize", `answers with more than ${maxBytes} bytes`);
  try {
    const stream = decompress(message, bounds.compressed ?? false);
    if (stream === message && Number(message.headers["content-length"] ?? 0) > maxBytes) throw tooLong();
    let size = 0;
    watch.expect(times.idle, "sent nothing");
    for await (const piece of stream as AsyncIterable<Buffer>) {
      watch.rest();
      size += piece.length;
      if (size > maxBytes) throw tooLong();
      onBytes?.();
      yield piece;
      watch.expect(times.idle, "sent nothing");
    }
    if (!message.complete) throw new HttpFault("unavailable", "broke its answer off", true);
  } catch (error) {
    if (error instanceof HttpFault) throw error;
    throw watch.fault ?? new HttpFault("unavailable", "broke its answer off", true);
  } finally {
    watch.stop();
    message.destroy();
  }
}

/** Reads a body whole. @throws {HttpFault} */
export async function readAll(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}

function decompress(message: IncomingMessage, wanted: boolean): Readable {
  const encoding = message.headers["content-encoding"] ?? "identity";
  if (encoding === "identity" || encoding === "") return message;
  const stream = encoding === "gzip" ? createGunzip() : encoding === "br" ? createBrotliDecompress() : undefined;
  if (stream === undefined || !wanted) {
    throw new HttpFault("refused", `answers compressed (${encoding.slice(0, 20)}), which was not asked for`);
  }
  return pipeline(message, stream, () => undefined);
}

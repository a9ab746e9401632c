import { FlateErrorCode, type FlateError, Gunzip, Inflate } from "fflate";

/** What bytes are packed as: bare DEFLATE, in a gzip file, in zlib's frame. */
export type Packing = "raw" | "gzip" | "zlib";

/** Asked for at run time, so that what uses this runs in a browser as well; its own unpacks two to three times as fast. */
const zlib = (globalThis as { process?: Partial<NodeJS.Process> }).process?.getBuiltinModule?.("node:zlib");

/**
 * Unpacks bytes that may be cut off: what there is of them.
 *
 * @param maxBytes - the longest result
 * @throws {RangeError} for a longer one; whatever an unpacker throws at bytes that are not packed so
 */
export function inflateStart(packed: Uint8Array, packing: Packing, maxBytes: number): Uint8Array {
  if (zlib === undefined) return inflatePortably(packed, packing, maxBytes);
  const unpack = { raw: zlib.inflateRawSync, gzip: zlib.gunzipSync, zlib: zlib.inflateSync }[packing];
  return unpack(packed, { finishFlush: zlib.constants.Z_SYNC_FLUSH, maxOutputLength: maxBytes });
}

// What 4 KiB unpack to, at most 4 MiB, is what may be held beyond the bound.
const PIECE_BYTES = 4 * 1024;

/** As {@link inflateStart} where there is no Node. */
export function inflatePortably(packed: Uint8Array, packing: Packing, maxBytes: number): Uint8Array {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const content = packing === "zlib" ? withoutFrame(packed) : packed;
  const stream = new (packing === "gzip" ? Gunzip : Inflate)((piece: Uint8Array) => {
    size += piece.length;
    if (size > maxBytes) throw new RangeError(`It unpacks to more than ${maxBytes} bytes.`);
    pieces.push(piece);
  });
  try {
    for (let at = 0; at < content.length; at += PIECE_BYTES) stream.push(content.subarray(at, at + PIECE_BYTES));
    stream.push(new Uint8Array(0), true);
  } catch (error) {
    // The end is cut off: that is what was to be expected.
    if ((error as Partial<FlateError>).code !== FlateErrorCode.UnexpectedEOF) throw error;
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** The content of a zlib frame, whose end may be cut off. @see RFC 1950 */
function withoutFrame(packed: Uint8Array): Uint8Array {
  const [method = 0, flags = 0] = packed;
  const isFrame = (method & 15) === 8 && method >> 4 <= 7 && ((method << 8) | flags) % 31 === 0 && (flags & 32) === 0;
  if (!isFrame) throw new Error("There is no header of zlib.");
  return packed.subarray(2);
}

import type { ReadableFile } from "../../src/content/car/file-bytes.ts";

/** Bytes that are read like a file, so much by each call at the most. */
export function fileOf(bytes: Uint8Array, atOnce = Infinity): ReadableFile {
  return {
    read: (buffer, offset, length, position) => {
      const part = bytes.subarray(position, position + Math.min(length, atOnce));
      buffer.set(part, offset);
      return Promise.resolve({ bytesRead: part.length });
    },
  };
}

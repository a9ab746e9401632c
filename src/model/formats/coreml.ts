import type { Buffer } from "buffer";
import type { Format } from "./format.ts";

const BLOB_VERSION = 2;
const BLOB_HEADER_BYTES = 64;
const MAX_BLOBS = 0xffffff;

/**
 * Tells whether a file begins as the weights of a Core ML package: a count, version 2, and zeros up to byte 64.
 *
 * @see coremltools, mlmodel/src/MILBlob/Blob/StorageFormat.hpp
 */
export function isCoremlBlob(start: Buffer): boolean {
  if (start.length < BLOB_HEADER_BYTES) return false;
  const [count, version] = [start.readUInt32LE(0), start.readUInt32LE(4)];
  return (
    count > 0 &&
    count <= MAX_BLOBS &&
    version === BLOB_VERSION &&
    start.subarray(8, BLOB_HEADER_BYTES).every((byte) => byte === 0)
  );
}

/** Core ML: a model in protobuf; the weights of a package are `weight.bin`, which its first bytes tell from a pickle. */
export const coreml = {
  name: "coreml",
  extensions: [".mlmodel"],
  isWeight: true,
  mayRunCode: "never",
  holdsTensors: "none",
  read: () => Promise.resolve({}),
} as const satisfies Format;

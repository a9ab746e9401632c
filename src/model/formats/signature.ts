import type { Buffer } from "buffer";
import { readBytes } from "./byte-source.ts";
import type { Format } from "./format.ts";
import { invalidHeader } from "./header-error.ts";

const SIGNATURE_BYTES = 64;

/** Makes the reader of a format of which the first bytes alone are looked at. */
export function readBySignature(format: string, hasSignature: (start: Buffer) => boolean): Format["read"] {
  return async (_, source) => {
    if (hasSignature(await readBytes(source, 0, Math.min(SIGNATURE_BYTES, source.size)))) return {};
    throw invalidHeader(`it does not begin as a ${format} file`);
  };
}

import { Buffer } from "buffer";
import { type ByteSource, readBytes } from "./byte-source.ts";
import type { Format } from "./format.ts";
import { invalidHeader } from "./header-error.ts";
import objects from "./keras-objects.json" with { type: "json" };

const SIGNATURE = Buffer.from("\x89HDF\r\n\x1a\n", "latin1");
const FIRST_USER_BLOCK = 512;
const SEARCHED_BYTES = 16 * 1024 * 1024;
const PIECE_BYTES = 1024 * 1024;
const OVERLAP_BYTES = 256;
const RUNS_CODE = new RegExp(`"class_name"\\s*:\\s*"(${objects.codeClasses.join("|")})"`);

/** HDF5, as Keras and TensorFlow write weights, and Keras whole models. @see HDF5 File Format Specification 3.0, section II.A */
export const hdf5 = {
  name: "hdf5",
  extensions: [".h5", ".hdf5"],
  isWeight: true,
  mayRunCode: "by header",
  holdsTensors: "none",
  read: async (_, source) => {
    if (await hasSignature(source)) return { isUnsafe: await namesCode(source) };
    throw invalidHeader("it does not begin as a hdf5 file");
  },
} as const satisfies Format;

/** The signature stands at the beginning, or behind a user block of 512 bytes, or twice as many, and so on. */
async function hasSignature(source: ByteSource): Promise<boolean> {
  for (let at = 0; at + SIGNATURE.length <= source.size; at = at === 0 ? FIRST_USER_BLOCK : 2 * at) {
    if ((await readBytes(source, at, SIGNATURE.length)).equals(SIGNATURE)) return true;
  }
  return false;
}

/** Keras keeps a model's configuration as text in an attribute, near the beginning; the first and last 16 MiB are searched for it. */
async function namesCode(source: ByteSource): Promise<boolean> {
  const tail = Math.max(SEARCHED_BYTES, source.size - SEARCHED_BYTES);
  return (await searchRange(source, 0, SEARCHED_BYTES)) || searchRange(source, tail - OVERLAP_BYTES, source.size);
}

async function searchRange(source: ByteSource, begin: number, end: number): Promise<boolean> {
  const last = Math.min(end, source.size);
  for (let at = begin; at < last; at += PIECE_BYTES) {
    const piece = await readBytes(source, at, Math.min(PIECE_BYTES + OVERLAP_BYTES, last - at));
    if (RUNS_CODE.test(piece.toString("latin1"))) return true;
  }
  return false;
}

import { Buffer } from "buffer";
import { inflateStart } from "../../base/inflate.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { fileKinds, hasEnding, hasKnownName } from "../file-kinds.ts";
import { type ByteSource, type SourceFile, bytesSource, readBytes, withSource } from "./byte-source.ts";
import { isPickleName } from "./formats.ts";
import { MAX_NPY_HEADER_BYTES, readArrayHeader } from "./npy.ts";
import { readNpz } from "./npz.ts";
import { unpicklesToCall } from "./unpickler.ts";
import { isZip, listZip } from "./zip-directory.ts";
import { openZipEntry } from "./zip.ts";

const START_BYTES = 12 + MAX_NPY_HEADER_BYTES;
const PICKLE_START = 64;
const PACKED_BYTES = 64 * 1024;
/** How many files of an archive are looked into; of those behind them the names decide alone. */
const MAX_MEMBERS = 256;
const UNPACKED_BYTES = 128 * 1024 * 1024;
const ZIP = Buffer.from("PK\x03\x04", "latin1");
const LAST_PROTOCOL = 5;
/** An empty dictionary or list of protocol 0: nothing is called, and nothing else begins like this. */
const EMPTY_PICKLE = /^\([dl]p\d+\n/;
// What joblib and pandas also take, and nothing here unpacks: bzip2, xz, LZMA, LZ4, Zstandard.
const PACKED = /^(?:BZh[1-9]1AY&SY|\xfd7zXZ\0|\x5d\0\0[\0-\xff]{2}|\x04\x22\x4d\x18|\x28\xb5\x2f\xfd)/;

/**
 * Tells by what lies in a file whether loading it may run code, whatever it is called: a pickle that an unpickler follows up
 * to a call, packed or not, an array of NumPy with objects, or a zip archive with either. Files that are named after text,
 * pictures, safetensors or GGUF are not opened. The beginning and the end are read, and a pickle is followed for 100 000
 * opcodes at most.
 *
 * @throws {ProvenanceError} `MODEL_UNREADABLE`, `MODEL_CHANGED`
 */
export async function looksLikePickle(file: SourceFile): Promise<boolean> {
  if (isNeverUnpickled(file.name)) return false;
  return withSource(file, (source) => holdsPickle(file.name, source));
}

/** Text, pictures and formats whose own readers never unpickle: whatever lies in them, it is not run by these. */
function isNeverUnpickled(name: string): boolean {
  return hasEnding(name, fileKinds.neverUnpickled);
}

async function holdsPickle(name: string, source: ByteSource): Promise<boolean> {
  const start = await readBytes(source, 0, Math.min(START_BYTES, source.size));
  if (start.subarray(0, ZIP.length).equals(ZIP) || (await isZip(source))) return zipHoldsPickles(source);
  if (await beginsAsPickle(source)) return true;
  const array = readArrayHeader(start);
  if (array !== undefined) return array.hasObjects;
  // numpy.load takes what does not begin as an array for a pickle.
  return /\.npy$/i.test(name) || packsPickle(name, source);
}

async function beginsAsPickle(source: ByteSource): Promise<boolean> {
  return isPickle(await readBytes(source, 0, Math.min(PICKLE_START, source.size))) || unpicklesToCall(source);
}

function isPickle(start: Buffer): boolean {
  const [mark, protocol = 0] = start;
  if (mark === 0x80) return protocol >= 2 && protocol <= LAST_PROTOCOL;
  return EMPTY_PICKLE.test(start.toString("latin1", 0, PICKLE_START));
}

/** A packed file is judged by what it begins with; one that cannot be unpacked here, by the name without its last ending. */
async function packsPickle(name: string, source: ByteSource): Promise<boolean> {
  const packed = await readBytes(source, 0, Math.min(PACKED_BYTES, source.size));
  const inner = name.replace(/\.[^./]*$/, "");
  if (PACKED.test(packed.toString("latin1", 0, 16))) return !isNeverUnpickled(inner) && !hasKnownName(inner);
  const unpacked = unpackStart(packed);
  if (unpacked === undefined) return false;
  return isPickle(unpacked) || unpicklesToCall(bytesSource(unpacked), packed.length < source.size);
}

function unpackStart(packed: Buffer): Buffer | undefined {
  const isGzip = packed[0] === 0x1f && packed[1] === 0x8b;
  const isZlib = packed[0] === 0x78 && packed.length > 1 && packed.readUInt16BE(0) % 31 === 0;
  if (!isGzip && !isZlib) return undefined;
  try {
    const { buffer, byteOffset, length } = inflateStart(packed, isGzip ? "gzip" : "zlib", UNPACKED_BYTES);
    return Buffer.from(buffer, byteOffset, length);
  } catch {
    return undefined;
  }
}

/** An archive that is malformed counts: another reader may read on. */
async function zipHoldsPickles(source: ByteSource): Promise<boolean> {
  try {
    const entries = await listZip(source);
    if (entries.some(({ name }) => isPickleName(name))) return true;
    if (entries.some(({ name }) => name.endsWith(".npy")) && (await readNpz(source)).hasObjects) return true;
    for (const entry of entries.slice(0, MAX_MEMBERS)) {
      if (!isNeverUnpickled(entry.name) && (await beginsAsPickle(await openZipEntry(source, entry)))) return true;
    }
    return false;
  } catch (error) {
    if (error instanceof ProvenanceError && error.code === "MODEL_HEADER_INVALID") return true;
    throw error;
  }
}

import { ProvenanceError } from "../../base/errors.ts";
import { type ByteSource, type SourceFile, readBytes, withSource } from "./byte-source.ts";
import { isPickleName } from "./format-of.ts";
import { readPlainArray } from "./npy.ts";

// Text, pictures and formats whose own readers never unpickle: whatever lies in them, it is not run by these.
const INNOCENT =
  /\.(safetensors|gguf|json|jsonl|txt|md|rst|csv|tsv|ya?ml|toml|html|xml|svg|png|jpe?g|gif|webp|pdf|parquet|arrow)$/i;
const START_BYTES = 1024;
const ZIP = Buffer.from("PK\x03\x04", "latin1");
const LAST_PROTOCOL = 5;
/** The first opcodes of protocols 0 and 1, which have no signature: GLOBAL, also after marks, and an empty dict or list. */
const OLD_PICKLE = /^(\(*c[\w.]+\n[\w.]+\n|\([dl]p\d+\n)/;

/**
 * Tells by the first 1024 bytes of a file whether it is a pickle, an array of NumPy with objects, or a zip archive with
 * either, whatever the file is called. Files that are named after text, pictures, safetensors or GGUF are not opened.
 *
 * @throws {ProvenanceError} `MODEL_UNREADABLE`, `MODEL_CHANGED`
 */
export async function looksLikePickle(file: SourceFile): Promise<boolean> {
  if (INNOCENT.test(file.name)) return false;
  return withSource(file, async (source) => {
    const start = await readBytes(source, 0, Math.min(START_BYTES, source.size));
    if (start.subarray(0, ZIP.length).equals(ZIP)) return holdsPickles(source);
    if (isPickle(start)) return true;
    const array = readPlainArray(start);
    // numpy.load takes what does not begin as an array for a pickle.
    return array === false || (array === undefined && /\.npy$/i.test(file.name));
  });
}

function isPickle(start: Buffer): boolean {
  const [mark, protocol = 0] = start;
  if (mark === 0x80) return protocol >= 2 && protocol <= LAST_PROTOCOL;
  return OLD_PICKLE.test(start.toString("latin1"));
}

/** An archive that is malformed counts: another reader may read on. */
async function holdsPickles(source: ByteSource): Promise<boolean> {
  // Loaded only where such a file is: most models have none.
  const [{ listZip }, { readNpz }] = await Promise.all([import("./zip.ts"), import("./npz.ts")]);
  try {
    const entries = await listZip(source);
    if (entries.some(({ name }) => isPickleName(name))) return true;
    return entries.some(({ name }) => name.endsWith(".npy")) && (await readNpz(source)).hasObjects;
  } catch (error) {
    if (error instanceof ProvenanceError && error.code === "MODEL_HEADER_INVALID") return true;
    throw error;
  }
}

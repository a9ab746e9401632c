import { ProvenanceError } from "../../base/errors.ts";
import type { SourceFile } from "./byte-source.ts";
import { type FormatName, formatOfName, isPickleName } from "./format-of.ts";
import { looksLikePickle } from "./sniff-pickle.ts";

export { isPickleName } from "./format-of.ts";

// Of these, what a file holds decides whether loading it may run code; of names that are a pickle's, the name alone.
const BY_CONTENT: readonly (FormatName | undefined)[] = ["keras", "npz"];

/**
 * Finds the files that may run code when they are loaded: pickles by their name, and under any other by their first bytes;
 * arrays of NumPy with objects; Keras archives with Lambda layers. One small read a file; those that are named after a
 * pickle, text, pictures, safetensors or GGUF are not opened.
 *
 * @returns their names, in the order of the files
 * @throws {ProvenanceError} `MODEL_UNREADABLE`, `MODEL_CHANGED`
 */
export async function findUnsafeSerialization(files: readonly SourceFile[]): Promise<string[]> {
  const unsafe: string[] = [];
  for (const file of files) {
    if (await isUnsafe(file)) unsafe.push(file.name);
  }
  return unsafe;
}

async function isUnsafe(file: SourceFile): Promise<boolean> {
  const { name } = file;
  if (isPickleName(name)) return true;
  return BY_CONTENT.includes(formatOfName(name)) ? mayRunCode(file) : looksLikePickle(file);
}

/**
 * Tells the same of a file whose header was read.
 *
 * @param header - undefined where it is malformed, or of no known format
 */
export async function isUnsafeWith(file: SourceFile, header: { isUnsafe: boolean } | undefined): Promise<boolean> {
  if (header?.isUnsafe === true || isPickleName(file.name)) return true;
  // Of a malformed archive another loader may read on.
  return BY_CONTENT.includes(formatOfName(file.name)) ? header === undefined : looksLikePickle(file);
}

async function mayRunCode(file: SourceFile): Promise<boolean> {
  // Loaded only where such a file is: most models are hashed without.
  const { readFileHeader } = await import("./file-headers.ts");
  try {
    return (await readFileHeader(file))?.isUnsafe ?? false;
  } catch (error) {
    if (error instanceof ProvenanceError && error.code === "MODEL_HEADER_INVALID") return true;
    throw error;
  }
}

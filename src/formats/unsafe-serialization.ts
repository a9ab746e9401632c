import { ProvenanceError } from "../errors.ts";
import type { SourceFile } from "./byte-source.ts";
import { type FormatName, formatOfName } from "./format-of.ts";

// Of these, what a file holds decides whether loading it may run code; of pickles the name alone.
const BY_CONTENT: readonly (FormatName | undefined)[] = ["keras", "npz"];

/**
 * Finds the files that may run code when they are loaded: pickles, archives of NumPy with objects, Keras models with Lambda
 * layers. Only the latter two are opened.
 *
 * @returns their names, in the order of the files
 * @throws {ProvenanceError} `MODEL_UNREADABLE`, `MODEL_CHANGED`
 */
export async function findUnsafeSerialization(files: readonly SourceFile[]): Promise<string[]> {
  const unsafe: string[] = [];
  for (const file of files) {
    const { name } = file;
    const isSuspect = isPickleName(name) || (BY_CONTENT.includes(formatOfName(name)) && (await mayRunCode(file)));
    if (isSuspect) unsafe.push(name);
  }
  return unsafe;
}

/** Tells by a file's name that loading it may run code, whatever lies in it. */
export function isPickleName(name: string): boolean {
  return formatOfName(name) === "pickle";
}

/** Tells whether a file whose header is malformed must be taken for one that may run code: a loader may read on. */
export function isUnsafeMalformed(name: string): boolean {
  return isPickleName(name) || BY_CONTENT.includes(formatOfName(name));
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

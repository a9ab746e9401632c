import { ProvenanceError } from "../../base/errors.ts";
import type { SourceFile } from "./byte-source.ts";
import { readFileHeader } from "./file-headers.ts";
import { formatOf } from "./formats.ts";
import { looksLikePickle } from "./looks-like-pickle.ts";

export { isPickleName } from "./formats.ts";

// Of files with this ending alone a look at the first bytes tells that they are of another format.
const SHARED_ENDING = /\.bin$/i;

/**
 * Finds the files that may run code when they are loaded: those of formats that always may, of which nothing is opened but
 * `.bin`; those in which it lies, of others; and under any other name what a loader would unpickle.
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
  const format = formatOf(file.name);
  if (format?.mayRunCode === "always" && !SHARED_ENDING.test(file.name)) return true;
  if (format === undefined || format.mayRunCode === "never") return isUnsafeWith(file, undefined);
  try {
    return await isUnsafeWith(file, await readFileHeader(file));
  } catch (error) {
    if (error instanceof ProvenanceError && error.code === "MODEL_HEADER_INVALID") return isUnsafeWith(file, undefined);
    throw error;
  }
}

/**
 * Tells the same of a file whose header was read.
 *
 * @param header - undefined where it is malformed, or of no known format
 */
export async function isUnsafeWith(file: SourceFile, header: { isUnsafe: boolean } | undefined): Promise<boolean> {
  const mayRunCode = formatOf(file.name)?.mayRunCode ?? "never";
  if (mayRunCode === "never" || mayRunCode === "by header") return header?.isUnsafe === true || looksLikePickle(file);
  // Of a malformed archive another loader may read on.
  return header?.isUnsafe ?? true;
}

import { readGivenFile } from "../base/given-file.ts";

// More than any key, certificate or bundle of a large model has.
const MAX_BYTES = 512 * 1024 * 1024;

/** Reads a text that an option names. @param what - what it should be, for the error `OPTION_INVALID` */
export async function readTextFile(path: string, what: string): Promise<string> {
  return (await readGivenFile(path, { what: `The ${what} at`, maxBytes: MAX_BYTES })).toString("utf8");
}

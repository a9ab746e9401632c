import { readFile } from "node:fs/promises";
import { ProvenanceError } from "../base/errors.ts";

/** Reads a file that an option names. @param what - what it should be, for the error `OPTION_INVALID` */
export async function readTextFile(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new ProvenanceError("OPTION_INVALID", `The ${what} at ${path} cannot be read (${reason}).`, { cause });
  }
}

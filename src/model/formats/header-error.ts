import { ProvenanceError } from "../../base/errors.ts";

/** Says that a file does not follow its format: what is wrong, with the value. */
export function invalidHeader(what: string, cause?: unknown): ProvenanceError {
  return new ProvenanceError("MODEL_HEADER_INVALID", what, cause === undefined ? {} : { cause });
}

/** Puts the file's name in front of what a reader found wrong with it; other failures pass as they are. */
export async function namingFile<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ProvenanceError) || error.code !== "MODEL_HEADER_INVALID") throw error;
    throw invalidHeader(`${name}: ${error.message}`, error);
  }
}

/** Quotes text of strangers for a message: escaped, and cut after 80 characters. */
export function quote(text: string): string {
  return JSON.stringify(text.length <= 80 ? text : `${text.slice(0, 80)}…`);
}

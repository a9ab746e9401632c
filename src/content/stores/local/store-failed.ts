import { ProvenanceError } from "../../../base/errors.ts";

/** The error for a file of the store that could not be reached. */
export function storeFailed(verb: "read" | "write" | "remove", path: string, cause: unknown): ProvenanceError {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new ProvenanceError("STORE_FAILED", `The local store cannot ${verb} ${path} (${reason}).`, { cause });
}

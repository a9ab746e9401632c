import { CID } from "multiformats/cid";
import { ProvenanceError } from "../../../base/errors.ts";

/** Of an archive. */
export const CAR_TYPE = "application/vnd.ipld.car";

/** What an archive is called where it is kept. */
export function carName(root: CID): string {
  return `${root.toString()}.car`;
}

/** What to say of a service that keeps something else than it was sent. */
export function keepsAnother(root: CID, answered: unknown): ProvenanceError {
  const text = `Pinata keeps ${describe(answered)}, not ${root.toString()} that we sent. Nobody will find it there: run again, or use another store.`;
  return new ProvenanceError("STORE_FAILED", text);
}

/** A CID as text; what is none is not repeated, for a stranger wrote it. */
function describe(text: unknown): string {
  try {
    return CID.parse(text as string).toString();
  } catch {
    return "something that is no CID";
  }
}

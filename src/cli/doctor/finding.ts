import { ProvenanceError } from "../../base/errors.ts";
import { exitCodeOfError, EXIT } from "../exit-codes.ts";

/** What `doctor` found out about one thing. */
export interface DoctorFinding {
  readonly what: string;
  /** `fix`: it does not work as it is set up; `retry`: it did not answer; `note`: it works, and one should know. */
  readonly state: "ok" | "note" | "fix" | "retry" | "skipped";
  readonly detail: string;
}

/** Says that something is as it should be. */
export function fine(what: string, detail: string): DoctorFinding {
  return { what, state: "ok", detail };
}

/** Makes a failure a finding: to be repaired, or to be tried again. */
export function failed(what: string, error: unknown): DoctorFinding {
  if (!(error instanceof ProvenanceError)) throw error;
  const state = exitCodeOfError(error.code) === EXIT.unchecked ? "retry" : "fix";
  return { what, state, detail: error.message };
}

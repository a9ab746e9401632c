import type { Status } from "./model-record.ts";

/** A status to be set, and why. */
export interface StatusChange {
  readonly status: Status;
  /** Emitted for everybody to read; not stored. */
  readonly reason: string;
}

import type { ProvenanceErrorCode } from "../base/errors.ts";

/** What became of a piece of work, as a row keeps it. */
export type WorkResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: ProvenanceErrorCode; readonly message: string };

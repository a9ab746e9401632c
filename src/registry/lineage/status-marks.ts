import type { Status } from "../model-record.ts";

/** What a box stands for: a model with its status, one that is not known here, or a base outside all registries. */
export type BoxKind = Status | "unknown" | "outside";

/** A mark a kind, of 14 × 14 units around its middle: colour alone would not be seen by everybody. */
export const MARKS: Readonly<Record<BoxKind, string>> = {
  active: "M7 0A7 7 0 1 1 -7 0A7 7 0 1 1 7 0Z",
  deprecated: "M0 -7L7.5 6H-7.5Z",
  revoked: "M-3 -7H3L7 -3V3L3 7H-3L-7 3V-3ZM-3 -4L-4 -3L-1 0L-4 3L-3 4L0 1L3 4L4 3L1 0L4 -3L3 -4L0 -1Z",
  unknown: "M0 -7L7 0L0 7L-7 0ZM0 -4L-4 0L0 4L4 0Z",
  outside: "M-6 -6H6V6H-6ZM-4 -4V4H4V-4Z",
};

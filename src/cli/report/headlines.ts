import type { Verdict } from "../../verify/report.ts";

/** What people read first; only one of them is a word of success. */
export const HEADLINES: Record<Verdict, string> = {
  verified: "VERIFIED",
  mismatch: "MISMATCH",
  "not-registered": "NOT REGISTERED",
  unchecked: "COULD NOT CHECK",
  unacceptable: "NOT ACCEPTABLE",
};

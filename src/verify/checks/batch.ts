import { notDone } from "../findings.ts";
import { type Check, NOT_BY_ROOT, NOT_FOREIGN, NOT_IN_LOCK, NOT_IN_PACK } from "./check.ts";

/** The batches whose recall would count were asked; what they say stands with the status. */
export const batch: Check = {
  name: "batch",
  what: "whether its batch was recalled",
  ways: {
    digests: true,
    cid: true,
    files: true,
    proof: true,
    root: NOT_BY_ROOT,
    pack: NOT_IN_PACK,
    lock: NOT_IN_LOCK,
    foreign: NOT_FOREIGN,
    agent: true,
    credential: true,
  },
  *run({ found }) {
    for (const { what, why } of found.recallGaps) yield notDone(why, what);
  },
};

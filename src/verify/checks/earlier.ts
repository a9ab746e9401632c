import { notDone } from "../findings.ts";
import { type Check, NOT_BY_ROOT, NOT_FOREIGN, NOT_IN_LOCK, NOT_IN_PACK } from "./check.ts";

/** All places that may hold another record of the same digest were asked. */
export const earlier: Check = {
  name: "earlier",
  what: "whether there is an earlier record",
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
    for (const why of found.gaps) yield notDone(why);
  },
};

import { notDone, passed, warns } from "../findings.ts";
import { findContradictions } from "../find-contradictions.ts";
import { type Check, NOT_BY_ROOT, NOT_FOREIGN, NOT_IN_LOCK } from "./check.ts";

/** What the creator said has the digest on chain; where it says something else than the chain, that is a warning. */
export const metadata: Check = {
  name: "metadata",
  what: "the metadata",
  ways: {
    digests: true,
    cid: true,
    files: true,
    proof: "a proof does without it",
    root: NOT_BY_ROOT,
    pack: true,
    lock: NOT_IN_LOCK,
    foreign: NOT_FOREIGN,
    agent: true,
    credential: true,
  },
  *run({ statement, judged, event }) {
    if (statement.problem !== undefined) yield warns(statement.problem);
    if (statement.metadata === undefined) {
      yield notDone("it could not be read");
      return;
    }
    yield passed("the metadata has the digest that is on chain");
    for (const { field, chain, metadata: stated } of findContradictions(
      statement.metadata.provenance,
      judged.record,
      event,
    )) {
      yield warns(`The metadata says the ${field} is ${stated}, the chain says ${chain}.`);
    }
  },
};

import { describeAgent, judgeAgent, listCopies } from "../agent/judge-agent.ts";
import { type Finding, warns } from "../findings.ts";
import type { Check } from "./check.ts";

const NONE = { by: "no agent can be named there" };

/** An agent that the verifier named says that it runs this model: that is a statement of the agent's owner, and no more. */
export const agent: Check = {
  name: "agent",
  what: "what the agent says it runs",
  ways: {
    digests: true,
    cid: true,
    files: true,
    proof: NONE,
    root: NONE,
    pack: NONE,
    lock: NONE,
    foreign: NONE,
    agent: true,
    credential: NONE,
  },
  *run({ evidence, judged, found }): Iterable<Finding> {
    const stated = evidence.kind === "chain" ? evidence.agent : undefined;
    if (evidence.kind !== "chain" || stated === undefined) return;
    yield* describeAgent(stated);
    yield judgeAgent(stated, judged.record.tokenId, evidence, found);
    for (const [what, said, recorded] of listCopies(stated, judged)) {
      yield warns(
        `The agent's file says of ${what} ${JSON.stringify(said)}; recorded is ${JSON.stringify(recorded)}: the record counts.`,
      );
    }
  },
};

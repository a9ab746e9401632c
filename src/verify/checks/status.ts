import { failed, type Finding, notDone, passed, warns } from "../findings.ts";
import { describeStatement, readRecall } from "../recalls.ts";
import type { Recall } from "../report.ts";
import { type Check, NOT_BY_ROOT, NOT_FOREIGN } from "./check.ts";

const SINCE = "what was said of the model since";
const STANDS = "the record of the model stands";

/**
 * Nobody who may has revoked the model. Revocation is joined over all records of its digest: a curator's counts wherever it
 * stands, and that of the judged record's creator on any of theirs; what anybody else says of a record of their own is a
 * warning.
 */
export const status: Check = {
  name: "status",
  what: "the status",
  ways: {
    digests: true,
    cid: true,
    files: true,
    proof: true,
    root: NOT_BY_ROOT,
    pack: true,
    lock: true,
    foreign: NOT_FOREIGN,
    agent: true,
    credential: true,
  },
  async *run({ judged, found, evidence }): AsyncGenerator<Finding> {
    if (evidence.kind === "lock") yield notDone(`the lock is of block ${evidence.blockNumber}`, SINCE);
    if (evidence.kind === "pack") yield notDone(`the pack is of block ${evidence.block.number}`, SINCE);
    const recalled = found.records.filter(({ record }) => record.status !== "active");
    const recalls = await Promise.all(recalled.map(async (one) => readRecall(one, judged, found.deadline)));
    yield { kind: "facts", facts: { recalls } };
    const revoked = recalls.filter((recall) => recall.status === "revoked");
    const decisive =
      revoked.find(({ counts, of, isOwn }) => counts && isOwn && of === "token") ??
      revoked.find(({ counts, isOwn }) => counts && isOwn) ??
      revoked.find(({ counts }) => counts);
    const open = revoked.find(({ counts }) => counts === undefined);
    if (decisive !== undefined) yield failed("refused", STANDS, describeRevoked(decisive));
    else if (open !== undefined) {
      const reason = `A record of the same model by ${open.creator} was revoked, and who revoked it could not be read.`;
      yield failed("unknown", STANDS, `${reason} ${open.problem ?? ""}`.trim());
    } else yield passed(STANDS);
    const said = recalls.filter((recall) => recall !== decisive && recall !== open);
    for (const recall of said) {
      // A token takes over what was said of its batch when it is minted: once is enough.
      const isRepeated = recall.isOwn && recall.of === "batch" && judged.batch === undefined;
      if (!isRepeated || judged.record.status !== recall.status) yield warns(describeOther(recall));
    }
  },
};

function describeRevoked({ of, isOwn, creator, statement }: Recall): string {
  const end = describeStatement(statement);
  if (!isOwn) return `The same model, recorded by ${creator}, was revoked${end}`;
  return `${of === "token" ? "The model" : "The batch that the model was recorded in"} was revoked${end}`;
}

function describeOther({ isOwn, creator, status: word, statement }: Recall): string {
  const end = describeStatement(statement);
  if (isOwn) return `The model is ${word}${end}`;
  return `The same model was also recorded by ${creator}, and that record is ${word}${end}`;
}

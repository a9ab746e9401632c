import { findPublisher } from "../../registry/publishers/find-publisher.ts";
import { lookUp } from "../../registry/publishers/publisher-sources.ts";
import { type Publisher, describeClaim, toPublisher } from "../../registry/publishers/publisher.ts";
import { visibleName } from "../../base/visible-name.ts";
import { type Finding, notDone, passed, warns } from "../findings.ts";
import { type Check, type CheckContext, NOT_BY_ROOT, NOT_FOREIGN } from "./check.ts";

/**
 * Who is behind the creator. It decides nothing by itself: a name that does not hold is not shown as one, and a policy may ask
 * for one.
 */
export const publisher: Check = {
  name: "publisher",
  what: "who is behind the creator",
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
  async *run(context): AsyncGenerator<Finding> {
    const found = await readPublisher(context);
    yield { kind: "facts", facts: { publisher: found } };
    for (const claim of found.claims) {
      const said = `the creator ${claim.holds === "yes" ? "is " : ""}${describeClaim(claim)}`;
      if (claim.holds === "yes") yield passed(said);
      else if (claim.holds === "unknown") {
        yield notDone(claim.why ?? "it could not be asked", `whether the creator is ${visibleName(claim.name)}`);
      } else yield warns(`${said.replace(/^t/, "T").replace(/\.?$/, ".")}`, said);
    }
    for (const why of found.unread ?? []) yield notDone(why, "whether ENS names the creator");
  },
};

/** A lock holds what was accepted, a pack asks nobody; the verifier's own address book counts in both. */
async function readPublisher({ judged, evidence, statement, found }: CheckContext): Promise<Publisher> {
  const { record, place, registry } = judged;
  const { book, statements, ...asking } = evidence.publishers ?? {};
  const account = record.creator;
  if (evidence.kind === "lock") {
    const accepted = (evidence.accepted ?? []).map((claim) => ({ ...claim, holds: "yes" as const }));
    return toPublisher(account, [...lookUp(book, account, place.chainId), ...accepted]);
  }
  const question = {
    account,
    chainId: place.chainId,
    registry: place.address,
    statement: statement.metadata?.provenance.publisher,
    provider: registry?.provider,
    deadline: found.deadline,
  };
  const sources = { ...(book && { book }), ...(statements && { statements }) };
  return findPublisher(question, evidence.kind === "chain" ? { ...sources, ...asking } : sources);
}

import type { Registry } from "../registry/registry.ts";
import { hasRole } from "../registry/roles.ts";
import { type StatusStatement, readStatus } from "../registry/statuses.ts";
import { type Deadline, within } from "../base/deadline.ts";
import { type LocatedRecord, isOriginOf } from "./evidence.ts";
import { orElse } from "./findings.ts";
import type { Recall } from "./report.ts";

/** Reads who recalled a record, when and why, and what that means for the one that is judged. */
export async function readRecall(located: LocatedRecord, judged: LocatedRecord, deadline: Deadline): Promise<Recall> {
  const { registry, record, batch, place } = located;
  let problem: string | undefined;
  const read = async () =>
    registry &&
    orElse(
      async () => within(deadline, async () => readStatus(registry, record.tokenId)),
      (message) => (problem = message),
    );
  const statement = batch === undefined ? await read() : batch.statement;
  const isOwn = located === judged || isOriginOf(located, judged) || isOriginOf(judged, located);
  const isJoined = isOwn || record.creator === judged.record.creator;
  const counts =
    isJoined || (record.status === "revoked" && (await isByCurator(registry, record, statement, deadline)));
  return {
    place,
    tokenId: record.tokenId,
    creator: record.creator,
    of: batch === undefined ? "token" : "batch",
    status: record.status,
    isOwn,
    counts,
    ...(statement && { statement }),
    ...(problem !== undefined && { problem }),
  };
}

/** Says by whom, when and why something was recalled, behind what was. The reason is a stranger's text. */
export function describeStatement(statement: StatusStatement | undefined): string {
  if (statement === undefined) return ".";
  const { account, time, reason } = statement;
  const when = new Date(time * 1000).toISOString().slice(0, 10);
  return ` by ${account} on ${when}${reason === "" ? ", without a reason." : `: ${JSON.stringify(reason)}`}`;
}

/**
 * Tells whether a curator revoked a record: nobody but its creator and curators can. Undefined where nobody can say which of
 * them it was.
 */
export async function isByCurator(
  registry: Registry | undefined,
  record: { readonly creator: string },
  statement: StatusStatement | undefined,
  deadline: Deadline,
): Promise<boolean | undefined> {
  if (registry === undefined || statement === undefined) return undefined;
  const { account } = statement;
  if (account !== record.creator) return true;
  return orElse(
    async () => within(deadline, async () => hasRole(registry, "curator", account)),
    () => undefined,
  );
}

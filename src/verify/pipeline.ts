import { ProvenanceError } from "../base/errors.ts";
import type { HashedModel } from "../model/hash-model.ts";
import type { Resource } from "../model/resource.ts";
import { type RecordedEvent, findRecordedEvent } from "../registry/model-record.ts";
import { CHECKS } from "./checks/list.ts";
import type { Check, CheckContext } from "./checks/check.ts";
import { type CheckFinding, type ClaimOnly, conclude } from "./conclude.ts";
import { type Evidence, type LocatedRecord, isOriginOf } from "./evidence.ts";
import { type Finding, notDone, orElse, warns } from "./findings.ts";
import type { Found } from "./locate.ts";
import { type OtherRecord, type RegistryPlace, type VerifiedModel, type VerifyReport, placeOf } from "./report.ts";
import { type Statement, readStatement } from "./statement.ts";
import type { Comparison, Subject } from "./comparison.ts";
import { WAYS, type Way } from "./ways.ts";

/** One question: which record, from where, and how the files at hand are compared with it. */
export interface Inquiry {
  readonly way: Way;
  readonly evidence: Evidence;
  readonly found: Found;
  readonly judged: LocatedRecord;
  readonly model: VerifiedModel;
  /** The files, where all of them were hashed. */
  readonly hashed?: HashedModel | undefined;
  readonly compare: (subject: Subject) => Promise<Comparison> | Comparison;
  readonly hashDataset?: (() => Promise<readonly Resource[]>) | undefined;
  /** What the creator said, where it was read already or is known otherwise. */
  readonly statement?: Statement;
  /** Where nobody but the model itself said which record it is, and that is not enough. */
  readonly claim?: ClaimOnly | undefined;
  /** What to be wary of in the model at hand. */
  readonly warnings?: readonly string[];
}

/**
 * Makes a verdict, whichever way was asked: reads what was said of the record, compares the files, goes through all checks,
 * and concludes. Only the comparison differs.
 *
 * @throws {ProvenanceError} as the comparison
 */
export async function examine(inquiry: Inquiry): Promise<VerifyReport> {
  const { way, evidence, judged, model, found, hashed } = inquiry;
  const store = "store" in evidence ? evidence.store : undefined;
  const findings: CheckFinding[] = [];
  const add = (finding: Finding) => findings.push({ name: "files", what: "the files", finding });
  for (const warning of inquiry.warnings ?? []) add(warns(warning));
  // A proof leads to the root that was emitted: without the event there is nothing to compare.
  const [statement, event] = await Promise.all([
    inquiry.statement ?? (way === "proof" ? {} : readStatement(store, judged.record)),
    readEventOf(judged, way === "proof", add),
  ]);
  const { findings: compared, ...comparison } = await inquiry.compare({ judged, statement, event });
  compared.forEach(add);
  const { hashDataset } = inquiry;
  const context = { way, evidence, judged, found, statement, event, hashed, store, hashDataset };
  findings.push(...(await runChecks(context)));
  const registries = evidence.kind === "chain" ? { registries: evidence.registries.map(placeOf) } : {};
  const draft = {
    method: WAYS[way].method,
    model,
    ...registries,
    registry: judged.place,
    record: judged.record,
    ...(event && { event }),
    ...(judged.batch && { batch: judged.batch }),
    ...(statement.metadata && { metadata: statement.metadata }),
    ...(evidence.kind === "lock" && { approvedAt: evidence.blockNumber }),
    otherRecords: listOthers(judged, found),
    gaps: found.gaps,
    ...comparison,
    sameWeights: [],
  };
  return conclude(way, draft, findings, inquiry.claim);
}

/** Goes through all checks at once; what they find stands in the order of their list. */
export async function runChecks(context: CheckContext): Promise<CheckFinding[]> {
  const results = await Promise.all(
    CHECKS.map(async (check) => {
      const answer = check.ways[context.way];
      const found =
        answer === true ? await collect(check, context) : typeof answer === "string" ? [notDone(answer)] : [];
      return found.map((finding): CheckFinding => ({ name: check.name, what: check.what, finding }));
    }),
  );
  return results.flat();
}

/** For what cannot be asked of a record at all. */
export function skipChecks(way: Way): CheckFinding[] {
  return CHECKS.flatMap(({ name, what, ways }) => {
    const answer = ways[way];
    return typeof answer === "string" ? [{ name, what, finding: notDone(answer) }] : [];
  });
}

/** What a check could not read it did not do. */
async function collect(check: Check, context: CheckContext): Promise<Finding[]> {
  const found: Finding[] = [];
  try {
    for await (const finding of check.run(context)) found.push(finding);
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    found.push(notDone(error.message));
  }
  return found;
}

async function readEventOf(
  { registry, record, event }: LocatedRecord,
  isNeeded: boolean,
  add: (finding: Finding) => void,
): Promise<RecordedEvent | undefined> {
  if (event !== undefined || registry === undefined) return event;
  if (isNeeded) return findRecordedEvent(registry, record);
  return orElse(
    async () => findRecordedEvent(registry, record),
    (message) => add(warns(message)),
  );
}

/** The other records of the same digest; the batch that a token came from is none. */
function listOthers(judged: LocatedRecord, { records }: Found): OtherRecord[] {
  return records
    .filter((one) => one !== judged && !isOriginOf(one, judged))
    .map(({ place, record, batch }) => {
      const { tokenId, creator, mintedAt, status } = record;
      const registry: RegistryPlace = place;
      return { registry, tokenId, creator, recordedAt: mintedAt, status, anchored: batch !== undefined };
    });
}

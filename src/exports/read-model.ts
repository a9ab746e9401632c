import { within } from "../base/deadline.ts";
import { ProvenanceError } from "../base/errors.ts";
import { toHex32 } from "../base/hex.ts";
import type { Metadata } from "../metadata/schema.ts";
import { computeManifestRoot } from "../model/manifest.ts";
import type { Resource } from "../model/resource.ts";
import { type RecordedEvent, findRecordedEvent } from "../registry/model-record.ts";
import { findPublisher } from "../registry/publishers/find-publisher.ts";
import type { PublisherSources } from "../registry/publishers/publisher-sources.ts";
import { toCaip10 } from "../registry/registry.ts";
import { ancestors } from "../verify/checks/ancestors.ts";
import { signature } from "../verify/checks/signature.ts";
import { status } from "../verify/checks/status.ts";
import type { ChainEvidence, LocatedRecord } from "../verify/evidence.ts";
import { findContradictions } from "../verify/find-contradictions.ts";
import { type Facts, orElse } from "../verify/findings.ts";
import { type Found, type RecordSearch, chooseRecord, locate } from "../verify/locate.ts";
import type { Recall } from "../verify/report.ts";
import { digestsOf, readStatement } from "../verify/statement.ts";
import { type ExportedModel, type StandingStatus, idOf } from "./exported-model.ts";
import { readHistoryOf } from "./read-history.ts";
import { nameParents, readAncestors } from "./read-relatives.ts";

/** What is read beside the record itself. */
export interface ReadModelOptions {
  /** All ancestors with their metadata, not the parents alone. */
  readonly ancestors?: boolean;
  /** Who can be asked who is behind the creator's account; nobody is where it is left out. */
  readonly publishers?: PublisherSources;
}

/**
 * Reads all that a form may say of a record: once, from the chain and the metadata it names, whichever way it was recorded.
 *
 * @throws {ProvenanceError} `TOKEN_UNKNOWN`; `CHAIN_UNREACHABLE` where some place that may hold it could not be asked;
 *   `STORE_BLOCK_MISSING`, `METADATA_INVALID` and their kin if its metadata cannot be read; `RECORD_CONTRADICTS` if these are
 *   of other files than the token
 */
export async function readModel(
  evidence: ChainEvidence,
  search: RecordSearch,
  options: ReadModelOptions = {},
): Promise<ExportedModel> {
  const found = await locate(evidence, search);
  const judged = chooseRecord(found.records, search);
  if (judged === undefined) throw unknownToken(search, found);
  const { record, place } = judged;
  const { metadata, expected: resources, problem } = await readStatement(evidence.store, record);
  if (metadata === undefined || resources === undefined) {
    throw new ProvenanceError("STORE_BLOCK_MISSING", `The record cannot be exported. ${problem ?? "No store is set."}`);
  }
  const unknown = [...found.gaps, ...found.recallGaps.map(({ what, why }) => `Not known is ${what}: ${why}`)];
  const note = (message: string) => void unknown.push(message);
  const event = await readEvent(judged, note);
  assertFiles(judged, resources, event);
  const facts = await collectFacts({ evidence, found, judged, metadata, resources }, note);
  const home = { place, registry: toCaip10(place), tokenId: toHex32(record.tokenId), record };
  const [{ statements, children }, parents] = await Promise.all([
    readHistoryOf(judged, evidence.store, note),
    nameParents(judged, metadata, evidence, note),
  ]);
  const model: ExportedModel = {
    ...home,
    id: idOf(home),
    metadata,
    resources,
    ...(event && { event }),
    ...(judged.batch && { batch: judged.batch }),
    status: standingOf(record.status, statements, facts.recalls ?? []),
    statements,
    ...(facts.signed !== undefined && { signed: facts.signed }),
    ...(facts.ancestry && { ancestry: facts.ancestry }),
    parents,
    children,
    ...(options.ancestors && { lineage: await readAncestors(judged, evidence, note) }),
    contradictions: describeContradictions(metadata, record, event),
    unknown,
  };
  return options.publishers === undefined
    ? model
    : { ...model, publisher: await findPublisher(askWho(judged, metadata, found), options.publishers) };
}

function askWho({ record, place, registry }: LocatedRecord, { provenance }: Metadata, { deadline }: Found) {
  const statement = provenance.publisher;
  const provider = registry?.provider;
  return { account: record.creator, chainId: place.chainId, registry: place.address, statement, provider, deadline };
}

function unknownToken({ ids }: RecordSearch, { gaps }: Found): ProvenanceError {
  const text = `There is no record of ${toHex32(ids[0] ?? 0n)} in the registries that were asked.`;
  return gaps.length === 0
    ? new ProvenanceError("TOKEN_UNKNOWN", text)
    : new ProvenanceError("CHAIN_UNREACHABLE", `${text} Not all could be: ${gaps.join(" ")}`);
}

async function readEvent({ event, registry, record }: LocatedRecord, note: (message: string) => void) {
  return event ?? (registry && (await orElse(async () => findRecordedEvent(registry, record), note)));
}

/** The token id binds what is in the files, the root that was emitted their names as well. */
function assertFiles(
  { record }: LocatedRecord,
  resources: readonly Resource[],
  event: RecordedEvent | undefined,
): void {
  const isSame =
    digestsOf(resources).includes(record.tokenId) &&
    (event === undefined || event.manifestRoot === computeManifestRoot(resources));
  if (isSame) return;
  const text = `The metadata of ${toHex32(record.tokenId)} list other files than were recorded.`;
  throw new ProvenanceError("RECORD_CONTRADICTS", text);
}

function describeContradictions(
  { provenance }: Metadata,
  record: LocatedRecord["record"],
  event: RecordedEvent | undefined,
): string[] {
  return findContradictions(provenance, record, event).map(({ field, metadata, chain }) => {
    return `The metadata say ${JSON.stringify(metadata)} as the ${field}; recorded on the chain is ${JSON.stringify(chain)}.`;
  });
}

type Read = Pick<ExportedModel, "metadata" | "resources"> & {
  readonly evidence: ChainEvidence;
  readonly found: Found;
  readonly judged: LocatedRecord;
};

/** What a verdict says of a record beside its files: by the same checks. */
async function collectFacts(read: Read, note: (message: string) => void): Promise<Partial<Facts>> {
  const { evidence, found, judged, metadata, resources } = read;
  const statement = { metadata, expected: resources };
  const context = { way: "digests", evidence, judged, found, statement, store: evidence.store } as const;
  const facts: Partial<Facts> = {};
  for (const check of [status, signature, ancestors]) {
    if (check === ancestors && judged.record.parents.length === 0) continue;
    const run = async () => {
      for await (const finding of check.run(context)) {
        if (finding.kind === "facts") Object.assign(facts, finding.facts);
        if (finding.kind === "unknown") note(finding.reason);
        if (finding.kind === "notDone") note(`Not known is ${finding.what ?? check.what}: ${finding.why}.`);
      }
    };
    await orElse(async () => within(found.deadline, run), note);
  }
  return facts;
}

/** What holds now: of the record itself, or of another of the same model where that was revoked by one whose word counts. */
function standingOf(
  word: StandingStatus["word"],
  statements: ExportedModel["statements"],
  recalls: readonly Recall[],
): StandingStatus {
  const revoked = recalls.filter(({ status: said, counts }) => said === "revoked" && counts === true);
  const own = recalls.find(({ isOwn, status: said }) => isOwn && said === word);
  const decisive = word === "revoked" ? own : (revoked.find(({ isOwn }) => isOwn) ?? revoked[0]);
  const statement = decisive?.statement ?? own?.statement ?? statements.at(-1);
  return {
    word: decisive === undefined ? word : "revoked",
    ...(statement && { statement }),
    ...(decisive && !decisive.isOwn && { of: decisive }),
  };
}

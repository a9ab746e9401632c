import { findTokensByWeights } from "../registry/model-record.ts";
import type { Registry } from "../registry/registry.ts";
import { toHex32 } from "../base/hex.ts";
import { type HashedModel, hashModel } from "../model/hash-model.ts";
import { checkCid } from "./check-cid.ts";
import { checkDataset } from "./check-dataset.ts";
import { checkOmsBundle } from "./check-oms.ts";
import { checkStatements, digestsOf, readStatement } from "./check-record.ts";
import { checkStanding } from "./check-standing.ts";
import { type NameComparison, compareNamed, compareWithEvent } from "./compare-names.ts";
import { explainDifference } from "./explain-difference.ts";
import type { LocatedRecord } from "./find-anchored.ts";
import { type FoundRecords, findRecords, readEventOf } from "./find-record.ts";
import {
  Findings,
  type OtherRecord,
  type RecordedModel,
  type TokenPlace,
  type VerifyReport,
  type VerifyRequest,
  concludeEqual,
  placeOf,
  registriesOf,
} from "./report.ts";
import { warningsOf } from "./model-warnings.ts";
import { absent, nameRegistries, searchOf, selectClaimed } from "./select-record.ts";
import { verifyFast } from "./verify-fast.ts";

export type { Verdict, VerifyReport, VerifyRequest } from "./report.ts";

/**
 * Finds out from the chain whether exactly these files were recorded. The answer is a report; only a
 * failure to look is thrown.
 *
 * @throws {ProvenanceError} as {@link hashModel}, `CHAIN_UNREACHABLE`
 * @example
 * const { verdict } = await verifyModel({ modelPath: "./my-model", registry, store });
 */
export async function verifyModel(request: VerifyRequest): Promise<VerifyReport> {
  if (!request.fast) return verifyDigests(request);
  const fast = await verifyFast(request);
  if (!("instead" in fast)) return fast;
  const report = await verifyDigests(request);
  return { ...report, warnings: [`${fast.instead} All files were hashed instead.`, ...report.warnings] };
}

async function verifyDigests(request: VerifyRequest): Promise<VerifyReport> {
  const { ignorePaths, hfCache, lfsPointers, cache, withCid, onTotal, onBytes } = request;
  const hashing = { ignorePaths, hfCache, lfsPointers, cache, withCid, onTotal, onBytes };
  const model = request.hashed ?? (await hashModel(request.modelPath, withoutUndefined(hashing)));
  const report = await findVerdict(request, model);
  const unseen = model.pointers.length > 0 ? { reason: `By what the Git LFS pointers say: ${report.reason}` } : {};
  return { ...report, ...unseen, warnings: [...(await warningsOf(model)), ...report.warnings] };
}

async function findVerdict(request: VerifyRequest, model: HashedModel): Promise<VerifyReport> {
  const { tokenId } = request;
  const digests = digestsOf(model.resources);
  const findings = new Findings();
  const found = await findRecords(searchOf(request, model, tokenId === undefined ? digests : [tokenId]), findings);
  const [located] = found.records;
  if (located !== undefined) {
    const isRecorded = digests.includes(located.record.tokenId);
    return isRecorded ? examine(request, model, found, findings) : explainDifference(request, model, located);
  }
  const registries = registriesOf(request);
  if (tokenId !== undefined) {
    const reason = `There is no token ${toHex32(tokenId)} in ${nameRegistries(registries)}.`;
    return notRecorded(model, registries, absent(reason, found.gaps));
  }
  const claimed = request.hashed ? undefined : await selectClaimed(request, model);
  if (claimed?.located !== undefined) return explainDifference(request, model, claimed.located);
  return findWeights(model, registries, found.gaps);
}

/** The digest is recorded: compares names, reads the metadata, and looks at signature and status. */
async function examine(
  request: VerifyRequest,
  model: HashedModel,
  found: FoundRecords,
  findings: Findings,
): Promise<VerifyReport> {
  const [located, ...others] = found.records as [LocatedRecord, ...LocatedRecord[]];
  const { registry, record, batch } = located;
  const where = batch === undefined ? "under this token id" : `in the batch ${batch.root}`;
  findings.check(`the contents of all files are recorded ${where}`, true);
  const { metadata, expected } = await readStatement(request, record, findings);
  const event = await findings.orWarn(async () => readEventOf(located));
  const named =
    expected === undefined ? compareWithEvent(model, event, findings) : compareNamed(model, expected, findings);
  const consistent =
    (metadata === undefined || (await checkStatements({ registry }, record, event, metadata, expected, findings))) &&
    checkCid(model, metadata, expected, findings);
  const signed = await checkOmsBundle(metadata, digestsOf(model.resources), request.store, findings);
  const dataset = await checkDataset(request.datasetPath, record, findings);
  const batches = found.batches.get(registry);
  const standing = await checkStanding({ located, event, metadata, batches, store: request.store }, findings);
  const places = { registry: placeOf(registry), registries: registriesOf(request).map(placeOf) };
  const counts = countFiles(
    model,
    expected?.length ?? (named.verdict === "verified" ? model.resources.length : undefined),
  );
  const report = {
    ...places,
    ...counts,
    ...findings.lists(),
    model,
    record,
    ...(event && { event }),
    ...(batch && { batch }),
    ...(metadata && { metadata }),
    otherRecords: others.map((other) => describeOther(other, findings)),
    files: named.files,
    sameWeights: [],
  };
  const fault = findFault(named, consistent, signed) ?? dataset;
  return fault ? { ...report, ...fault } : concludeEqual(report, reasonOf(record), standing, findings);
}

function reasonOf({ creator }: RecordedModel): string {
  return `Exactly these files were recorded by ${creator}.`;
}

function findFault(
  { verdict }: NameComparison,
  consistent: boolean,
  signed: boolean,
): Pick<VerifyReport, "verdict" | "reason"> | undefined {
  if (verdict === "mismatch") {
    return { verdict, reason: "The contents are recorded, but not under these names." };
  }
  if (!consistent) return { verdict: "mismatch", reason: "The metadata on record is not that of this model." };
  if (verdict === "unchecked") {
    const reason = "The contents are recorded, but the names could not be compared: the metadata could not be read.";
    return { verdict, reason };
  }
  return signed ? undefined : { verdict: "mismatch", reason: "The OMS bundle on record does not fit this model." };
}

/** A younger record of the same digest: its revocation is not that of the record shown, and must be known all the same. */
function describeOther({ registry, record, batch }: LocatedRecord, findings: Findings): OtherRecord {
  const { tokenId, creator, mintedAt, status } = record;
  if (status !== "active") {
    findings.warnings.push(`The same model was also recorded by ${creator}, and that record is ${status}.`);
  }
  return { registry: placeOf(registry), tokenId, creator, recordedAt: mintedAt, status, anchored: batch !== undefined };
}

function countFiles({ resources }: HashedModel, recorded: number | undefined) {
  const filesRecorded = recorded === undefined ? {} : { filesRecorded: recorded };
  return { method: "digests", filesChecked: resources.length, ...filesRecorded } as const;
}

/** Nobody recorded this digest, as far as that is known: a release with the same weights may be recorded all the same. */
async function findWeights(
  model: HashedModel,
  registries: readonly Registry[],
  gaps: readonly string[],
): Promise<VerifyReport> {
  const findings = new Findings();
  const sameWeights: TokenPlace[] = [];
  // Where some files may hold weights or not, an equal digest of the others says nothing.
  for (const registry of model.weights.opaque.length === 0 ? registries : []) {
    const tokens = await findings.orWarn(async () => findTokensByWeights(registry, model.weightsDigest));
    for (const tokenId of tokens ?? []) sameWeights.push({ registry: placeOf(registry), tokenId });
  }
  const [first] = sameWeights;
  const hint = first ? ` Its weights are those of token ${toHex32(first.tokenId)}: other files differ.` : "";
  const verdict = absent(`Nobody recorded this model in ${nameRegistries(registries)}.${hint}`, gaps);
  return { ...notRecorded(model, registries, verdict), warnings: findings.warnings, sameWeights };
}

function notRecorded(
  model: HashedModel,
  registries: readonly Registry[],
  verdict: ReturnType<typeof absent>,
): VerifyReport {
  const counts = { method: "digests", filesChecked: 0 } as const;
  return { ...verdict, ...counts, model, registries: registries.map(placeOf), files: [], sameWeights: [] };
}

function withoutUndefined<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

import { type ModelRecord, findRecordedEvent, findTokensByWeights, readModelRecord } from "../chain/model-record.ts";
import type { Registry } from "../chain/registry.ts";
import { toHex32 } from "../hex.ts";
import { type HashedModel, hashModel } from "../model/hash-model.ts";
import { checkCid } from "./check-cid.ts";
import { checkOmsBundle } from "./check-oms.ts";
import { checkStatements, digestsOf, readStatement } from "./check-record.ts";
import { type NameComparison, compareNamed, compareWithEvent } from "./compare-names.ts";
import { explainDifference } from "./explain-difference.ts";
import { Findings, type VerifyReport, type VerifyRequest, concludeEqual } from "./report.ts";
import { warningsOf } from "./model-warnings.ts";
import { selectRecord } from "./select-record.ts";
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
  const { modelPath, registry: _, store: __, tokenId: ___, fast: ____, hashed, ...hashing } = request;
  const model = hashed ?? (await hashModel(modelPath, hashing));
  const report = await findVerdict(request, model);
  const unseen = model.pointers.length > 0 ? { reason: `By what the Git LFS pointers say: ${report.reason}` } : {};
  return { ...report, ...unseen, warnings: [...(await warningsOf(model)), ...report.warnings] };
}

async function findVerdict(request: VerifyRequest, model: HashedModel): Promise<VerifyReport> {
  const { registry, tokenId } = request;
  if (tokenId !== undefined) {
    const record = await readModelRecord(registry, tokenId);
    if (record === undefined) return notRegistered(model, `There is no token ${toHex32(tokenId)} in this registry.`);
    const isRecorded = digestsOf(model.resources).includes(tokenId);
    return isRecorded ? examine(request, model, record) : explainDifference(request, model, record);
  }
  const record = await findByDigest(registry, model);
  if (record !== undefined) return examine(request, model, record);

  const claimed = request.hashed ? undefined : await selectRecord(registry, undefined, model, request);
  if (claimed?.record !== undefined) return explainDifference(request, model, claimed.record);
  const findings = new Findings();
  const sameWeights = (await findings.orWarn(() => findTokensByWeights(registry, model.weightsDigest))) ?? [];
  const hint = sameWeights.length > 0 ? ` Its weights are those of token ${toHex32(sameWeights[0] as bigint)}.` : "";
  const report = notRegistered(model, `Nobody recorded this model in this registry.${hint}`, sameWeights);
  return { ...report, warnings: findings.warnings };
}

async function findByDigest(registry: Registry, model: HashedModel): Promise<ModelRecord | undefined> {
  for (const tokenId of digestsOf(model.resources)) {
    const record = await readModelRecord(registry, tokenId);
    if (record !== undefined) return record;
  }
  return undefined;
}

/** The digest is recorded: compares names, reads the metadata, and looks at signature and status. */
async function examine(request: VerifyRequest, model: HashedModel, record: ModelRecord): Promise<VerifyReport> {
  const findings = new Findings();
  findings.check("the contents of all files are recorded under this token id", true);
  const { metadata, expected } = await readStatement(request, record, findings);
  const event = await findings.orWarn(() => findRecordedEvent(request.registry, record));
  const named =
    expected === undefined ? compareWithEvent(model, event, findings) : compareNamed(model, expected, findings);
  const consistent =
    (metadata === undefined || (await checkStatements(request, record, event, metadata, expected, findings))) &&
    checkCid(model, metadata, expected, findings);
  const signed = await checkOmsBundle(metadata, digestsOf(model.resources), request.store, findings);

  const { checks, warnings } = findings;
  const found = { model, record, ...(event && { event }), ...(metadata && { metadata }), sameWeights: [] };
  const counts = countFiles(
    model,
    expected?.length ?? (named.verdict === "verified" ? model.resources.length : undefined),
  );
  const report = { ...found, ...counts, files: named.files, checks, warnings };
  const fault = findFault(named, consistent, signed);
  return fault ? { ...report, ...fault } : concludeEqual(report, reasonOf(record), findings);
}

function reasonOf({ creator }: ModelRecord): string {
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

function countFiles({ resources }: HashedModel, recorded: number | undefined) {
  const filesRecorded = recorded === undefined ? {} : { filesRecorded: recorded };
  return { method: "digests", filesChecked: resources.length, ...filesRecorded } as const;
}

function notRegistered(model: HashedModel, reason: string, sameWeights: readonly bigint[] = []): VerifyReport {
  const checks = [{ what: "the model is recorded in this registry", passed: false }];
  const counts = { method: "digests", filesChecked: 0 } as const;
  return { verdict: "not-registered", reason, ...counts, model, files: [], checks, warnings: [], sameWeights };
}

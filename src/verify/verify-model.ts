import {
  type ModelRecord,
  type RecordedEvent,
  findRecordedEvent,
  findTokensByWeights,
  readModelRecord,
} from "../chain/model-record.ts";
import type { Registry } from "../chain/registry.ts";
import { ProvenanceError } from "../errors.ts";
import { toHex32 } from "../hex.ts";
import { readManifestEntry } from "../metadata/manifest-entry.ts";
import { readMetadata } from "../metadata/read-metadata.ts";
import type { Metadata } from "../metadata/schema.ts";
import { isSignedBy } from "../metadata/signature.ts";
import { readClaim } from "../model/claim.ts";
import type { ByteProgress } from "../hashing/digest-files.ts";
import { type HashedModel, hashModel } from "../model/hash-model.ts";
import { computeComponentOrderDigest, computeManifestRoot } from "../model/manifest.ts";
import type { Resource } from "../model/resource.ts";
import type { ContentStore } from "../store/content-store.ts";
import { type FileComparison, compareResources } from "./compare-resources.ts";

/** The answer of a verification; each has its own exit code. */
export type Verdict = "verified" | "mismatch" | "not-registered" | "unchecked" | "unacceptable";

/** What was found out, for people and programs. */
export interface VerifyReport {
  readonly verdict: Verdict;
  /** One sentence: why. */
  readonly reason: string;
  readonly model: HashedModel;
  readonly record?: ModelRecord;
  readonly event?: RecordedEvent;
  readonly metadata?: Metadata;
  /** A row a file, where the recorded names are known. */
  readonly files: readonly FileComparison[];
  /** What was checked, in words, and whether it held. */
  readonly checks: readonly { readonly what: string; readonly passed: boolean }[];
  readonly warnings: readonly string[];
  /** Tokens with the same weight files, when the model itself is not registered. */
  readonly sameWeights: readonly bigint[];
}

/** Input of {@link verifyModel}. */
export interface VerifyRequest {
  readonly modelPath: string;
  readonly registry: Registry;
  /** Where metadata is read from; what it answers is checked against the chain. */
  readonly store: Pick<ContentStore, "get">;
  /** The token the model should be; it is found by the model's digest when left out. */
  readonly tokenId?: bigint;
  readonly ignorePaths?: readonly string[];
  readonly onBytes?: ByteProgress;
}

type Check = { what: string; passed: boolean };

/** What {@link examine} gathers on its way. */
class Findings {
  readonly checks: Check[] = [];
  readonly warnings: string[] = [];

  check(what: string, passed: boolean): boolean {
    this.checks.push({ what, passed });
    return passed;
  }
}

/**
 * Finds out from the chain whether exactly these files were recorded. The answer is a report; only a
 * failure to look is thrown.
 *
 * @throws {ProvenanceError} as {@link hashModel}, `CHAIN_UNREACHABLE`
 * @example
 * const { verdict } = await verifyModel({ modelPath: "./my-model", registry, store });
 */
export async function verifyModel(request: VerifyRequest): Promise<VerifyReport> {
  const { registry, tokenId } = request;
  const model = await hashModel(request.modelPath, {
    ignorePaths: request.ignorePaths ?? [],
    ...(request.onBytes && { onBytes: request.onBytes }),
  });
  if (tokenId !== undefined) {
    const record = await readModelRecord(registry, tokenId);
    if (record === undefined) return notRegistered(model, `There is no token ${toHex32(tokenId)} in this registry.`);
    return matchesDigest(model, tokenId) ? examine(request, model, record) : explainDifference(request, model, record);
  }
  const record = await findByDigest(registry, model);
  if (record !== undefined) return examine(request, model, record);

  const claim = await readClaim(model.path, model.kind);
  if (claim?.registry.toLowerCase() === `eip155:${registry.chainId}:${registry.address}`.toLowerCase()) {
    const claimed = await readModelRecord(registry, BigInt(claim.tokenId));
    if (claimed !== undefined) return explainDifference(request, model, claimed);
  }
  const sameWeights = await findTokensByWeights(registry, model.weightsDigest);
  const hint = sameWeights.length > 0 ? ` Its weights are those of token ${toHex32(sameWeights[0] as bigint)}.` : "";
  return notRegistered(model, `Nobody recorded this model in this registry.${hint}`, sameWeights);
}

/** The digest of the specification first; OMS's Python client orders some names otherwise. */
function digestsOf(model: HashedModel): bigint[] {
  return [...new Set([BigInt(model.modelDigest), BigInt(computeComponentOrderDigest(model.resources))])];
}

function matchesDigest(model: HashedModel, tokenId: bigint): boolean {
  return digestsOf(model).includes(tokenId);
}

async function findByDigest(registry: Registry, model: HashedModel): Promise<ModelRecord | undefined> {
  for (const tokenId of digestsOf(model)) {
    const record = await readModelRecord(registry, tokenId);
    if (record !== undefined) return record;
  }
  return undefined;
}

/** The digest is recorded: compares names, reads the metadata, and looks at signature and status. */
async function examine(request: VerifyRequest, model: HashedModel, record: ModelRecord): Promise<VerifyReport> {
  const findings = new Findings();
  findings.check("the contents of all files are recorded under this token id", true);
  const metadata = await tryReadMetadata(request, record, findings);
  const expected = metadata && (await tryReadManifest(request, metadata, findings));
  const event = await tryFindEvent(request, record, findings);
  const report = { model, record, ...(event && { event }), ...(metadata && { metadata }), sameWeights: [] };

  const files = expected === undefined ? [] : compareNamed(model, expected, findings);
  const named = checkNames(model, files, event, findings);
  if (metadata !== undefined) await checkStatements(request, record, metadata, findings);
  if (metadata && expected && computeManifestRoot(expected) !== metadata.provenance.manifestRoot) {
    findings.warnings.push("The metadata names another manifest root than its own resources give.");
  }
  const { checks, warnings } = findings;
  if (named === undefined) {
    const reason =
      "The contents are recorded, but the names could not be compared: neither the metadata nor the event could be read.";
    return { ...report, verdict: "unchecked", reason, files, checks, warnings };
  }
  if (!named) {
    const reason = "The contents are recorded, but not under these names.";
    return { ...report, verdict: "mismatch", reason, files, checks, warnings };
  }
  if (!findings.check("the model is not revoked", record.status !== "revoked")) {
    return { ...report, verdict: "unacceptable", reason: "The model was revoked.", files, checks, warnings };
  }
  if (record.status === "deprecated") warnings.push("The model is deprecated.");
  const reason = `Exactly these files were recorded by ${record.creator}.`;
  return { ...report, verdict: "verified", reason, files, checks, warnings };
}

/** Another digest than the token's: says which files differ, where the recorded ones are known. */
async function explainDifference(
  request: VerifyRequest,
  model: HashedModel,
  record: ModelRecord,
): Promise<VerifyReport> {
  const findings = new Findings();
  findings.check(`the files are those of token ${toHex32(record.tokenId)}`, false);
  const metadata = await tryReadMetadata(request, record, findings);
  const expected = metadata && (await tryReadManifest(request, metadata, findings));
  const files = expected === undefined ? [] : compareResources(expected, model.resources);
  const ignored = metadata?.provenance.manifest.ignorePaths ?? [];
  if (ignored.length > 0 && ignored.join() !== model.ignorePaths.join()) {
    findings.warnings.push(
      `The record ignores ${ignored.join(", ")}: set IGNORE_PATHS=${ignored.join(",")} to verify as it was recorded.`,
    );
  }
  const { checks, warnings } = findings;
  const reason = "The files are not those that were recorded.";
  return {
    verdict: "mismatch",
    reason,
    model,
    record,
    ...(metadata && { metadata }),
    files,
    checks,
    warnings,
    sameWeights: [],
  };
}

function compareNamed(model: HashedModel, expected: readonly Resource[], findings: Findings): FileComparison[] {
  const [actual] = model.resources;
  const [recorded] = expected;
  if (model.kind === "file" && expected.length === 1 && actual && recorded && actual.sha256 === recorded.sha256) {
    if (actual.name !== recorded.name) findings.warnings.push(`The file was recorded as ${recorded.name}.`);
    return [{ name: recorded.name, status: "ok", expected: recorded, actual }];
  }
  return compareResources(expected, model.resources);
}

/** @returns undefined when there was nothing to compare the names with */
function checkNames(
  model: HashedModel,
  files: readonly FileComparison[],
  event: RecordedEvent | undefined,
  findings: Findings,
) {
  if (files.length > 0) {
    return findings.check(
      "the names of all files are those of the metadata",
      files.every(({ status }) => status === "ok"),
    );
  }
  if (event === undefined) return undefined;
  return findings.check(
    "names, sizes and contents have the manifest root that was emitted",
    event.manifestRoot === model.manifestRoot,
  );
}

async function checkStatements(
  { registry }: VerifyRequest,
  record: ModelRecord,
  metadata: Metadata,
  findings: Findings,
): Promise<void> {
  const { provenance } = metadata;
  findings.check("the metadata has the digest that is on chain", true);
  if ((provenance.license ?? "") !== record.license) {
    findings.warnings.push(
      `The metadata says the licence is ${provenance.license ?? "none"}, the chain says ${record.license || "none"}.`,
    );
  }
  const signed = await isSignedBy(
    metadata,
    record.creator,
    { chainId: registry.chainId, registry: registry.address },
    registry.provider,
  );
  if (signed) findings.check(`the metadata is signed by its creator ${record.creator}`, true);
  else
    findings.warnings.push(
      `The signature in the metadata is not (or no longer) one of ${record.creator}, whose transaction recorded it.`,
    );
}

async function tryReadMetadata({ store }: VerifyRequest, record: ModelRecord, findings: Findings) {
  return orWarn(() => readMetadata(record.metadataDigest, store), findings);
}

async function tryReadManifest({ store }: VerifyRequest, metadata: Metadata, findings: Findings) {
  return orWarn(() => readManifestEntry(metadata.provenance.manifest, store), findings);
}

async function tryFindEvent({ registry }: VerifyRequest, record: ModelRecord, findings: Findings) {
  return orWarn(() => findRecordedEvent(registry, record), findings);
}

async function orWarn<T>(read: () => Promise<T>, findings: Findings): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    findings.warnings.push(error.message);
    return undefined;
  }
}

function notRegistered(model: HashedModel, reason: string, sameWeights: readonly bigint[] = []): VerifyReport {
  const checks = [{ what: "the model is recorded in this registry", passed: false }];
  return { verdict: "not-registered", reason, model, files: [], checks, warnings: [], sameWeights };
}

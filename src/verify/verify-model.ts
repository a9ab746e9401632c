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
import type { DigestCache } from "../hashing/digest-cache.ts";
import { readClaim } from "../model/claim.ts";
import type { ByteProgress } from "../hashing/digest-files.ts";
import { type HashedModel, hashModel } from "../model/hash-model.ts";
import type { LfsPointerPolicy } from "../model/lfs-pointer.ts";
import { computeComponentOrderDigest, computeManifestRoot } from "../model/manifest.ts";
import type { Resource } from "../model/resource.ts";
import type { ContentStore } from "../store/content-store.ts";
import { type FileComparison, compareResources } from "./compare-resources.ts";
import { findContradictions } from "./find-contradictions.ts";
import { warningsOf } from "./model-warnings.ts";

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
  readonly onTotal?: (bytes: number) => void;
  /** Follow the links of a Hugging Face cache snapshot. */
  readonly hfCache?: boolean;
  /** Compare by Git LFS pointers instead of content; the report says so. */
  readonly lfsPointers?: LfsPointerPolicy;
  /** Do not read files that it knows; the report says how many. */
  readonly cache?: DigestCache;
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
  const { modelPath, registry: _, store: __, tokenId: ___, ...hashing } = request;
  const model = await hashModel(modelPath, hashing);
  const report = await findVerdict(request, model);
  const unseen = model.pointers.length > 0 ? { reason: `By what the Git LFS pointers say: ${report.reason}` } : {};
  return { ...report, ...unseen, warnings: [...warningsOf(model), ...report.warnings] };
}

async function findVerdict(request: VerifyRequest, model: HashedModel): Promise<VerifyReport> {
  const { registry, tokenId } = request;
  if (tokenId !== undefined) {
    const record = await readModelRecord(registry, tokenId);
    if (record === undefined) return notRegistered(model, `There is no token ${toHex32(tokenId)} in this registry.`);
    return matchesDigest(model, tokenId) ? examine(request, model, record) : explainDifference(request, model, record);
  }
  const record = await findByDigest(registry, model);
  if (record !== undefined) return examine(request, model, record);

  const claim = await readClaim(model.path, model.kind, request);
  if (claim?.registry.toLowerCase() === `eip155:${registry.chainId}:${registry.address}`.toLowerCase()) {
    const claimed = await readModelRecord(registry, BigInt(claim.tokenId));
    if (claimed !== undefined) return explainDifference(request, model, claimed);
  }
  const findings = new Findings();
  const sameWeights = (await orWarn(() => findTokensByWeights(registry, model.weightsDigest), findings)) ?? [];
  const hint = sameWeights.length > 0 ? ` Its weights are those of token ${toHex32(sameWeights[0] as bigint)}.` : "";
  const report = notRegistered(model, `Nobody recorded this model in this registry.${hint}`, sameWeights);
  return { ...report, warnings: findings.warnings };
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
  const event = await orWarn(() => findRecordedEvent(request.registry, record), findings);
  const named =
    expected === undefined ? compareWithEvent(model, event, findings) : compareNamed(model, expected, findings);
  const consistent =
    metadata === undefined || (await checkStatements(request, record, event, metadata, expected, findings));

  const { checks, warnings } = findings;
  const found = { model, record, ...(event && { event }), ...(metadata && { metadata }), sameWeights: [] };
  const report = { ...found, files: named.files, checks, warnings };
  if (named.verdict === "mismatch") {
    return { ...report, verdict: "mismatch", reason: "The contents are recorded, but not under these names." };
  }
  if (!consistent) {
    return { ...report, verdict: "mismatch", reason: "The metadata on record is not that of this model." };
  }
  if (named.verdict === "unchecked") {
    const reason = "The contents are recorded, but the names could not be compared: the metadata could not be read.";
    return { ...report, verdict: "unchecked", reason };
  }
  if (!findings.check("the model is not revoked", record.status !== "revoked")) {
    return { ...report, verdict: "unacceptable", reason: "The model was revoked." };
  }
  if (record.status === "deprecated") warnings.push("The model is deprecated.");
  return { ...report, verdict: "verified", reason: `Exactly these files were recorded by ${record.creator}.` };
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

interface NameComparison {
  readonly verdict: "verified" | "mismatch" | "unchecked";
  readonly files: readonly FileComparison[];
}

function compareNamed(model: HashedModel, expected: readonly Resource[], findings: Findings): NameComparison {
  const files = compareFiles(model, expected, findings);
  const equal = files.every(({ status }) => status === "ok");
  findings.check("the names of all files are those of the metadata", equal);
  return { verdict: equal ? "verified" : "mismatch", files };
}

function compareFiles(model: HashedModel, expected: readonly Resource[], findings: Findings): FileComparison[] {
  const [actual] = model.resources;
  const [recorded] = expected;
  if (model.kind === "file" && expected.length === 1 && actual && recorded && actual.sha256 === recorded.sha256) {
    if (actual.name !== recorded.name) findings.warnings.push(`The file was recorded as ${recorded.name}.`);
    return [{ name: recorded.name, status: "ok", expected: recorded, actual }];
  }
  return compareResources(expected, model.resources);
}

/** Without the metadata the names can still be compared, by the root over all of them that was emitted. */
function compareWithEvent(model: HashedModel, event: RecordedEvent | undefined, findings: Findings): NameComparison {
  if (event === undefined) return { verdict: "unchecked", files: [] };
  const equal = event.manifestRoot === model.manifestRoot;
  // A single file may carry another name, and then nobody can say which was recorded.
  if (!equal && model.kind === "file") return { verdict: "unchecked", files: [] };
  findings.check("names, sizes and contents have the manifest root that was emitted", equal);
  if (!equal) return { verdict: "mismatch", files: [] };
  const files = model.resources.map((resource): FileComparison => {
    return { name: resource.name, status: "ok", expected: resource, actual: resource };
  });
  return { verdict: "verified", files };
}

/** @returns false when the metadata is that of another model */
async function checkStatements(
  { registry }: VerifyRequest,
  record: ModelRecord,
  event: RecordedEvent | undefined,
  metadata: Metadata,
  expected: readonly Resource[] | undefined,
  findings: Findings,
): Promise<boolean> {
  const { provenance } = metadata;
  findings.check("the metadata has the digest that is on chain", true);
  const roots = [
    provenance.manifestRoot,
    ...(expected ? [computeManifestRoot(expected)] : []),
    ...(event ? [event.manifestRoot] : []),
  ];
  const sameModel = BigInt(provenance.modelDigest) === record.tokenId && new Set(roots).size === 1;
  findings.check("metadata and chain name the same model and manifest root", sameModel);
  for (const { field, chain, metadata: stated } of findContradictions(provenance, record, event)) {
    findings.warnings.push(`The metadata says the ${field} is ${stated}, the chain says ${chain}.`);
  }
  const domain = { chainId: registry.chainId, registry: registry.address };
  if (await isSignedBy(metadata, record.creator, domain, registry.provider)) {
    findings.check(`the metadata is signed by its creator ${record.creator}`, true);
  } else {
    const text = `The signature in the metadata is not (or no longer) one of ${record.creator}, whose transaction recorded it.`;
    findings.warnings.push(text);
  }
  return sameModel;
}

async function tryReadMetadata({ store }: VerifyRequest, record: ModelRecord, findings: Findings) {
  return orWarn(() => readMetadata(record.metadataDigest, store), findings);
}

async function tryReadManifest({ store }: VerifyRequest, metadata: Metadata, findings: Findings) {
  return orWarn(() => readManifestEntry(metadata.provenance.manifest, store), findings);
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

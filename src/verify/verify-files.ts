import type { RecordedEvent } from "../registry/model-record.ts";
import { type Registry, toCaip10 } from "../registry/registry.ts";
import { ProvenanceError } from "../base/errors.ts";
import { type Hex, toHex32 } from "../base/hex.ts";
import type { ByteProgress } from "../model/hashing/steps.ts";
import type { MerkleTree } from "../base/merkle-tree.ts";
import { verifyManifestProof } from "../model/manifest-tree.ts";
import { buildManifestTree } from "../model/manifest.ts";
import type { Resource } from "../model/resource.ts";
import { type ModelListing, walkModel } from "../model/walk.ts";
import type { BlockSource } from "../content/content-store.ts";
import { checkManifestDigest, checkStatements, readStatement } from "./check-record.ts";
import { type Standing, checkStanding } from "./check-standing.ts";
import type { FileComparison } from "./compare-resources.ts";
import type { LocatedRecord } from "./find-anchored.ts";
import { readEventOf } from "./find-record.ts";
import { hashNamedFiles } from "./hash-named-files.ts";
import { locateDamage, openRecordedLeaves } from "./locate-damage.ts";
import { unsafeWarnings } from "./model-warnings.ts";
import type { ProofFile } from "./proof-file.ts";
import { Findings, type RecordedModel, type VerifyReport, concludeEqual, placeOf, registriesOf } from "./report.ts";
import { type SelectedRecord, describeModel, noSuchToken, selectRecord } from "./select-record.ts";

/** Input of {@link verifyFiles}. */
export interface VerifyFilesRequest {
  /** The model's folder, or the one file that is asked for. */
  readonly modelPath: string;
  /** Names of the files to check, as they were recorded. */
  readonly only: readonly string[];
  /** The registry to ask, or several, on any chains. */
  readonly registry: Registry | readonly Registry[];
  /** Why each of the registries that should be asked, too, cannot be. */
  readonly unreachable?: readonly string[];
  readonly store: BlockSource;
  /** The token the files should be of; the one that the model claims when left out, which is no proof. */
  readonly tokenId?: bigint;
  readonly ignorePaths?: readonly string[];
  /** Follow the links of a Hugging Face cache snapshot. */
  readonly hfCache?: boolean;
  readonly onTotal?: (bytes: number) => void;
  readonly onBytes?: ByteProgress;
}

/** The report on some files of a model, and proofs of those that are as recorded. */
export interface VerifyFilesReport extends VerifyReport {
  readonly proofs: readonly ProofFile[];
}

/**
 * Checks some files of a model against its record and reads no others: each must lead, by its Merkle proof, to the
 * manifest root that was emitted.
 *
 * @throws {ProvenanceError} `OPTION_MISSING` where no file or no token is named, `OPTION_INVALID` for a name that
 *   neither the model nor the record has; as {@link walkModel}; `CHAIN_UNREACHABLE`
 */
export async function verifyFiles(request: VerifyFilesRequest): Promise<VerifyFilesReport> {
  const names = [...new Set(request.only.map((name) => name.replace(/^\.\//, "")))];
  if (names.length === 0) throw new ProvenanceError("OPTION_MISSING", "VERIFY_ONLY names no file: nothing to check.");
  const listing = await walkModel(request.modelPath, {
    ignorePaths: request.ignorePaths ?? [],
    hfCache: request.hfCache ?? false,
  });
  if (listing.kind === "file" && names.length > 1) {
    throw new ProvenanceError("OPTION_INVALID", `${listing.path} is one file: VERIFY_ONLY must give it one name.`);
  }
  const findings = new Findings();
  const selected = await selectRecord(request, listing, findings);
  if (selected === undefined) {
    const text = "Single files are found by their token only. Name it with TOKEN_ID, or verify the whole model.";
    throw new ProvenanceError("OPTION_MISSING", text);
  }
  if (selected.located === undefined) {
    return { ...noSuchToken(listing, selected, "proof", registriesOf(request)), proofs: [] };
  }
  return checkAgainst(selected, selected.located, request, names, listing, findings);
}

async function checkAgainst(
  selected: SelectedRecord,
  located: LocatedRecord,
  request: VerifyFilesRequest,
  names: readonly string[],
  listing: ModelListing,
  findings: Findings,
): Promise<VerifyFilesReport> {
  const { registry, record, batch } = located;
  const { metadata, expected } = await readStatement(request, record, findings);
  const place = { registry: placeOf(registry), ...(batch && { batch }) };
  const found = { model: describeModel(listing), ...place, record, ...(metadata && { metadata }) };
  const lists = findings.lists();
  const report = { ...found, method: "proof", filesChecked: 0, files: [], ...lists, sameWeights: [] } as const;
  if (metadata === undefined || expected === undefined) {
    const reason = "No file could be checked: the recorded manifest could not be read. A proof file does without it.";
    return { ...report, verdict: "unchecked", reason, proofs: [] };
  }
  const event = await findings.orWarn(async () => readEventOf(located));
  const isManifest = checkManifestDigest(expected, record, findings);
  const consistent = (await checkStatements({ registry }, record, event, metadata, expected, findings)) && isManifest;
  const files = await compareFiles(request, listing, names, expected, findings, metadata.provenance.model);
  const filesChecked = files.filter(({ actual }) => actual !== undefined).length;
  const counted = { ...report, ...(event && { event }), files, filesChecked, filesRecorded: expected.length };
  const proofs = consistent ? proveFiles(registry, record, event, expected, files, findings) : [];
  const { batches } = selected;
  const standing = await checkStanding({ located, event, metadata, batches, store: request.store }, findings);
  return { ...conclude(counted, consistent, proofs, selected, expected.length, standing, findings), proofs };
}

async function compareFiles(
  request: VerifyFilesRequest,
  listing: ModelListing,
  names: readonly string[],
  expected: readonly Resource[],
  findings: Findings,
  model: Parameters<typeof openRecordedLeaves>[0],
): Promise<FileComparison[]> {
  const recorded = new Map(expected.map((resource) => [resource.name, resource]));
  const found = await hashNamedFiles(listing, names, request);
  const rows = names.map((name) => compareFile(name, recorded.get(name), found.get(name)));
  findings.warnings.push(...(await unsafeWarnings(listing, [...found.values()])));
  return locateDamage(rows, listing.files, openRecordedLeaves(model, request.store), findings);
}

function compareFile(name: string, expected: Resource | undefined, actual: Resource | undefined): FileComparison {
  if (expected === undefined && actual === undefined) {
    const text = `Neither the model nor its record has a file ${JSON.stringify(name)}. Correct VERIFY_ONLY.`;
    throw new ProvenanceError("OPTION_INVALID", text);
  }
  if (expected === undefined) return { name, status: "extra", actual: actual as Resource };
  if (actual === undefined) return { name, status: "missing", expected };
  const equal = actual.size === expected.size && actual.sha256 === expected.sha256;
  return { name, status: equal ? "ok" : "mismatch", expected, actual };
}

/** Takes the proof of each file that is as recorded, and follows it from the file at hand to the root. */
function proveFiles(
  registry: Registry,
  record: RecordedModel,
  event: RecordedEvent | undefined,
  expected: readonly Resource[],
  rows: readonly FileComparison[],
  findings: Findings,
): ProofFile[] {
  const tree = buildManifestTree(expected);
  const manifestRoot = event?.manifestRoot ?? tree.root;
  const which = event ? "emitted" : "recorded in the metadata";
  const place = { schemaVersion: "1.0", registry: toCaip10(registry), tokenId: toHex32(record.tokenId) } as const;
  return rows.flatMap(({ name, status, actual }) => {
    if (status !== "ok") return [];
    const resource = { name, size: actual?.size ?? 0, sha256: actual?.sha256 ?? "" };
    const proof = proofOf(tree, name);
    const holds = verifyManifestProof(manifestRoot, resource, proof);
    findings.check(`the Merkle proof of ${name} leads to the manifest root that was ${which}`, holds);
    return holds ? [{ ...place, manifestRoot, resource, proof }] : [];
  });
}

function proofOf(tree: MerkleTree, name: string): Hex[] {
  return tree.getProof(name) ?? [];
}

function conclude<Report extends Omit<VerifyReport, "verdict" | "reason"> & { readonly record: RecordedModel }>(
  report: Report,
  consistent: boolean,
  proofs: readonly ProofFile[],
  { by }: SelectedRecord,
  total: number,
  standing: Standing,
  findings: Findings,
): Report & Pick<VerifyReport, "verdict" | "reason"> {
  const { files } = report;
  const scope = `Only ${report.filesChecked} of ${total} files were checked`;
  if (!consistent)
    return { ...report, verdict: "mismatch", reason: "The metadata on record is not that of this model." };
  if (proofs.length < files.length) {
    const wrong = files.length - proofs.length;
    return {
      ...report,
      verdict: "mismatch",
      reason: `${scope}; ${wrong} asked for ${wrong === 1 ? "is" : "are"} not as recorded.`,
    };
  }
  const reason = `${scope}: as recorded by ${report.record.creator}, the others unknown.`;
  const concluded = concludeEqual(report, reason, standing, findings);
  if (concluded.verdict !== "verified" || by === "verifier") return concluded;
  const command = `TOKEN_ID=${toHex32(report.record.tokenId)} VERIFY_ONLY=${files.map(({ name }) => name).join(",")}`;
  const hint = `${scope}, and only the model's own claim says of which token they are. To accept that, run verify with ${command}`;
  return { ...concluded, verdict: "unchecked", reason: hint };
}

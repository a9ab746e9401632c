import { openerOf } from "../model/tensors/hashed-source.ts";
import { ProvenanceError } from "../base/errors.ts";
import { type Hex, toHex32 } from "../base/hex.ts";
import type { ByteProgress } from "../model/hashing/steps.ts";
import type { MerkleTree } from "../base/merkle-tree.ts";
import { verifyManifestProof } from "../model/manifest-tree.ts";
import { buildManifestTree } from "../model/manifest.ts";
import type { Resource } from "../model/resource.ts";
import { type ModelListing, walkModel } from "../model/walk.ts";
import { toCaip10 } from "../registry/registry.ts";
import { evidenceOf, placesOf, reportAbsence, selectRecord } from "./ask-chain.ts";
import type { FileComparison } from "./compare-resources.ts";
import { type Finding, checked, failed, warns } from "./findings.ts";
import { hashNamedFiles } from "./hash-named-files.ts";
import { locateDamage, openRecordedLeaves } from "./locate-damage.ts";
import { unsafeWarnings } from "./model-warnings.ts";
import type { Comparison, Subject } from "./comparison.ts";
import { examine } from "./pipeline.ts";
import type { ProofFile } from "./proof-file.ts";
import type { VerifyReport } from "./report.ts";
import type { VerifyRequest } from "./request.ts";
import { claimReaderOf, describeListing, leavesOfFile } from "./model-at-hand.ts";

/** Input of {@link verifyFiles}. */
export interface VerifyFilesRequest extends Pick<
  VerifyRequest,
  "registry" | "unreachable" | "store" | "tokenId" | "acceptance" | "publishers" | "credential" | "agent" | "limits"
> {
  /** The model's folder, or the one file that is asked for. */
  readonly modelPath: string;
  /** Names of the files to check, as they were recorded. */
  readonly only: readonly string[];
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
  const { ignorePaths = [], hfCache = false } = request;
  const listing = await walkModel(request.modelPath, { ignorePaths, hfCache });
  if (listing.kind === "file" && names.length > 1) {
    throw new ProvenanceError("OPTION_INVALID", `${listing.path} is one file: VERIFY_ONLY must give it one name.`);
  }
  const selected = await selectRecord(request, claimReaderOf(listing, request));
  if (selected === undefined) {
    const text = "Single files are found by their token only. Name it with TOKEN_ID, or verify the whole model.";
    throw new ProvenanceError("OPTION_MISSING", text);
  }
  const { judged, found, tokenId, by } = selected;
  const evidence = evidenceOf(request);
  const model = describeListing(listing);
  if (judged === undefined) {
    const registries = placesOf(evidence);
    return { ...reportAbsence({ way: "files", model, registries, gaps: found.gaps, tokenId }), proofs: [] };
  }
  const report = await examine({
    way: "files",
    evidence,
    found,
    judged,
    model,
    claim: by === "claim" ? { path: listing.path } : undefined,
    compare: async (subject) => compareNamedFiles(subject, names, listing, request),
  });
  return { ...report, proofs: report.proofs ?? [] };
}

async function compareNamedFiles(
  subject: Subject,
  names: readonly string[],
  listing: ModelListing,
  request: VerifyFilesRequest,
): Promise<Comparison> {
  const { metadata, expected } = subject.statement;
  if (metadata === undefined || expected === undefined) {
    const reason = "No file could be checked: the recorded manifest could not be read. A proof file does without it.";
    return {
      files: [],
      filesChecked: 0,
      findings: [failed("unknown", "the files are as recorded", reason)],
      proofs: [],
    };
  }
  const recorded = new Map(expected.map((resource) => [resource.name, resource]));
  const hashed = await hashNamedFiles(listing, names, request);
  const rows = names.map((name) => compareFile(name, recorded.get(name), hashed.get(name)));
  const readLeaves = openRecordedLeaves(metadata.provenance.model, request.store);
  const { files, findings } = await locateDamage(rows, listing.files, readLeaves, leavesOfFile);
  const filesChecked = files.filter(({ actual }) => actual !== undefined).length;
  const proved = proveFiles(subject, expected, files);
  const wrong = files.length - proved.proofs.length;
  const scope = `Only ${filesChecked} of ${expected.length} files were checked`;
  const reason = `${scope}; ${wrong} asked for ${wrong === 1 ? "is" : "are"} not as recorded.`;
  const unsafe = await unsafeWarnings([...hashed.values()], openerOf(listing));
  return {
    files,
    filesChecked,
    filesRecorded: expected.length,
    proofs: proved.proofs,
    findings: [
      ...unsafe.map((text) => warns(text)),
      ...findings,
      ...proved.findings,
      checked(wrong === 0, "the files asked for are as recorded", "differs", reason),
    ],
  };
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
  { judged, event }: Subject,
  expected: readonly Resource[],
  rows: readonly FileComparison[],
): { readonly proofs: ProofFile[]; readonly findings: Finding[] } {
  const tree = buildManifestTree(expected);
  const manifestRoot = event?.manifestRoot ?? tree.root;
  const which = event ? "emitted" : "recorded in the metadata";
  const registry = toCaip10(judged.place);
  const place = { schemaVersion: "1.0", registry, tokenId: toHex32(judged.record.tokenId) } as const;
  const proofs: ProofFile[] = [];
  const findings: Finding[] = [];
  for (const { name, actual } of rows.filter(({ status }) => status === "ok")) {
    const resource = { name, size: actual?.size ?? 0, sha256: actual?.sha256 ?? "" };
    const proof = proofOf(tree, name);
    const holds = verifyManifestProof(manifestRoot, resource, proof);
    const what = `the Merkle proof of ${name} leads to the manifest root that was ${which}`;
    findings.push(checked(holds, what, "differs", "The metadata on record is not that of this model."));
    if (holds) proofs.push({ ...place, manifestRoot, resource, proof });
  }
  return { proofs, findings };
}

function proofOf(tree: MerkleTree, name: string): Hex[] {
  return tree.getProof(name) ?? [];
}

import { type ModelRecord, findRecordedEvent, readModelRecord } from "../registry/model-record.ts";
import { type Registry, toCaip10 } from "../registry/registry.ts";
import { ProvenanceError } from "../base/errors.ts";
import { type Hex, toHex32 } from "../base/hex.ts";
import type { ByteProgress } from "../model/hashing/steps.ts";
import { verifyManifestProof } from "../model/manifest-tree.ts";
import { type ModelListing, walkModel } from "../model/walk.ts";
import type { BlockSource } from "../content/content-store.ts";
import { checkStanding } from "./check-standing.ts";
import type { FileComparison } from "./compare-resources.ts";
import { compareSizes } from "./damage.ts";
import { hashNamedFiles } from "./hash-named-files.ts";
import { unsafeWarnings } from "./model-warnings.ts";
import type { ProofFile } from "./proof-file.ts";
import { Findings, type VerifyReport, concludeEqual, placeOf, registriesOf } from "./report.ts";
import { describeModel, noSuchToken } from "./select-record.ts";

/** Input of {@link verifyProof}. The root that counts comes from the chain, or from the verifier. */
export interface VerifyProofRequest {
  /** The file, or the model's folder in which it lies. */
  readonly modelPath: string;
  readonly proof: ProofFile;
  /** The token the file must be of; the one that the proof names when left out. */
  readonly tokenId?: bigint;
  /** The registry, or offline the manifest root to which the proof must lead. */
  readonly trusted: Registry | readonly Registry[] | Hex;
  /** Where the folders of recalled batches are read, to find out whether the token came from one of them. */
  readonly store?: BlockSource;
  readonly onTotal?: (bytes: number) => void;
  readonly onBytes?: ByteProgress;
}

/**
 * Checks one file with its proof alone: no metadata is read, only the event with which the token was recorded, and the token's standing; offline
 * nothing but the root that the verifier gives.
 *
 * @throws {ProvenanceError} `PROOF_INVALID` for a proof of another registry or token than asked for, as
 *   {@link walkModel}, `CHAIN_UNREACHABLE`
 */
export async function verifyProof(request: VerifyProofRequest): Promise<VerifyReport> {
  const { proof, trusted, tokenId } = request;
  const claimed = BigInt(proof.tokenId);
  if (tokenId !== undefined && tokenId !== claimed) {
    throw otherPlace(`is of token ${proof.tokenId}, not of ${toHex32(tokenId)}`);
  }
  const listing = await walkModel(request.modelPath);
  const findings = new Findings();
  if (typeof trusted === "string") {
    const file = await checkFile(request, listing, trusted, "given", findings);
    findings.warnings.push(
      "Nothing was asked of the chain: who recorded the file, and whether it was revoked, is not known.",
    );
    return { ...describe(listing, file, proof, findings), ...(file.fault ?? offlineVerdict(proof)) };
  }
  const registries = registriesOf({ registry: trusted });
  const names = registries.map(toCaip10);
  const registry = registries[names.findIndex((name) => name.toLowerCase() === proof.registry.toLowerCase())];
  if (registry === undefined) throw otherPlace(`is for the registry ${proof.registry}, not for ${names.join(" or ")}`);
  const record = await readModelRecord(registry, claimed);
  if (record === undefined) return noSuchToken(listing, { tokenId: claimed, gaps: [] }, "proof", [registry]);
  const event = await findRecordedEvent(registry, record);
  const file = await checkFile(request, listing, event.manifestRoot, "emitted", findings);
  const report = { ...describe(listing, file, proof, findings), registry: placeOf(registry), record, event };
  if (file.fault) return { ...report, ...file.fault };
  const located = { registry, record };
  const standing = await checkStanding({ located, event, metadata: undefined, store: request.store }, findings);
  return concludeEqual(report, reasonOf(proof, record), standing, findings);
}

interface CheckedFile {
  readonly row: FileComparison;
  readonly fault?: Pick<VerifyReport, "verdict" | "reason">;
}

async function checkFile(
  request: VerifyProofRequest,
  listing: ModelListing,
  root: Hex,
  which: string,
  findings: Findings,
): Promise<CheckedFile> {
  const { proof } = request;
  const { resource: expected } = proof;
  const { name } = expected;
  const found = await hashNamedFiles(listing, [name], request);
  const actual = found.get(name);
  findings.warnings.push(...(await unsafeWarnings(listing, [...found.values()])));
  const sameRoot = findings.check(
    `the proof is for the manifest root that was ${which}, ${root}`,
    proof.manifestRoot === root,
  );
  const holds = findings.check(
    "the proof leads from the file's name, size and SHA-256 to that root",
    verifyManifestProof(root, expected, proof.proof),
  );
  const equal = actual?.size === expected.size && actual.sha256 === expected.sha256;
  findings.check("the file has the size and the SHA-256 of the proof", equal);
  if (listing.kind === "file" && actual && actual.name !== name.split("/").at(-1)) {
    findings.warnings.push(`The file was recorded as ${name}.`);
  }
  const row = compare(expected, actual, equal);
  if (!sameRoot)
    return { row, fault: mismatch(`The proof is for another manifest root than the one that was ${which}.`) };
  if (!holds) return { row, fault: mismatch("The proof does not lead to the manifest root: it is forged or damaged.") };
  return equal ? { row } : { row, fault: mismatch("The file is not the one that was recorded.") };
}

function compare(
  expected: ProofFile["resource"],
  actual: ProofFile["resource"] | undefined,
  equal: boolean,
): FileComparison {
  const { name } = expected;
  if (actual === undefined) return { name, status: "missing", expected };
  return { name, status: equal ? "ok" : "mismatch", expected, actual, ...compareSizes(expected.size, actual.size) };
}

function describe(listing: ModelListing, { row, fault }: CheckedFile, proof: ProofFile, findings: Findings) {
  const filesChecked = row.actual === undefined ? 0 : 1;
  return {
    method: "proof",
    filesChecked,
    model: describeModel(listing),
    files: [row],
    proofs: fault === undefined ? [proof] : [],
    ...findings.lists(),
    sameWeights: [],
  } as const;
}

function reasonOf({ resource }: ProofFile, { creator }: ModelRecord): string {
  return `Only 1 file was checked, ${resource.name}: as recorded by ${creator}, the others of the model unknown.`;
}

function offlineVerdict({ resource }: ProofFile): Pick<VerifyReport, "verdict" | "reason"> {
  const reason = `Only 1 file was checked, ${resource.name}: it belongs to the manifest root that was given, the others of the model unknown.`;
  return { verdict: "verified", reason };
}

function mismatch(reason: string): Pick<VerifyReport, "verdict" | "reason"> {
  return { verdict: "mismatch", reason };
}

function otherPlace(fault: string): ProvenanceError {
  return new ProvenanceError("PROOF_INVALID", `The proof ${fault}. Get the one that belongs here.`);
}

import { openerOf } from "../model/tensors/hashed-source.ts";
import { ProvenanceError } from "../base/errors.ts";
import { type Hex, toHex32 } from "../base/hex.ts";
import type { BlockSource } from "../content/content-store.ts";
import type { ByteProgress } from "../model/hashing/steps.ts";
import { verifyManifestProof } from "../model/manifest-tree.ts";
import { type ModelListing, walkModel } from "../model/walk.ts";
import type { PublisherSources } from "../registry/publishers/publisher-sources.ts";
import { type Registry, toCaip10 } from "../registry/registry.ts";
import { evidenceOf, placesOf, reportAbsence, selectRecord } from "./ask-chain.ts";
import type { FileComparison } from "./compare-resources.ts";
import { type CheckFinding, conclude } from "./conclude.ts";
import { compareSizes } from "./damage.ts";
import type { SearchLimits } from "./evidence.ts";
import { type Finding, checked, warns } from "./findings.ts";
import { hashNamedFiles } from "./hash-named-files.ts";
import { unsafeWarnings } from "./model-warnings.ts";
import { describeListing } from "./model-at-hand.ts";
import type { Comparison } from "./comparison.ts";
import { examine, skipChecks } from "./pipeline.ts";
import type { ProofFile } from "./proof-file.ts";
import { type VerifyReport } from "./report.ts";
import { registriesOf } from "./request.ts";

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
  readonly limits?: SearchLimits;
  /** Who is asked who is behind the creator; nobody when left out. */
  readonly publishers?: PublisherSources;
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
  const { proof, trusted, tokenId, store, limits, publishers } = request;
  const claimed = BigInt(proof.tokenId);
  if (tokenId !== undefined && tokenId !== claimed) {
    throw otherPlace(`is of token ${proof.tokenId}, not of ${toHex32(tokenId)}`);
  }
  const listing = await walkModel(request.modelPath);
  const model = describeListing(listing);
  if (typeof trusted === "string") return compareWithRoot(request, listing, trusted);
  const registries = registriesOf({ registry: trusted });
  const names = registries.map(toCaip10);
  const registry = registries[names.findIndex((name) => name.toLowerCase() === proof.registry.toLowerCase())];
  if (registry === undefined) throw otherPlace(`is for the registry ${proof.registry}, not for ${names.join(" or ")}`);
  const asked = {
    registry,
    tokenId: claimed,
    ...(store && { store }),
    ...(limits && { limits }),
    ...(publishers && { publishers }),
  };
  const evidence = evidenceOf(asked);
  const selected = await selectRecord(asked, undefined);
  const judged = selected?.judged;
  if (selected === undefined || judged === undefined) {
    const gaps = selected?.found.gaps ?? [];
    return reportAbsence({ way: "proof", model, registries: placesOf(evidence), gaps, tokenId: claimed });
  }
  return examine({
    way: "proof",
    evidence,
    found: selected.found,
    judged,
    model,
    compare: async ({ event }) => compareFile(request, listing, event?.manifestRoot ?? "0x", "emitted"),
  });
}

/** Offline nothing is known of a record: the root that the verifier gives stands for it. */
async function compareWithRoot(request: VerifyProofRequest, listing: ModelListing, root: Hex): Promise<VerifyReport> {
  const { findings, ...comparison } = await compareFile(request, listing, root, "given");
  const unknown = warns(
    "Nothing was asked of the chain: who recorded the file, and whether it was revoked, is not known.",
  );
  const found = [unknown, ...findings].map((finding): CheckFinding => ({ name: "files", what: "the files", finding }));
  const draft = { method: "proof", model: describeListing(listing), sameWeights: [], ...comparison } as const;
  return conclude("root", draft, [...found, ...skipChecks("root")]);
}

/** Compares one file with what the proof says of it, and follows the proof to the root that counts. */
async function compareFile(
  request: VerifyProofRequest,
  listing: ModelListing,
  root: Hex,
  which: string,
): Promise<Comparison> {
  const { proof } = request;
  const { resource: expected } = proof;
  const { name } = expected;
  const hashed = await hashNamedFiles(listing, [name], request);
  const actual = hashed.get(name);
  const equal = actual?.size === expected.size && actual.sha256 === expected.sha256;
  const isRenamed = listing.kind === "file" && actual && actual.name !== name.split("/").at(-1);
  const unsafe = await unsafeWarnings([...hashed.values()], openerOf(listing));
  const differs = (holds: boolean, what: string, reason: string) => checked(holds, what, "differs", reason);
  const findings: Finding[] = [
    ...unsafe.map((text) => warns(text)),
    differs(
      proof.manifestRoot === root,
      `the proof is for the manifest root that was ${which}, ${root}`,
      `The proof is for another manifest root than the one that was ${which}.`,
    ),
    differs(
      verifyManifestProof(root, expected, proof.proof),
      "the proof leads from the file's name, size and SHA-256 to that root",
      "The proof does not lead to the manifest root: it is forged or damaged.",
    ),
    differs(equal, "the file has the size and the SHA-256 of the proof", "The file is not the one that was recorded."),
    ...(isRenamed ? [warns(`The file was recorded as ${name}.`)] : []),
  ];
  const holds = findings.every(({ kind }) => kind !== "differs");
  return {
    files: [toRow(expected, actual, equal)],
    filesChecked: actual === undefined ? 0 : 1,
    findings,
    proofs: holds ? [proof] : [],
  };
}

function toRow(
  expected: ProofFile["resource"],
  actual: ProofFile["resource"] | undefined,
  equal: boolean,
): FileComparison {
  const { name } = expected;
  if (actual === undefined) return { name, status: "missing", expected };
  return { name, status: equal ? "ok" : "mismatch", expected, actual, ...compareSizes(expected.size, actual.size) };
}

function otherPlace(fault: string): ProvenanceError {
  return new ProvenanceError("PROOF_INVALID", `The proof ${fault}. Get the one that belongs here.`);
}

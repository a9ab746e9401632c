import { ProvenanceError } from "../base/errors.ts";
import { toHex32 } from "../base/hex.ts";
import { digestLeaves } from "../model/hashing/digest-leaves.ts";
import type { Metadata } from "../metadata/schema.ts";
import type { ResourceWithLeaves } from "../model/model-cid.ts";
import type { Resource } from "../model/resource.ts";
import { type ModelListing, assertModelUnchanged, walkModel } from "../model/walk.ts";
import { possibleRoots } from "./check-cid.ts";
import { checkDataset } from "./check-dataset.ts";
import { checkOmsBundle } from "./check-oms.ts";
import { checkManifestDigest, checkStatements, digestsOf, readStatement } from "./check-record.ts";
import { checkStanding } from "./check-standing.ts";
import { compareRecordedLeaves } from "./compare-recorded-leaves.ts";
import type { FileComparison } from "./compare-resources.ts";
import { warnOfIgnoredPaths } from "./explain-difference.ts";
import type { LocatedRecord } from "./find-anchored.ts";
import { readEventOf } from "./find-record.ts";
import { openRecordedLeaves, parseRoot } from "./locate-damage.ts";
import { unsafeWarnings } from "./model-warnings.ts";
import { Findings, type VerifyReport, type VerifyRequest, concludeEqual, placeOf, registriesOf } from "./report.ts";
import { type SelectedRecord, describeModel, noSuchToken, selectRecord } from "./select-record.ts";

/** Why the fast check could not be made. */
export interface NotFast {
  /** One sentence for people. */
  readonly instead: string;
}

interface FastCheck {
  readonly request: VerifyRequest;
  readonly listing: ModelListing;
  readonly selected: SelectedRecord;
  readonly located: LocatedRecord;
  readonly metadata: Metadata;
  readonly expected: readonly Resource[];
  readonly findings: Findings;
}

/**
 * Verifies a model by its CID alone: the leaves are hashed by all cores at once, the CID is built again from their
 * digests and compared with the recorded one. No digest of a whole file is computed, so the token must be known.
 *
 * @throws {ProvenanceError} as {@link walkModel} and {@link digestLeaves}, `CHAIN_UNREACHABLE`
 */
export async function verifyFast(request: VerifyRequest): Promise<VerifyReport | NotFast> {
  const findings = new Findings();
  const listing = await walkModel(request.modelPath, {
    ignorePaths: request.ignorePaths ?? [],
    hfCache: request.hfCache ?? false,
  });
  const selected = await selectRecord(request, listing, findings);
  if (selected === undefined) return { instead: "The fast check needs to know the token: name it with TOKEN_ID." };
  const { located } = selected;
  if (located === undefined) return noSuchToken(listing, selected, "cid", registriesOf(request));
  const { metadata, expected } = await readStatement(request, located.record, findings);
  if (metadata === undefined || expected === undefined) {
    return { instead: `The fast check needs the metadata. ${findings.warnings.join(" ")}` };
  }
  const { model } = metadata.provenance;
  if (model === undefined) return { instead: "The record does not name the CID of the model." };
  const root = parseRoot(model);
  if (root === undefined) return { instead: `The recorded CID cannot be built again here (profile ${model.profile}).` };

  const check = { request, listing, selected, located, metadata, expected, findings };
  request.onTotal?.(listing.files.reduce((sum, { size }) => sum + size, 0));
  const leaves = await digestLeaves(listing.files, request.onBytes && { onBytes: request.onBytes });
  await assertModelUnchanged(listing);
  const withLeaves = listing.files.map(({ name, size }, i) => ({ name, size, leafDigests: leaves[i] as Uint8Array }));
  const equal = possibleRoots(listing.kind, withLeaves, expected).includes(root.toString());
  findings.warnings.push(...(await unsafeWarnings(listing, listing.files)));
  findings.check(`the CID built from the leaves of all files is the recorded one, ${root.toString()}`, equal);
  return equal ? concludeFast(check) : explainFast(check, withLeaves);
}

async function concludeFast(check: FastCheck): Promise<VerifyReport> {
  const { request, selected, located, metadata, expected, findings, listing } = check;
  const { registry, record } = located;
  const event = await findings.orWarn(async () => readEventOf(located));
  const isManifest = checkManifestDigest(expected, record, findings);
  const consistent = await checkStatements({ registry }, record, event, metadata, expected, findings);
  const signed = await checkOmsBundle(metadata, digestsOf(expected), request.store, findings);
  const names = new Set(expected.map(({ name }) => name));
  const named = compareNames(check, names);
  const report = { ...describe(check), ...(event && { event }), files: named };
  if (!isManifest || !consistent || !named.every(({ status }) => status === "ok")) {
    return { ...report, verdict: "mismatch", reason: "The metadata on record is not that of this model." };
  }
  if (!signed) return { ...report, verdict: "mismatch", reason: "The OMS bundle on record does not fit this model." };
  const text = `These files have the CID that ${record.creator} recorded; no SHA-256 of whole files was computed.`;
  const dataset = await checkDataset(request.datasetPath, record, findings);
  if (dataset !== undefined) return { ...report, ...dataset };
  const { batches } = selected;
  const standing = await checkStanding({ located, event, metadata, batches, store: request.store }, findings);
  const concluded = concludeEqual(report, text, standing, findings);
  if (concluded.verdict !== "verified" || selected.by === "verifier") return concluded;
  const command = `run verify with TOKEN_ID=${toHex32(record.tokenId)} VERIFY_FAST=1`;
  const reason = `Only the claim in ${listing.path} says which token this is. To accept that, ${command}; or leave out VERIFY_FAST.`;
  return { ...concluded, verdict: "unchecked", reason };
}

/** Equal CIDs mean equal names in a folder; the manifest beside the CID must say the same. */
function compareNames({ listing, expected, findings }: FastCheck, recorded: ReadonlySet<string>): FileComparison[] {
  const [only] = listing.files;
  if (listing.kind === "file" && expected.length === 1 && only) {
    const resource = expected[0] as Resource;
    if (only.name !== resource.name) findings.warnings.push(`The file was recorded as ${resource.name}.`);
    return [compareLength(resource, only)];
  }
  const found = new Map(listing.files.map((file) => [file.name, file]));
  const rows = expected.map((resource) => compareLength(resource, found.get(resource.name)));
  const extra = listing.files.filter(({ name }) => !recorded.has(name));
  return [...rows, ...extra.map(({ name, size }) => ({ name, status: "extra", actual: { name, size } }) as const)];
}

function compareLength(expected: Resource, actual: { name: string; size: number } | undefined): FileComparison {
  const { name } = expected;
  if (actual === undefined) return { name, status: "missing", expected };
  const found = { name: actual.name, size: actual.size };
  return { name, status: actual.size === expected.size ? "ok" : "mismatch", expected, actual: found };
}

/** Another CID: says which files differ, where the recorded leaves can be read. */
async function explainFast(
  check: FastCheck,
  withLeaves: readonly ResourceWithLeaves[],
): Promise<VerifyReport | NotFast> {
  const { request, metadata, listing, expected, findings } = check;
  warnOfIgnoredPaths(metadata, listing.ignorePaths, findings);
  const readLeaves = openRecordedLeaves(metadata.provenance.model, request.store);
  try {
    const files = await compareRecordedLeaves(expected, listing, withLeaves, readLeaves);
    if (files.every(({ status }) => status === "ok")) {
      return {
        instead:
          "The files do not have the recorded CID, and their recorded leaves are the same: the record contradicts itself.",
      };
    }
    return { ...describe(check), files, verdict: "mismatch", reason: "The files are not those that were recorded." };
  } catch (error) {
    if (!(error instanceof ProvenanceError) || !error.code.startsWith("STORE_")) throw error;
    return {
      instead: `The files do not have the recorded CID, and where they differ could not be read: ${error.message}`,
    };
  }
}

function describe({ listing, located, metadata, expected, findings }: FastCheck) {
  return {
    method: "cid",
    filesChecked: listing.files.length,
    filesRecorded: expected.length,
    model: describeModel(listing),
    registry: placeOf(located.registry),
    record: located.record,
    ...(located.batch && { batch: located.batch }),
    metadata,
    ...findings.lists(),
    sameWeights: [],
  } as const;
}

import { openerOf } from "../model/tensors/hashed-source.ts";
import { ProvenanceError } from "../base/errors.ts";
import { toHex } from "../base/hex.ts";
import type { Metadata } from "../metadata/schema.ts";
import { digestLeaves } from "../model/hashing/digest-leaves.ts";
import { LEAF_BYTES } from "../model/hashing/digest-sync.ts";
import type { ResourceWithLeaves } from "../model/model-cid.ts";
import type { Resource } from "../model/resource.ts";
import { type ModelListing, assertModelUnchanged, walkModel } from "../model/walk.ts";
import { evidenceOf, placesOf, reportAbsence, selectRecord } from "./ask-chain.ts";
import { warnOfIgnoredPaths } from "./compare-digests.ts";
import { compareRecordedLeaves } from "./compare-recorded-leaves.ts";
import type { FileComparison } from "./compare-resources.ts";
import { CID_UNTIED } from "./conclude.ts";
import { type Finding, checked, notDone, warns } from "./findings.ts";
import { openRecordedLeaves } from "./locate-damage.ts";
import { unsafeWarnings } from "./model-warnings.ts";
import type { Comparison } from "./comparison.ts";
import { examine } from "./pipeline.ts";
import { parseRoot, possibleRoots } from "./possible-roots.ts";
import type { VerifyReport } from "./report.ts";
import type { VerifyRequest } from "./request.ts";
import { readStatement } from "./statement.ts";
import { claimReaderOf, describeListing, hashDataset } from "./model-at-hand.ts";

/** Why the fast check could not be made. */
export interface NotFast {
  /** One sentence for people. */
  readonly instead: string;
}

/** Tells of a file whether its CID is not that of one leaf, which is its SHA-256. */
const isLong = ({ size }: Pick<Resource, "size">) => size > LEAF_BYTES;

/** Files whose leaves were hashed, and what was recorded of them. */
interface HashedLeaves {
  readonly listing: ModelListing;
  readonly withLeaves: readonly ResourceWithLeaves[];
  readonly metadata: Metadata;
  readonly expected: readonly Resource[];
}

/**
 * Verifies a model by its CID alone: the leaves are hashed by all cores at once, the CID is built again from their
 * digests and compared with the recorded one. No digest of a whole file is computed, so the token must be known.
 *
 * @throws {ProvenanceError} as {@link walkModel} and {@link digestLeaves}, `CHAIN_UNREACHABLE`
 */
export async function verifyFast(request: VerifyRequest): Promise<VerifyReport | NotFast> {
  const { ignorePaths = [], hfCache = false, datasetPath, store } = request;
  const listing = await walkModel(request.modelPath, { ignorePaths, hfCache });
  const selected = await selectRecord(request, claimReaderOf(listing, request));
  if (selected === undefined) return { instead: "The fast check needs to know the token: name it with TOKEN_ID." };
  const { judged, found, by, tokenId } = selected;
  const evidence = evidenceOf(request);
  if (judged === undefined) {
    const registries = placesOf(evidence);
    return reportAbsence({ way: "cid", model: describeListing(listing), registries, gaps: found.gaps, tokenId });
  }
  const statement = await readStatement(store, judged.record);
  const { metadata, expected, problem } = statement;
  if (metadata === undefined || expected === undefined) {
    return { instead: `The fast check needs the metadata. ${problem ?? ""}`.trim() };
  }
  const { model } = metadata.provenance;
  if (model === undefined) return { instead: "The record does not name the CID of the model." };
  const root = parseRoot(model);
  if (root === undefined) return { instead: `The recorded CID cannot be built again here (profile ${model.profile}).` };
  const leaves = { listing, withLeaves: await hashLeaves(listing, request), metadata, expected };
  const equal = possibleRoots(listing.kind, leaves.withLeaves, expected).includes(root.toString());
  const rows = equal ? undefined : await explainLeaves(leaves, request);
  if (rows !== undefined && "instead" in rows) return rows;
  return examine({
    way: "cid",
    evidence,
    found,
    judged,
    statement,
    model: describeListing(listing),
    warnings: await unsafeWarnings(listing.files, openerOf(listing)),
    claim: by === "claim" ? { path: listing.path } : undefined,
    compare: () => compareCid(leaves, root.toString(), rows),
    hashDataset: datasetPath === undefined ? undefined : async () => hashDataset(datasetPath),
  });
}

async function hashLeaves(
  listing: ModelListing,
  { onTotal, onBytes }: VerifyRequest,
): Promise<readonly ResourceWithLeaves[]> {
  onTotal?.(listing.files.reduce((sum, { size }) => sum + size, 0));
  const leaves = await digestLeaves(listing.files, onBytes && { onBytes });
  await assertModelUnchanged(listing);
  return listing.files.map(({ name, size }, i) => ({ name, size, leafDigests: leaves[i] as Uint8Array }));
}

/** Equal CIDs mean equal names in a folder; the manifest beside the CID must say the same. */
function compareCid(leaves: HashedLeaves, root: string, differing: readonly FileComparison[] | undefined): Comparison {
  const { listing, expected, metadata } = leaves;
  const files = differing ?? compareListing(leaves);
  const what = `the CID built from the leaves of all files is the recorded one, ${root}`;
  const findings: Finding[] = [
    checked(differing === undefined, what, "differs", "The files are not those that were recorded."),
    ...(differing === undefined ? tieToManifest(leaves, files) : warnOfIgnoredPaths(metadata, listing.ignorePaths)),
  ];
  const [only] = listing.files;
  const [recorded] = expected;
  if (differing === undefined && listing.kind === "file" && only?.name !== recorded?.name) {
    findings.push(warns(`The file was recorded as ${recorded?.name}.`));
  }
  return { files, filesChecked: listing.files.length, filesRecorded: expected.length, findings };
}

/**
 * The digest that is on chain is over the manifest, and what was compared is the CID: a creator could record those of two
 * models together. A file of one leaf has the leaf's digest, which must be the manifest's; of longer files nobody can say.
 */
function tieToManifest({ withLeaves, expected, listing }: HashedLeaves, rows: readonly FileComparison[]): Finding[] {
  const other = "The metadata on record is not that of this model.";
  const what = "files of one leaf have the SHA-256 in the manifest, and all have its names and sizes";
  const single = listing.kind === "file" && expected.length === 1;
  const byName = new Map(withLeaves.map((file) => [single ? expected[0]?.name : file.name, file]));
  const agree = expected.every((resource) => {
    const leaf = byName.get(resource.name)?.leafDigests;
    return isLong(resource) || leaf === undefined || toHex(leaf) === `0x${resource.sha256}`;
  });
  const tied = checked(agree && rows.every(({ status }) => status === "ok"), what, "differs", other);
  const why = "the CID alone was compared; leave out VERIFY_FAST to hash them whole";
  return expected.some(isLong) ? [tied, notDone(why, CID_UNTIED)] : [tied];
}

function compareListing({ listing, expected }: HashedLeaves): FileComparison[] {
  const [only] = listing.files;
  if (listing.kind === "file" && expected.length === 1 && only) return [compareLength(expected[0] as Resource, only)];
  const found = new Map(listing.files.map((file) => [file.name, file]));
  const recorded = new Set(expected.map(({ name }) => name));
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
async function explainLeaves(
  { metadata, expected, listing, withLeaves }: HashedLeaves,
  { store }: VerifyRequest,
): Promise<FileComparison[] | NotFast> {
  const not = "The files do not have the recorded CID, and";
  try {
    const readLeaves = openRecordedLeaves(metadata.provenance.model, store);
    const files = await compareRecordedLeaves(expected, listing, withLeaves, readLeaves);
    if (!files.every(({ status }) => status === "ok")) return files;
    return { instead: `${not} their recorded leaves are the same: the record contradicts itself.` };
  } catch (error) {
    if (!(error instanceof ProvenanceError) || !error.code.startsWith("STORE_")) throw error;
    return { instead: `${not} where they differ could not be read: ${error.message}` };
  }
}

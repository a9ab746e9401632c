import { CID } from "multiformats/cid";
import { type ModelRecord, type RecordedEvent, findRecordedEvent, readModelRecord } from "../registry/model-record.ts";
import type { Registry } from "../registry/registry.ts";
import { ProvenanceError } from "../base/errors.ts";
import { toHex32 } from "../base/hex.ts";
import { readManifestEntry } from "../metadata/manifest-entry.ts";
import { readMetadata } from "../metadata/read-metadata.ts";
import type { Provenance } from "../metadata/schema.ts";
import { isRecordable } from "../model/left-out.ts";
import { computeManifestRoot } from "../model/manifest.ts";
import type { Resource } from "../model/resource.ts";
import type { BlockSource } from "../content/content-store.ts";
import { UNIXFS_PROFILE } from "../content/unixfs/unixfs-file.ts";
import { digestsOf } from "../verify/statement.ts";

/** What is to be fetched: the files that the chain names, and the CID below which they lie. */
export interface FetchPlan {
  readonly record: ModelRecord;
  /** All files of the model. */
  readonly recorded: readonly Resource[];
  /** Those that are asked for. */
  readonly wanted: readonly Resource[];
  readonly root: CID;
  /** The model was cut in another way than ours: its blocks may be larger. */
  readonly foreign: boolean;
}

/** What a plan is made of. */
export interface FetchPlanRequest {
  readonly tokenId: bigint;
  readonly registry: Registry;
  readonly source: BlockSource;
  /** Names of files as they were recorded; all of them when left out. */
  readonly only?: readonly string[];
}

/**
 * Finds out from the chain which files a token stands for and where their content is. What the metadata says is
 * compared with the chain before any of it is used.
 *
 * @throws {ProvenanceError} `TOKEN_UNKNOWN`, `MODEL_REVOKED`, `CONTENT_NOT_PINNED` where the record names no CID,
 *   `RECORD_CONTRADICTS`, `OPTION_INVALID` for a name that was not recorded, `CHAIN_UNREACHABLE`; as `readMetadata`
 */
export async function planFetch({ tokenId, registry, source, only }: FetchPlanRequest): Promise<FetchPlan> {
  const record = await readModelRecord(registry, tokenId);
  if (record === undefined) {
    throw new ProvenanceError("TOKEN_UNKNOWN", `There is no token ${toHex32(tokenId)} in this registry.`);
  }
  if (record.status === "revoked") {
    throw new ProvenanceError("MODEL_REVOKED", `The model ${toHex32(tokenId)} was revoked: it is not fetched.`);
  }
  const { provenance } = await readMetadata(record.metadataDigest, source);
  const recorded = await readManifestEntry(provenance.manifest, source);
  assertConsistent(record, await findEvent(registry, record), provenance, recorded);
  assertFetchable(recorded);
  const { model } = provenance;
  if (model === undefined) {
    const text = `The record of ${toHex32(tokenId)} names no CID of its content: it was minted without being published. Ask its creator ${record.creator} for the files, and verify them.`;
    throw new ProvenanceError("CONTENT_NOT_PINNED", text);
  }
  const foreign = model.profile !== UNIXFS_PROFILE;
  return { record, recorded, wanted: select(recorded, only), root: parseRoot(model.cid), foreign };
}

/** A node that lost the event takes nothing away: the chain names the metadata by its digest. */
async function findEvent(registry: Registry, record: ModelRecord): Promise<RecordedEvent | undefined> {
  return findRecordedEvent(registry, record).catch((error: unknown) => {
    if (error instanceof ProvenanceError) return undefined;
    throw error;
  });
}

function assertConsistent(
  { tokenId }: ModelRecord,
  event: RecordedEvent | undefined,
  provenance: Provenance,
  recorded: readonly Resource[],
): void {
  const roots = new Set([
    computeManifestRoot(recorded),
    provenance.manifestRoot,
    ...(event ? [event.manifestRoot] : []),
  ]);
  if (digestsOf(recorded).includes(tokenId) && BigInt(provenance.modelDigest) === tokenId && roots.size === 1) return;
  throw contradicts("its metadata lists the files of another model");
}

/** Refuses names that could not be recorded honestly, or not be written together. */
function assertFetchable(recorded: readonly Resource[]): void {
  const names = new Set(recorded.map(({ name }) => name));
  for (const name of names) {
    if (!isRecordable(name)) throw contradicts(`it names ${JSON.stringify(name)}, which is never part of a model`);
    for (let end = name.lastIndexOf("/"); end > 0; end = name.lastIndexOf("/", end - 1)) {
      const above = name.slice(0, end);
      if (names.has(above)) throw contradicts(`${JSON.stringify(above)} would be a file and a folder`);
    }
  }
}

function select(recorded: readonly Resource[], only: readonly string[] | undefined): readonly Resource[] {
  if (only === undefined) return recorded;
  const byName = new Map(recorded.map((resource) => [resource.name, resource]));
  const names = [...new Set(only.map((name) => name.replace(/^\.\//, "")))];
  if (names.length === 0) throw new ProvenanceError("OPTION_MISSING", "No file is named: nothing to fetch.");
  return names.map((name) => {
    const resource = byName.get(name);
    if (resource !== undefined) return resource;
    const some = recorded.slice(0, 5).map((known) => known.name);
    const text = `The model has no file ${JSON.stringify(name)}. It has ${recorded.length}: ${some.join(", ")}${recorded.length > 5 ? ", …" : ""}.`;
    throw new ProvenanceError("OPTION_INVALID", text);
  });
}

function parseRoot(text: string): CID {
  try {
    return CID.parse(text);
  } catch {
    throw contradicts(`it names ${JSON.stringify(text)}, which is no CID`);
  }
}

function contradicts(fault: string): ProvenanceError {
  return new ProvenanceError("RECORD_CONTRADICTS", `The record contradicts itself: ${fault}. Nothing was fetched.`);
}

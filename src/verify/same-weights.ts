import type { BlockSource } from "../content/content-store.ts";
import { readManifestEntry } from "../metadata/manifest-entry.ts";
import { readMetadata } from "../metadata/read-metadata.ts";
import type { HashedModel } from "../model/hash-model.ts";
import { findTokensByWeights, readModelRecord } from "../registry/model-record.ts";
import type { Registry } from "../registry/registry.ts";

/**
 * Finds the tokens of a registry whose weights a model has. Where some of its files may hold weights or not, an equal digest of
 * the others says that only if the recorded model has those files too.
 *
 * @throws {ProvenanceError} as the registry's requests
 */
export async function findSameWeights(registry: Registry, model: HashedModel, store: BlockSource): Promise<bigint[]> {
  const { opaque } = model.weights;
  const tokens = await findTokensByWeights(registry, model.weightsDigest);
  if (opaque.length === 0) return tokens;
  const unsure = new Set(opaque);
  const wanted = model.resources.flatMap(({ name, sha256 }) => (unsure.has(name) ? [sha256] : []));
  const same: bigint[] = [];
  for (const tokenId of tokens) {
    const recorded = await readRecordedDigests(registry, tokenId, store);
    if (recorded !== undefined && wanted.every((sha256) => recorded.has(sha256))) same.push(tokenId);
  }
  return same;
}

/** The digests of a recorded model's files; undefined where they cannot be read: then nothing is said of its weights. */
async function readRecordedDigests(registry: Registry, tokenId: bigint, store: BlockSource) {
  const record = await readModelRecord(registry, tokenId);
  if (record === undefined) return undefined;
  try {
    const { manifest } = (await readMetadata(record.metadataDigest, store)).provenance;
    return new Set((await readManifestEntry(manifest, store)).map(({ sha256 }) => sha256));
  } catch {
    return undefined;
  }
}

import { type ByteProgress, digestFiles } from "../hashing/digest-files.ts";
import type { FileDigest } from "../hashing/digest-sync.ts";
import { type ManifestDigests, computeManifestDigests } from "./manifest.ts";
import type { ResourceWithLeaves } from "./model-cid.ts";
import type { Resource } from "./resource.ts";
import { type ModelListing, type WalkOptions, assertModelUnchanged, walkModel } from "./walk.ts";

/** A model whose every file was read: what the following stages work on. */
export interface HashedModel extends Omit<ModelListing, "files">, ManifestDigests {
  /** In name order. */
  readonly resources: readonly Resource[];
  /** CIDv1 of the folder or the file, profile `unixfs-v1-2025`; only where it was asked for. */
  readonly cid?: string;
  /** SHA-256 of each MiB of each resource, in their order; only where the CID was asked for. */
  readonly leafDigests?: readonly Uint8Array[];
}

/** Options of {@link hashModel}. */
export interface HashModelOptions extends WalkOptions {
  /** Also compute the CID, in the same pass. */
  readonly withCid?: boolean;
  /** Called once, before the first byte is read, with the number of bytes to come. */
  readonly onTotal?: (bytes: number) => void;
  readonly onBytes?: ByteProgress;
}

/**
 * Hashes a model: lists its files, reads each once with all cores and bounded memory, and computes the digests.
 *
 * @param path - a file or a folder
 * @throws {ProvenanceError} as {@link walkModel} and {@link digestFiles}; `MODEL_CHANGED` if anything in the folder did meanwhile
 * @example
 * const { modelDigest } = await hashModel("./my-model");
 */
export async function hashModel(path: string, options: HashModelOptions = {}): Promise<HashedModel> {
  const { withCid = false, onBytes, onTotal } = options;
  const found = await walkModel(path, options);
  const { files, ...listing } = found;
  onTotal?.(files.reduce((sum, { size }) => sum + size, 0));
  const digests = await digestFiles(files, { leaves: withCid, ...(onBytes && { onBytes }) });
  await assertModelUnchanged(found);
  const resources = files.map(({ name }, i): Resource => {
    const { size, sha256 } = digests[i] as FileDigest;
    return { name, size, sha256 };
  });
  const model = { ...listing, resources, ...computeManifestDigests(resources) };
  if (!withCid) return model;
  const leafDigests = digests.map((digest) => digest.leafDigests as Uint8Array);
  return { ...model, leafDigests, cid: await computeModelCid(listing.kind, resources, leafDigests) };
}

async function computeModelCid(
  kind: "file" | "folder",
  resources: readonly Resource[],
  leafDigests: readonly Uint8Array[],
): Promise<string> {
  // Loaded only where a CID is asked for: it takes as long to load as a small model to hash.
  const { buildModelDag } = await import("./model-cid.ts");
  const withLeaves = resources.map((resource, i): ResourceWithLeaves => {
    return { ...resource, leafDigests: leafDigests[i] as Uint8Array };
  });
  const blocks = buildModelDag(kind, withLeaves);
  for (;;) {
    const { value, done } = blocks.next();
    if (done) return value.cid.toString();
  }
}

import { type ByteProgress, hashFile } from "./hash-file.ts";
import { type ManifestDigests, computeManifestDigests } from "./manifest.ts";
import type { Resource } from "./resource.ts";
import { type ModelListing, type WalkOptions, walkModel } from "./walk.ts";

/** A model whose every file was read: what the following stages work on. */
export interface HashedModel extends Omit<ModelListing, "files">, ManifestDigests {
  /** In name order. */
  readonly resources: readonly Resource[];
}

/** Options of {@link hashModel}. */
export interface HashModelOptions extends WalkOptions {
  readonly onBytes?: ByteProgress;
}

/**
 * Hashes a model: lists its files, reads each once in bounded memory and computes the digests.
 *
 * @param path - a file or a folder
 * @throws {ProvenanceError} as {@link walkModel} and {@link hashFile}
 * @example
 * const { modelDigest } = await hashModel("./my-model");
 */
export async function hashModel(path: string, options: HashModelOptions = {}): Promise<HashedModel> {
  const { files, ...listing } = await walkModel(path, options);
  const resources: Resource[] = [];
  for (const { name, path: filePath } of files) {
    resources.push({ name, ...(await hashFile(filePath, options.onBytes)) });
  }
  return { ...listing, resources, ...computeManifestDigests(resources) };
}

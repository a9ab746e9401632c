import { existsSync } from "node:fs";
import { join, sep } from "node:path";
import { ProvenanceError } from "../base/errors.ts";
import { type Weights, findWeights } from "./find-weights.ts";
import type { SourceFile } from "./formats/byte-source.ts";
import { fileSource } from "./formats/file-source.ts";
import type { DigestCache } from "./hashing/digest-cache.ts";
import { type DigestFiles, digestFiles } from "./hashing/digest-files.ts";
import type { ByteProgress } from "./hashing/steps.ts";
import { type FileDigest, changed } from "./hashing/digest-sync.ts";
import type { FilePieces } from "./hashing/pieces.ts";
import { type FoundPointers, type LfsPointerPolicy, findLfsPointers } from "./lfs-pointer.ts";
import { type ManifestDigests, computeManifestDigests } from "./manifest-digests.ts";
import type { ResourceWithLeaves } from "./model-cid.ts";
import { assertNotNamed } from "./named-by-config.ts";
import { readSmallFile } from "./read-small-file.ts";
import type { Resource } from "./resource.ts";
import { type ModelFile, type ModelListing, type WalkOptions, assertModelUnchanged, walkModel } from "./walk.ts";

/** A model whose every file was read: what the following stages work on. */
export interface HashedModel extends Omit<ModelListing, "files">, ManifestDigests {
  /** Which of its files hold the weights. */
  readonly weights: Weights;
  /** In name order. */
  readonly resources: readonly Resource[];
  /** Names of the resources whose digest and size were taken from a Git LFS pointer: their content was not seen. */
  readonly pointers: readonly string[];
  /** Its files are not on this machine: nothing of them can be opened here. */
  readonly isRemote?: boolean;
  /** Number of files whose digest came from the cache: they were not read. */
  readonly cached: number;
  /** CIDv1 of the folder or the file, profile `unixfs-v1-2025`; only where it was asked for. */
  readonly cid?: string;
  /** SHA-256 of each MiB of each resource, in their order; only where the CID was asked for. */
  readonly leafDigests?: readonly Uint8Array[];
  /** Where the content of each resource lies, in their order; only where the CID was asked for. */
  readonly sources?: readonly Pick<ModelFile, "path" | "size">[];
  /** Digests of the pieces that were asked for, by the names of the files and in their order: 32 bytes a piece. */
  readonly pieceDigests?: ReadonlyMap<string, Uint8Array>;
}

/** Options of {@link hashModel}. */
export interface HashModelOptions extends WalkOptions {
  /** Also compute the CID, in the same pass. */
  readonly withCid?: boolean;
  /** Take the digests of files that were not written since from here, and add those of the others. Not saved here. */
  readonly cache?: DigestCache;
  /** Git LFS pointers: `warn` where it is left out. */
  readonly lfsPointers?: LfsPointerPolicy;
  /** Says, once the files are listed, which parts of which of them get digests of their own, in the same pass. */
  readonly findPieces?: (files: readonly ModelFile[]) => Promise<ReadonlyMap<string, FilePieces>>;
  /**
   * Reads all files and computes all digests of each, leaves included, where somebody needs their content as well: then
   * nothing is read here. It tells `onBytes` itself.
   */
  readonly readContent?: (files: readonly ModelFile[]) => Promise<readonly FileDigest[]>;
  /** Hashes the files that have to be read; this machine does when it is left out. */
  readonly digest?: DigestFiles;
  /** Called once, before the first byte is hashed, with the number of bytes to come. */
  readonly onTotal?: (bytes: number) => void;
  readonly onBytes?: ByteProgress;
}

/**
 * Hashes a model: lists its files, reads each once with all cores and bounded memory, and computes the digests.
 *
 * @param path - a file or a folder
 * @throws {ProvenanceError} as {@link walkModel} and {@link digestFiles}; `MODEL_CHANGED` if anything in the folder did
 *   meanwhile; `MODEL_INCOMPLETE` for Git LFS pointers that are refused, or of which a CID is asked; `OPTION_INVALID`
 *   if the cache lies in the model
 * @example
 * const { modelDigest } = await hashModel("./my-model");
 */
export async function hashModel(path: string, options: HashModelOptions = {}): Promise<HashedModel> {
  const { withCid = false, cache } = options;
  const listedAt = cache?.now() ?? 0;
  const found = await walkModel(path, options);
  if (cache !== undefined) assertOutside(cache, found);
  const { files, ...listing } = found;
  const { pointers, warnings } = findLfsPointers(files, options.lfsPointers ?? "warn", readSmallFile);
  if (withCid) assertContent(pointers);

  const sources = files.map(listedSource);
  const weights = await findWeights(sources);
  if (found.excluded.some(({ reason }) => reason === "download cache")) {
    await assertNotNamed(sources, (name) => existsSync(join(found.path, name)));
  }

  const pieces = await options.findPieces?.(files);
  const isStored = (name: string) => !pointers.has(name) && !pieces?.has(name);
  const stored = files.map(({ identity, name }) => (isStored(name) ? cache?.find(identity, withCid) : undefined));
  const known = files.map(({ name }, i): FileDigest | undefined => pointers.get(name) ?? stored[i]);
  const digests = await digestUnknown(files, known, pieces, options);
  await assertModelUnchanged(found, options);
  files.forEach(({ identity }, i) => {
    if (known[i] === undefined) cache?.add(identity, digests[i] as FileDigest, listedAt);
  });

  const resources = files.map(({ name }, i): Resource => {
    const { size, sha256 } = digests[i] as FileDigest;
    return { name, size, sha256 };
  });
  const model = {
    ...listing,
    warnings: [...listing.warnings, ...warnings],
    resources,
    pointers: [...pointers.keys()],
    cached: stored.filter((digest) => digest !== undefined).length,
    ...(pieces && { pieceDigests: collectPieces(files, digests, pieces) }),
    weights,
    ...computeManifestDigests(resources, weights.files),
  };
  if (!withCid) return model;
  const leafDigests = digests.map((digest) => digest.leafDigests as Uint8Array);
  return { ...model, leafDigests, sources: files, cid: await linkLeaves(listing.kind, resources, leafDigests) };
}

/** A file of the model that must still have the size with which it was listed; hashing compares the rest. */
export function listedSource({ name, path, size }: ModelFile): SourceFile {
  return {
    name,
    open: async () => {
      const source = await fileSource(name, path).open();
      if (source.size === size) return source;
      await source.close();
      throw changed(path);
    },
  };
}

/** Reads the files whose digest is not known yet. @returns the digests of all, in the order of the files */
async function digestUnknown(
  files: readonly ModelFile[],
  known: readonly (FileDigest | undefined)[],
  pieces: ReadonlyMap<string, FilePieces> | undefined,
  { withCid = false, onBytes, onTotal, readContent, digest: read = digestFiles }: HashModelOptions,
): Promise<readonly FileDigest[]> {
  if (readContent !== undefined) {
    onTotal?.(files.reduce((sum, { size }) => sum + size, 0));
    return readContent(files);
  }
  const unknown = files.filter((_, i) => known[i] === undefined);
  onTotal?.(unknown.reduce((sum, { size }) => sum + size, 0));
  const toHash = (file: ModelFile) => {
    const { name, path, size, identity } = file;
    const inFile = pieces?.get(name);
    return inFile === undefined ? file : { path, size, identity, pieces: inFile };
  };
  const tasks = pieces === undefined ? unknown : unknown.map(toHash);
  const found = (await read(tasks, { leaves: withCid, ...(onBytes && { onBytes }) })).values();
  return known.map((digest) => digest ?? (found.next().value as FileDigest));
}

function collectPieces(
  files: readonly ModelFile[],
  digests: readonly FileDigest[],
  pieces: ReadonlyMap<string, FilePieces>,
): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  files.forEach(({ name, path }, i) => {
    if (!pieces.has(name)) return;
    const { pieceDigests } = digests[i] as FileDigest;
    if (pieceDigests === undefined) throw changed(path);
    found.set(name, pieceDigests);
  });
  return found;
}

/** A cache in the folder would be a file of the model, and change it with every run. */
function assertOutside(cache: DigestCache, { path }: ModelListing): void {
  if (cache.path !== path && !cache.path.startsWith(`${path}${sep}`)) return;
  throw new ProvenanceError("OPTION_INVALID", `The hash cache ${cache.path} lies in the model. Put it elsewhere.`);
}

function assertContent(pointers: FoundPointers["pointers"]): void {
  const [name] = pointers.keys();
  if (name === undefined) return;
  const text = `${name} is a Git LFS pointer, and a CID needs the content. Run git lfs pull, or leave the CID out.`;
  throw new ProvenanceError("MODEL_INCOMPLETE", text);
}

async function linkLeaves(
  kind: "file" | "folder",
  resources: readonly Resource[],
  leafDigests: readonly Uint8Array[],
): Promise<string> {
  // Loaded only where a CID is asked for: it takes as long to load as a small model to hash.
  const { computeModelCid } = await import("./model-cid.ts");
  const withLeaves = resources.map((resource, i): ResourceWithLeaves => {
    return { ...resource, leafDigests: leafDigests[i] as Uint8Array };
  });
  return computeModelCid(kind, withLeaves);
}

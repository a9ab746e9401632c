import { lstat } from "node:fs/promises";
import { basename } from "node:path";
import { ProvenanceError } from "../base/errors.ts";
import { warnOfCaseCollisions } from "./case-collisions.ts";
import { type ExcludedEntry, emptyModel, normalizeIgnorePaths, reasonToExclude } from "./exclude.ts";
import { findBlobsFolder, findLinkedFile, followSnapshotLink } from "./hf-snapshot.ts";
import { isOmsBundle } from "./oms-bundle.ts";
import { assertDistinctNames, assertResourceName } from "./resource-name.ts";
import { FileComparer } from "./same-files.ts";
import {
  type FolderEntry,
  type ModelFile,
  type WalkFolderOptions,
  describeFile,
  resolveModelPath,
  visitFolder,
  walkFolder,
} from "./walk-folder.ts";

export { type ExcludedEntry, normalizeIgnorePaths } from "./exclude.ts";
export type { ModelFile } from "./walk-folder.ts";

/** A model as it lies on disk: one file, or a folder with its files in name order. */
export interface ModelListing {
  readonly kind: "file" | "folder";
  readonly path: string;
  readonly files: readonly ModelFile[];
  readonly excluded: readonly ExcludedEntry[];
  /** The paths ignored by choice, normalised and in name order. */
  readonly ignorePaths: readonly string[];
  /** What a person should know of the names. */
  readonly warnings: readonly string[];
}

/** What to leave out of a model, and which links to follow. */
export interface WalkOptions {
  /** Relative paths to ignore, each with all below it. */
  readonly ignorePaths?: readonly string[];
  /** Follow links of a Hugging Face cache snapshot to the blobs of its own repository; all others stay refused. */
  readonly hfCache?: boolean;
}

/**
 * Lists the files of a model: every regular file below a folder, or the one file given.
 *
 * @throws {ProvenanceError} `MODEL_NOT_FOUND`, `MODEL_EMPTY`, `MODEL_UNREADABLE`, `RESOURCE_NAME_INVALID`, or
 *   `MODEL_UNSUPPORTED_ENTRY` for a symbolic link, a FIFO, a socket or a device
 * @see OMS specification v1.0, section 6.1
 */
export async function walkModel(path: string, options: WalkOptions = {}): Promise<ModelListing> {
  const ignorePaths = normalizeIgnorePaths(options.ignorePaths ?? []);
  const { root, file } = await findModel(path, options);
  if (file !== undefined) {
    assertResourceName(file.name);
    return { kind: "file", path: root, files: [file], excluded: [], ignorePaths, warnings: [] };
  }
  const { files, excluded } = await walkFolder(root, rulesOf(root, ignorePaths, options));
  if (files.length === 0) {
    throw emptyModel(path, excluded);
  }
  const names = files.map(({ name }) => name);
  assertDistinctNames(names);
  return { kind: "folder", path: root, files, excluded, ignorePaths, warnings: warnOfCaseCollisions(names) };
}

/**
 * Lists a model again after it was hashed, and makes sure that it is still the same one: nothing written,
 * added, removed or put in another's place meanwhile. No second list is kept.
 *
 * @param options - those of the first walk
 * @throws {ProvenanceError} `MODEL_CHANGED`, and as {@link walkModel}
 */
export async function assertModelUnchanged(before: ModelListing, options: WalkOptions = {}): Promise<void> {
  const comparison = new FileComparer(before.files);
  const { root, file } = await findModel(before.path, options);
  if (file === undefined) {
    await visitFolder(root, rulesOf(root, before.ignorePaths, options), (now) => comparison.see(now));
  } else comparison.see(file);
  comparison.assertAllSeen();
}

/** Resolves the path of a model, and describes the file where it is a single one. */
async function findModel(path: string, { hfCache }: WalkOptions): Promise<{ root: string; file?: ModelFile }> {
  const linked = hfCache ? await findLinkedFile(path) : undefined;
  if (linked !== undefined) return { root: linked.path, file: linked.file };
  const root = await resolveModelPath(path);
  const stats = await lstat(root);
  if (stats.isFile()) return { root, file: describeFile(basename(root), root) };
  if (stats.isDirectory()) return { root };
  throw new ProvenanceError("MODEL_UNSUPPORTED_ENTRY", `${path} is neither a regular file nor a folder.`);
}

type Reason = ExcludedEntry["reason"];

/** What belongs to the model in a folder, and which links are followed. */
function rulesOf(root: string, ignorePaths: readonly string[], { hfCache }: WalkOptions): WalkFolderOptions<Reason> {
  const ignored = new Set(ignorePaths);
  const blobs = findBlobsFolder(root);
  const resolveLink = async ({ name, path }: FolderEntry) => followSnapshotLink(name, path, blobs);
  const links = hfCache ? { resolveLink } : {};
  return {
    exclude: (entry) =>
      reasonToExclude(entry, ignored, async (reason) => isByContent(entry, reason, links.resolveLink)),
    ...links,
  };
}

/** A file of the model may have the name of a claim or a bundle: what lies in it decides. */
async function isByContent(
  entry: FolderEntry,
  reason: "claim" | "OMS bundle",
  resolveLink?: (entry: FolderEntry) => Promise<ModelFile>,
): Promise<boolean> {
  const path = entry.kind === "link" && resolveLink ? (await resolveLink(entry)).path : entry.path;
  if (reason === "claim") return entry.kind !== "other" && isClaim(path);
  return isOmsBundle(path);
}

// The claim's schema is loaded only where something has its name: most folders are hashed without it.
async function isClaim(path: string): Promise<boolean> {
  const { isClaimFile } = await import("./claim.ts");
  return isClaimFile(path);
}

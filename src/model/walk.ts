import { lstat } from "node:fs/promises";
import { basename } from "node:path";
import { ProvenanceError } from "../errors.ts";
import { warnOfCaseCollisions } from "./case-collisions.ts";
import { CLAIM_NAME } from "./claim-name.ts";
import { findBlobsFolder, findLinkedFile, followSnapshotLink } from "./hf-snapshot.ts";
import { reasonToLeaveOut } from "./left-out.ts";
import { OMS_BUNDLE_NAME, isOmsBundle } from "./oms-bundle.ts";
import { assertDistinctNames, assertResourceName } from "./resource-name.ts";
import { compareNames } from "./resource.ts";
import {
  type FolderEntry,
  type ModelFile,
  assertSameFiles,
  describeFile,
  resolveModelPath,
  walkFolder,
} from "./walk-folder.ts";

export type { ModelFile } from "./walk-folder.ts";

/** Something that lies in the folder and is not part of the model. */
export interface ExcludedEntry {
  readonly name: string;
  readonly reason: "git" | "download cache" | "claim" | "OMS bundle" | "ignored by choice";
}

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
  const linked = options.hfCache ? await findLinkedFile(path) : undefined;
  if (linked !== undefined) return listFile(linked.path, linked.file, ignorePaths);
  const root = await resolveModelPath(path);
  const stats = await lstat(root);
  if (stats.isFile()) return listFile(root, await describeFile(basename(root), root), ignorePaths);
  if (!stats.isDirectory()) {
    throw new ProvenanceError("MODEL_UNSUPPORTED_ENTRY", `${path} is neither a regular file nor a folder.`);
  }

  const ignored = new Set(ignorePaths);
  const blobs = findBlobsFolder(root);
  const resolveLink = async ({ name, path }: FolderEntry) => followSnapshotLink(name, path, blobs);
  const { files, excluded } = await walkFolder(root, {
    exclude: (entry) => reasonToExclude(entry, ignored, options.hfCache ? resolveLink : undefined),
    ...(options.hfCache && { resolveLink }),
  });
  if (files.length === 0) {
    const left = excluded.length === 0 ? "" : ` (left out: ${excluded.map(({ name }) => name).join(", ")})`;
    throw new ProvenanceError("MODEL_EMPTY", `${path} holds no file to record${left}. Point at the model's folder.`);
  }
  const names = files.map(({ name }) => name);
  assertDistinctNames(names);
  return { kind: "folder", path: root, files, excluded, ignorePaths, warnings: warnOfCaseCollisions(names) };
}

function listFile(path: string, file: ModelFile, ignorePaths: readonly string[]): ModelListing {
  assertResourceName(file.name);
  return { kind: "file", path, files: [file], excluded: [], ignorePaths, warnings: [] };
}

/**
 * Lists a model again after it was hashed, and makes sure that it is still the same one: nothing written,
 * added, removed or put in another's place meanwhile.
 *
 * @param options - those of the first walk
 * @throws {ProvenanceError} `MODEL_CHANGED`, and as {@link walkModel}
 */
export async function assertModelUnchanged(before: ModelListing, options: WalkOptions = {}): Promise<void> {
  const after = await walkModel(before.path, { ...options, ignorePaths: before.ignorePaths });
  assertSameFiles(before.files, after.files);
}

async function reasonToExclude(
  entry: FolderEntry,
  ignored: ReadonlySet<string>,
  resolveLink?: (entry: FolderEntry) => Promise<ModelFile>,
): Promise<ExcludedEntry["reason"] | undefined> {
  const { name, kind } = entry;
  if (ignored.has(name)) return "ignored by choice";
  const leftOut = reasonToLeaveOut(name);
  if (leftOut !== undefined) return leftOut;
  if (name === CLAIM_NAME || name === OMS_BUNDLE_NAME) {
    const path = kind === "link" && resolveLink ? (await resolveLink(entry)).path : entry.path;
    if (name === CLAIM_NAME && kind !== "other" && (await isClaim(path))) return "claim";
    if (name === OMS_BUNDLE_NAME && (await isOmsBundle(path))) return "OMS bundle";
  }
  assertResourceName(name);
  return undefined;
}

// The claim's schema is loaded only where something has its name: most folders are hashed without it.
async function isClaim(path: string): Promise<boolean> {
  const { isClaimFile } = await import("./claim.ts");
  return isClaimFile(path);
}

function normalizeIgnorePaths(paths: readonly string[]): string[] {
  const normalized = paths.map((path) => path.replace(/^\.\//, "").replace(/\/+$/, ""));
  normalized.forEach(assertResourceName);
  return [...new Set(normalized)].sort(compareNames);
}

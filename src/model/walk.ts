import type { Dirent } from "node:fs";
import { lstat, readdir, realpath } from "node:fs/promises";
import { basename, join } from "node:path";
import { ProvenanceError } from "../errors.ts";
import { type FileIdentity, changed, isSameFile } from "../hashing/digest-sync.ts";
import { CLAIM_NAME } from "./claim-name.ts";
import { OMS_BUNDLE_NAME, isOmsBundle } from "./oms-bundle.ts";
import { assertDistinctNames, assertResourceName } from "./resource-name.ts";
import { compareNames } from "./resource.ts";

/** A file that belongs to the model and waits to be hashed. */
export interface ModelFile {
  readonly name: string;
  readonly path: string;
  /** Size in bytes when it was listed. */
  readonly size: number;
  /** What it was when it was listed, to notice when it becomes another. */
  readonly identity: FileIdentity;
}

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
}

/** What to leave out of a model. */
export interface WalkOptions {
  /** Relative paths to ignore, each with all below it. */
  readonly ignorePaths?: readonly string[];
}

const GIT_NAMES = new Set([".git", ".gitignore", ".gitattributes", ".github"]);
const DOWNLOAD_CACHE = ".cache/huggingface/download";

/**
 * Lists the files of a model: every regular file below a folder, or the one file given.
 *
 * @throws {ProvenanceError} `MODEL_NOT_FOUND`, `MODEL_EMPTY`, `MODEL_UNREADABLE`, `RESOURCE_NAME_INVALID`, or
 *   `MODEL_UNSUPPORTED_ENTRY` for a symbolic link, a FIFO, a socket or a device
 * @see OMS specification v1.0, section 6.1
 */
export async function walkModel(path: string, options: WalkOptions = {}): Promise<ModelListing> {
  const root = await resolveRoot(path);
  const stats = await lstat(root, { bigint: true });
  const ignorePaths = normalizeIgnorePaths(options.ignorePaths ?? []);
  if (stats.isFile()) {
    const name = basename(root);
    assertResourceName(name);
    return { kind: "file", path: root, files: [await describeFile(name, root)], excluded: [], ignorePaths };
  }
  if (!stats.isDirectory()) {
    throw new ProvenanceError("MODEL_UNSUPPORTED_ENTRY", `${path} is neither a regular file nor a folder.`);
  }

  const { files, excluded } = await walkFolder(root, new Set(ignorePaths));
  if (files.length === 0) {
    const left = excluded.length === 0 ? "" : ` (left out: ${excluded.map(({ name }) => name).join(", ")})`;
    throw new ProvenanceError("MODEL_EMPTY", `${path} holds no file to record${left}. Point at the model's folder.`);
  }
  assertDistinctNames(files.map(({ name }) => name));
  return {
    kind: "folder",
    path: root,
    files: files.sort((a, b) => compareNames(a.name, b.name)),
    excluded,
    ignorePaths,
  };
}

async function resolveRoot(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code;
    if (reason !== "ENOENT" && reason !== "ENOTDIR") throw unreadableFolder(path, cause);
    throw new ProvenanceError("MODEL_NOT_FOUND", `There is no file or folder at ${path}.`, { cause });
  }
}

async function walkFolder(root: string, ignored: ReadonlySet<string>) {
  const files: ModelFile[] = [];
  const excluded: ExcludedEntry[] = [];
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await readFolder(join(root, folder))) {
      const name = folder === "" ? decodeName(entry.name, folder) : `${folder}/${decodeName(entry.name, folder)}`;
      const path = join(root, name);
      const reason = await reasonToExclude(name, path, entry, ignored);
      if (reason !== undefined) {
        excluded.push({ name, reason });
        continue;
      }
      assertResourceName(name);
      if (entry.isDirectory()) folders.push(name);
      else if (entry.isFile()) files.push(await describeFile(name, path));
      else throw unsupportedEntry(name, entry);
    }
  }
  return { files, excluded: excluded.sort((a, b) => compareNames(a.name, b.name)) };
}

async function readFolder(path: string): Promise<Dirent<Buffer>[]> {
  try {
    // Names as bytes: decoding them here would hide invalid UTF-8 behind U+FFFD.
    return await readdir(path, { withFileTypes: true, encoding: "buffer" });
  } catch (cause) {
    throw unreadableFolder(path, cause);
  }
}

async function describeFile(name: string, path: string): Promise<ModelFile> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await lstat(path, { bigint: true });
    return { name, path, size: Number(size), identity: { dev, ino, size, mtimeNs, ctimeNs } };
  } catch (cause) {
    throw new ProvenanceError("MODEL_CHANGED", `${path} vanished while the model was being listed. Run again.`, {
      cause,
    });
  }
}

/**
 * Lists a model again after it was hashed, and makes sure that it is still the same one: nothing written,
 * added, removed or put in another's place meanwhile.
 *
 * @throws {ProvenanceError} `MODEL_CHANGED`, and as {@link walkModel}
 */
export async function assertModelUnchanged(before: ModelListing): Promise<void> {
  const after = await walkModel(before.path, { ignorePaths: before.ignorePaths });
  const seen = new Map(after.files.map((file) => [file.name, file]));
  for (const { name, path, identity } of before.files) {
    const file = seen.get(name);
    if (file === undefined || !isSameFile(identity, file.identity)) throw changed(path);
    seen.delete(name);
  }
  const [added] = seen.values();
  if (added !== undefined) throw changed(added.path);
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decodeName(name: Buffer, folder: string): string {
  try {
    return utf8.decode(name);
  } catch (cause) {
    const where = folder === "" ? "the model's folder" : folder;
    throw new ProvenanceError(
      "RESOURCE_NAME_INVALID",
      `A file name in ${where} is not valid UTF-8: ${JSON.stringify(name.toString("latin1"))} (as Latin-1). Rename it.`,
      { cause },
    );
  }
}

async function reasonToExclude(name: string, path: string, entry: Dirent<Buffer>, ignored: ReadonlySet<string>) {
  if (ignored.has(name)) return "ignored by choice";
  if (GIT_NAMES.has(name)) return "git";
  if (name === DOWNLOAD_CACHE) return "download cache";
  if (name === CLAIM_NAME && entry.isFile() && (await isClaim(path))) return "claim";
  if (name === OMS_BUNDLE_NAME && (await isOmsBundle(path))) return "OMS bundle";
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

function unsupportedEntry(name: string, entry: Dirent<Buffer>): ProvenanceError {
  const what = entry.isSymbolicLink()
    ? "a symbolic link: what it leads to could change without the model changing. Copy the file in its place"
    : "neither a file nor a folder (a FIFO, a socket or a device). Remove it";
  return new ProvenanceError("MODEL_UNSUPPORTED_ENTRY", `${name} is ${what}, or ignore it with IGNORE_PATHS.`);
}

function unreadableFolder(path: string, cause: unknown): ProvenanceError {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new ProvenanceError("MODEL_UNREADABLE", `The folder ${path} cannot be read (${reason}).`, { cause });
}

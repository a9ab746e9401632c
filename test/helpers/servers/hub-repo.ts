import { createHash } from "node:crypto";
import { lfsPointer } from "../lfs-pointer.ts";

/** A file of a repository of the replay server. */
export interface HubFile {
  /** Made when it is asked for: a hub of ten thousand models does not hold them. */
  readonly content: () => Uint8Array;
  /** Kept by Git LFS: the tree names its SHA-256, and it is served from the other origin. */
  readonly lfs?: boolean;
  readonly xetHash?: string;
}

/** An entry of a tree, as the Hub's API writes it. */
export interface HubTreeEntry {
  readonly type: string;
  readonly oid?: string;
  readonly size: number;
  readonly path: string;
  readonly lfs?: { readonly oid: string; readonly size: number; readonly pointerSize: number };
  readonly xetHash?: string;
}

/** One commit of a repository: the last one is `main`. */
export interface HubCommit {
  readonly sha: string;
  readonly files: ReadonlyMap<string, HubFile>;
}

/** A repository of the replay server. */
export interface HubRepo {
  /** `owner/name`. */
  readonly id: string;
  /** What the API says of it beside id, sha and siblings: tags, pipeline_tag, lastModified, config, … */
  readonly info: Readonly<Record<string, unknown>>;
  readonly commits: readonly HubCommit[];
  /** Other branches, and tags: the commits that they name. */
  readonly refs?: Readonly<Record<string, string>>;
  readonly access?: "private" | "gated" | "disabled";
  /** Changes what the tree says, as a hub that errs or lies would. */
  readonly distort?: (entries: HubTreeEntry[]) => HubTreeEntry[];
}

/** Files as a test writes them: text and bytes are plain files. */
export type HubFiles = Readonly<Record<string, string | Uint8Array | HubFile>>;

/** A file that Git LFS keeps. */
export function lfsFile(content: string | Uint8Array | (() => Uint8Array)): HubFile {
  return { lfs: true, content: typeof content === "function" ? content : () => Buffer.from(content) };
}

/** Makes a repository of one commit. */
export function hubRepo(
  id: string,
  files: HubFiles,
  info: HubRepo["info"] = {},
  more: Partial<Pick<HubRepo, "access" | "distort">> = {},
): HubRepo {
  return { id, info, commits: [hubCommit(id, files)], ...more };
}

/** Makes a commit; its id follows from the files' names and the text given. */
export function hubCommit(seed: string, files: HubFiles): HubCommit {
  const map = new Map(Object.entries(files).map(([path, file]) => [path, toFile(file)]));
  const sha = createHash("sha1")
    .update(JSON.stringify([seed, [...map.keys()]]))
    .digest("hex");
  return { sha, files: map };
}

/** The tree of a commit, folders included, as the API lists it recursively. */
export function treeOf(commit: HubCommit): HubTreeEntry[] {
  const folders = new Set<string>();
  const entries: HubTreeEntry[] = [];
  for (const [path, file] of commit.files) {
    for (let end = path.indexOf("/"); end > 0; end = path.indexOf("/", end + 1)) folders.add(path.slice(0, end));
    entries.push(fileEntry(path, file));
  }
  const directories = [...folders].map((path) => ({ type: "directory", oid: gitOid(path), size: 0, path }));
  return [...directories, ...entries];
}

/** The id that Git gives to a file's content: SHA-1 of a header and the bytes. */
export function gitOid(content: string | Uint8Array): string {
  const bytes = Buffer.from(content);
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

/** The pointer that Git holds in place of an LFS file. */
export function pointerOf(content: Uint8Array): string {
  return lfsPointer(createHash("sha256").update(content).digest("hex"), content.length);
}

function fileEntry(path: string, file: HubFile): HubTreeEntry {
  const content = file.content();
  if (!file.lfs) return { type: "file", oid: gitOid(content), size: content.length, path };
  const pointer = pointerOf(content);
  const oid = createHash("sha256").update(content).digest("hex");
  return {
    type: "file",
    oid: gitOid(pointer),
    size: content.length,
    path,
    lfs: { oid, size: content.length, pointerSize: pointer.length },
    ...(file.xetHash !== undefined && { xetHash: file.xetHash }),
  };
}

function toFile(file: HubFiles[string]): HubFile {
  if (typeof file === "string" || file instanceof Uint8Array) return { content: () => Buffer.from(file) };
  return file;
}

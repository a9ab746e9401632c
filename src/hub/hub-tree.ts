import { createHash } from "node:crypto";
import type { ListFileEntry } from "@huggingface/hub";
import { ProvenanceError } from "../base/errors.ts";
import { type ExcludedEntry, normalizeIgnorePaths } from "../model/walk.ts";
import { reasonToLeaveOutFile } from "../model/left-out.ts";
import { compareNames } from "../model/resource.ts";
import { assertDistinctNames, assertResourceName } from "../model/resource-name.ts";
import { type Hub, clientOptions, fetchPages, loadHubClient } from "./hub.ts";
import { asAnswerInvalid } from "./hub-info.ts";
import { isCommit } from "../metadata/repo-id.ts";

/** A file of a revision, as the Hub lists it. */
export interface HubTreeFile {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** What Git knows the file by: of its content, or of the pointer that stands for it. */
  readonly gitOid: string;
  /** SHA-256 of the content where Git LFS keeps it; the digest of other files is known when they were fetched. */
  readonly lfsSha256?: string;
}

/** The files of a revision that belong to the model, in name order, and what does not. */
export interface HubTree {
  readonly files: readonly HubTreeFile[];
  readonly excluded: readonly ExcludedEntry[];
  /** Paths that were left out by choice, normalised. */
  readonly ignorePaths: readonly string[];
}

const PAGE_MAX_BYTES = 16 * 1024 * 1024;
const MAX_FILES = 100_000;
const SHA256 = /^[0-9a-f]{64}$/;

/**
 * Lists the files of a revision. The Hub is a stranger: a name that leads out of the folder, a size that is none, a name
 * that stands twice or a digest of another form refuses the whole model.
 *
 * @param revision - a commit
 * @param ignorePaths - relative paths to leave out, each with all below it
 * @throws {ProvenanceError} `RESOURCE_NAME_INVALID`, `HUB_ANSWER_INVALID`, `HUB_REPO_EMPTY`, `MODEL_UNSUPPORTED_ENTRY` for
 *   a Git submodule, and as the Hub's requests
 */
export async function readHubTree(
  hub: Hub,
  id: string,
  revision: string,
  ignorePaths: readonly string[] = [],
): Promise<HubTree> {
  const ignored = normalizeIgnorePaths(ignorePaths);
  const files: HubTreeFile[] = [];
  const excluded: ExcludedEntry[] = [];
  const names = new Set<string>();
  let count = 0;
  for await (const entry of list(hub, id, revision)) {
    if (++count > MAX_FILES) throw invalid(id, `its tree has more than ${MAX_FILES} entries`);
    if (entry.type === "directory") continue;
    const file = readEntry(id, entry);
    // Those of a list without end would only be told apart at its end.
    if (names.has(file.name)) assertDistinctNames([file.name, file.name]);
    names.add(file.name);
    const isIgnored = ignored.some((path) => file.name === path || file.name.startsWith(`${path}/`));
    const reason = isIgnored ? "ignored by choice" : reasonToLeaveOutFile(file.name);
    if (reason === undefined) files.push(file);
    else excluded.push({ name: file.name, reason });
  }
  assertDistinctNames(files.map(({ name }) => name));
  if (files.length === 0) {
    const left =
      excluded.length === 0
        ? ""
        : ` but ${excluded
            .map(({ name }) => name)
            .slice(0, 5)
            .join(", ")}`;
    throw new ProvenanceError("HUB_REPO_EMPTY", `${id} is empty: it holds no file of a model${left}.`);
  }
  return { files: files.sort((a, b) => compareNames(a.name, b.name)), excluded, ignorePaths: ignored };
}

/** What the client hands on is the API's own answer: any of it may be missing or of another kind. */
async function* list(hub: Hub, id: string, revision: string): AsyncGenerator<Partial<ListFileEntry>, void> {
  const { listFiles } = await loadHubClient();
  const entries = listFiles({
    ...clientOptions(hub),
    repo: { type: "model", name: id },
    revision,
    recursive: true,
    fetch: fetchPages(hub, { maxBytes: PAGE_MAX_BYTES, what: id }),
  });
  try {
    yield* entries;
  } catch (cause) {
    throw asAnswerInvalid(id, cause);
  }
}

function readEntry(id: string, entry: Partial<ListFileEntry>): HubTreeFile {
  const { type, path, size, oid, lfs } = entry;
  if (typeof path !== "string") throw invalid(id, "an entry of its tree has no path");
  assertResourceName(path);
  const named = JSON.stringify(path);
  if (type !== "file") {
    const text = `${id} holds ${named}, which is neither a file nor a folder (${JSON.stringify(type)}): it cannot be recorded.`;
    throw new ProvenanceError("MODEL_UNSUPPORTED_ENTRY", text);
  }
  const length = lfs?.size ?? size;
  if (!isSize(length)) throw invalid(id, `${named} has the size ${JSON.stringify(length)}`);
  if (!isCommit(oid)) throw invalid(id, `${named} has no Git id, but ${JSON.stringify(oid)}`);
  if (lfs === undefined || lfs === null) return { name: path, size: length, gitOid: oid };
  if (typeof lfs.oid !== "string" || !SHA256.test(lfs.oid)) {
    throw invalid(id, `${named} has no SHA-256, but ${JSON.stringify(lfs.oid)}`);
  }
  if (isSize(size) && size !== length) throw invalid(id, `${named} has two sizes, ${size} and ${length}`);
  return { name: path, size: length, gitOid: oid, lfsSha256: lfs.oid };
}

/**
 * The id under which Git knows the pointer of an LFS file. The commit names it: a digest or size that is not the
 * commit's has another id, and no download is needed to find that out.
 *
 * @see https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
 */
export function pointerGitOid(sha256: string, size: number): string {
  return gitOidOf(Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${size}\n`));
}

/** The id that Git gives to a content: SHA-1 of `blob`, its size, a zero byte and the bytes. */
export function gitOidOf(content: Uint8Array): string {
  return createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
}

function isSize(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function invalid(id: string, fault: string): ProvenanceError {
  return new ProvenanceError("HUB_ANSWER_INVALID", `What the Hub says of ${id} is refused: ${fault}.`);
}

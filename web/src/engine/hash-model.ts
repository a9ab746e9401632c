import {
  type ExcludedEntry,
  type HashedModel,
  LFS_POINTER_MAX_BYTES,
  ProvenanceError,
  type Resource,
  assertDistinctNames,
  assertNotNamed,
  assertResourceName,
  compareNames,
  computeManifestDigests,
  emptyModel,
  findLfsPointers,
  findWeights,
  isOmsBundleContent,
  normalizeIgnorePaths,
  parseClaim,
  reasonToExclude,
  warnOfCaseCollisions,
} from "model-provenance-nft/core";
import { sourceOf } from "../adapters/file-source.ts";
import { type HashFilesOptions, hashFiles } from "../adapters/hashing/hash-files.ts";
import type { FileDigest } from "../adapters/hashing/digest-file.ts";
import type { Picked, PickedFile } from "../adapters/picked-files.ts";

/** What of a picked model is hashed: its files in name order, and what is left out. */
export interface ListedModel extends Pick<HashedModel, "kind" | "excluded" | "ignorePaths" | "warnings"> {
  readonly name: string;
  readonly files: readonly PickedFile[];
}

/** Options of {@link hashListed}. */
export interface HashListedOptions extends HashFilesOptions {
  /** Git LFS pointers: `warn` where it is left out. */
  readonly lfsPointers?: "warn" | "refuse";
}

const MAX_NAMED_BYTES = { claim: 64 * 1024, "OMS bundle": 16 * 1024 * 1024 };

/**
 * Lists what of a picked model is hashed, by the rules of the command: what OMS leaves out, claims and bundles.
 *
 * @throws {ProvenanceError} `MODEL_EMPTY`, `RESOURCE_NAME_INVALID`
 */
export async function listModel(picked: Picked, ignorePaths: readonly string[] = []): Promise<ListedModel> {
  const { kind, name } = picked;
  const ignored = normalizeIgnorePaths(ignorePaths);
  const common = { kind, name, ignorePaths: ignored };
  if (kind === "file") {
    picked.files.forEach((one) => assertResourceName(one.name));
    return { ...common, files: picked.files, excluded: [], warnings: [] };
  }
  const { files, excluded } = await sortOut(picked.files, new Set(ignored));
  if (files.length === 0) throw emptyModel(name || "What was picked", excluded);
  const names = files.map((one) => one.name);
  assertDistinctNames(names);
  return { ...common, files, excluded, warnings: warnOfCaseCollisions(names) };
}

/**
 * Hashes a listed model as the command does: every file once, in workers.
 *
 * @throws {ProvenanceError} `MODEL_CHANGED`, `MODEL_UNREADABLE`, `MODEL_UNSUPPORTED_ENTRY`; `MODEL_INCOMPLETE` for pointers that
 *   are refused; the signal's reason
 */
export async function hashListed(
  { kind, name, files, excluded, ignorePaths, warnings }: ListedModel,
  isThere: (name: string) => boolean,
  { lfsPointers = "warn", ...options }: HashListedOptions = {},
): Promise<HashedModel> {
  const small = files.filter(({ file }) => file.size > 0 && file.size <= LFS_POINTER_MAX_BYTES);
  const starts = new Map(await Promise.all(small.map(async (one) => [one.name, await bytesOf(one)] as const)));
  const sized = files.map((one) => ({ name: one.name, size: one.file.size }));
  const found = findLfsPointers(sized, lfsPointers, (one) => starts.get(one.name) ?? new Uint8Array());
  const sources = files.map(sourceOf);
  const weights = await findWeights(sources);
  if (excluded.some(({ reason }) => reason === "download cache")) await assertNotNamed(sources, isThere);
  const digests = await hashFiles(files, options);
  const resources = sized.map((one, i): Resource => ({ ...one, sha256: (digests[i] as FileDigest).sha256 }));
  const pieceDigests = collectPieces(files, digests);
  return {
    kind,
    path: name,
    excluded,
    ignorePaths,
    warnings: [...warnings, ...found.warnings],
    resources,
    pointers: [],
    cached: 0,
    weights,
    ...(options.pieces && { pieceDigests }),
    ...(options.withLeaves && { leafDigests: digests.map(({ leaves }) => leaves as Uint8Array) }),
    ...computeManifestDigests(resources, weights.files),
  };
}

function collectPieces(files: readonly PickedFile[], digests: readonly FileDigest[]): Map<string, Uint8Array> {
  return new Map(files.flatMap(({ name }, i) => (digests[i]?.pieces ? [[name, digests[i].pieces] as const] : [])));
}

/** The bytes of a small file. @throws {ProvenanceError} `MODEL_CHANGED` */
export async function bytesOf({ name, file }: PickedFile): Promise<Uint8Array> {
  return new Uint8Array(
    await file.arrayBuffer().catch((cause: unknown) => {
      const text = `${name} cannot be read: it was changed, moved or removed since it was picked. Pick it again.`;
      throw new ProvenanceError("MODEL_CHANGED", text, { cause });
    }),
  );
}

/** Goes from folder to folder as a walk would: of what is left out as a whole, the folder alone is named. */
async function sortOut(all: readonly PickedFile[], ignored: ReadonlySet<string>) {
  const reasons = new Map<string, ExcludedEntry["reason"] | undefined>();
  const files: PickedFile[] = [];
  for (const one of all) {
    const isLeft = await isLeftOut(one, ignored, reasons);
    if (!isLeft) files.push(one);
  }
  const excluded = [...reasons].flatMap(([name, reason]) => (reason === undefined ? [] : [{ name, reason }]));
  const byName = (a: { name: string }, b: { name: string }) => compareNames(a.name, b.name);
  return { files: files.sort(byName), excluded: excluded.sort(byName) };
}

async function isLeftOut(
  one: PickedFile,
  ignored: ReadonlySet<string>,
  reasons: Map<string, ExcludedEntry["reason"] | undefined>,
): Promise<boolean> {
  const { name } = one;
  for (let end = name.indexOf("/"); ; end = name.indexOf("/", end + 1)) {
    const isFile = end === -1;
    const path = isFile ? name : name.slice(0, end);
    if (!reasons.has(path)) {
      const entry = { name: path, kind: isFile ? ("file" as const) : ("folder" as const) };
      reasons.set(path, await reasonToExclude(entry, ignored, async (reason) => isFile && holds(one, reason)));
    }
    if (reasons.get(path) !== undefined) return true;
    if (isFile) return false;
  }
}

async function holds(one: PickedFile, reason: "claim" | "OMS bundle"): Promise<boolean> {
  if (one.file.size > MAX_NAMED_BYTES[reason]) return false;
  const bytes = await bytesOf(one);
  return reason === "claim" ? parseClaim(bytes) !== undefined : isOmsBundleContent(bytes);
}

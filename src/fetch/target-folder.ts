import { createHash } from "node:crypto";
import type { Stats } from "node:fs";
import { lstat, mkdir, open, readdir, rename, rm, rmdir, statfs } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { ProvenanceError } from "../base/errors.ts";
import { toHex32 } from "../base/hex.ts";
import { onDisk } from "./on-disk.ts";

/** Where a model goes, and where it is put together. */
export interface TargetFolder {
  /** Absolute. */
  readonly path: string;
  /** Beside it; named by the token and the files that are wanted, so that it is found again. */
  readonly partial: string;
}

/** Names the folders of a fetch. @param only - the names wanted, when not all are */
export function nameTarget(path: string, tokenId: bigint, only: readonly string[] | undefined): TargetFolder {
  const target = resolve(path);
  const files = only === undefined ? "" : `-${digestNames(only)}`;
  const token = toHex32(tokenId).slice(2, 18);
  return { path: target, partial: join(dirname(target), `${basename(target)}.partial-${token}${files}`) };
}

function digestNames(names: readonly string[]): string {
  return createHash("sha256").update(names.toSorted().join("\0")).digest("hex").slice(0, 8);
}

/**
 * Looks at what lies where the model is to go.
 *
 * @returns true when something is there: a folder that is not empty
 * @throws {ProvenanceError} `TARGET_TAKEN` for what is no folder
 */
export async function isTaken({ path }: TargetFolder): Promise<boolean> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined) return false;
  if (!stats.isDirectory()) throw new ProvenanceError("TARGET_TAKEN", `${path} is no folder. Name another one.`);
  return (await onDisk(path, async () => readdir(path))).length > 0;
}

/**
 * Makes the folder in which a model is put together, or takes up the one that an earlier run left. One that others could
 * have put something into, or can write to, is not taken up: another name is. Nothing but wanted files may lie in it: it
 * becomes the model.
 *
 * @param names - of the files wanted
 * @returns the folder that is used, and the bytes that lie there already
 * @throws {ProvenanceError} `TARGET_TAKEN` for anything else in it, `TARGET_FAILED`
 */
export async function openPartial(
  target: TargetFolder,
  names: ReadonlySet<string>,
): Promise<{ readonly target: TargetFolder; readonly bytes: number }> {
  await onDisk(target.partial, async () => mkdir(dirname(target.partial), { recursive: true }));
  for (let number = 1; number <= MAX_PARTIALS; number++) {
    const partial = number === 1 ? target.partial : `${target.partial}.${number}`;
    const bytes = (await makeOwn(partial)) ? 0 : await takeUp(partial, names);
    if (bytes !== undefined) return { target: { ...target, partial }, bytes };
  }
  const text = `${target.partial} and ${MAX_PARTIALS - 1} folders beside it belong to others, or others can write to them. Name another folder.`;
  throw new ProvenanceError("TARGET_TAKEN", text);
}

const MAX_PARTIALS = 20;
const WRITTEN_BY_OTHERS = 0o022;

/** @returns false where something is there already */
async function makeOwn(path: string): Promise<boolean> {
  return onDisk(path, async () =>
    mkdir(path, { mode: 0o755 }).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "EEXIST") return false;
        throw error;
      },
    ),
  );
}

/** @returns the bytes in a folder of ours; undefined where it is not ours alone */
async function takeUp(partial: string, names: ReadonlySet<string>): Promise<number | undefined> {
  if (!isOurs(await onDisk(partial, async () => lstat(partial)))) return undefined;
  let bytes = 0;
  for (const entry of await onDisk(partial, async () => readdir(partial, { recursive: true, withFileTypes: true }))) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(partial, path).replaceAll(sep, "/");
    const stats = await onDisk(path, async () => lstat(path));
    if (!entry.isDirectory() && !(entry.isFile() && names.has(name))) throw foreignEntry(path);
    if (!isOurs(stats)) return undefined;
    if (entry.isFile()) bytes += stats.blocks * 512 || 0; // not every system counts blocks
  }
  return bytes;
}

/** A folder or file of this user that nobody else can write to, and that has no other name. */
function isOurs(stats: Stats): boolean {
  if (!stats.isDirectory() && stats.nlink > 1) return false;
  // Systems without users of that kind have no modes either.
  if (process.getuid === undefined) return true;
  return !stats.isSymbolicLink() && stats.uid === process.getuid() && (stats.mode & WRITTEN_BY_OTHERS) === 0;
}

/**
 * Makes sure that there is room for what is still to be written, as far as the file system says.
 *
 * @throws {ProvenanceError} `TARGET_FAILED`
 */
export async function assertRoom({ partial }: TargetFolder, bytes: number): Promise<void> {
  const { bavail, bsize } = await onDisk(partial, async () => statfs(partial));
  if (bavail * bsize >= bytes) return;
  const text = `The disk has room for ${bavail * bsize} bytes, and ${bytes} are still to be fetched to ${partial}. Make room and run again: what is there is kept.`;
  throw new ProvenanceError("TARGET_FAILED", text);
}

/**
 * Puts the finished folder in its place, whole.
 *
 * @returns false when something came there meanwhile: nothing was moved
 * @throws {ProvenanceError} `TARGET_FAILED`
 */
export async function moveIntoPlace({ path, partial }: TargetFolder): Promise<boolean> {
  try {
    await rmdir(path).catch(() => undefined); // an empty one: not every system renames onto it
    await rename(partial, path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOTEMPTY" || code === "EEXIST" || code === "ENOTDIR" || code === "ENOENT") return false;
    const text = `The model was fetched to ${partial} and verified, but cannot be moved to ${path} (${code}).`;
    throw new ProvenanceError("TARGET_FAILED", text, { cause });
  }
  // The new name survives a loss of power, where folders can be synced.
  const above = await open(dirname(path)).catch(() => undefined);
  await above?.sync().catch(() => undefined);
  await above?.close();
  return true;
}

/** Removes what was put together and is not needed any more. */
export async function removePartial({ partial }: TargetFolder): Promise<void> {
  await onDisk(partial, async () => rm(partial, { recursive: true, force: true }));
}

function foreignEntry(path: string): ProvenanceError {
  const text = `${path} was not put there by fetch: it is no file that is wanted. Remove it and run again.`;
  return new ProvenanceError("TARGET_TAKEN", text);
}

import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** Options of {@link writeFileAtomically}. */
export interface AtomicWriteOptions {
  /** Permissions of the new file, 0o666 less the umask unless given. */
  readonly mode?: number;
  /**
   * A folder where the content is written first, instead of beside its place: for a path in a folder where nothing else
   * may ever be seen, even if this process is killed. Where the file system does not allow it, it is not used.
   */
  readonly stage?: string;
  /**
   * What the new file is called until it is whole, for a path that one process writes at a time: what a killed one left
   * beside it is written over. A name of its own unless given.
   */
  readonly temporary?: string;
}

/** Temporary files are called so; one that a killed process left behind is read by nobody and may be removed. */
export const TEMPORARY_NAME = /^\.model-provenance-[0-9a-f-]{36}\.tmp$/;

/**
 * Writes a file whole or not at all: beside its place, to the disk, and then into its place. Whoever reads the path sees
 * the old content or the new one, and a symbolic link there is replaced, never followed.
 *
 * @param path - in a folder that exists; what lies there is replaced
 * @throws the error of the file system; nothing is left behind
 */
export async function writeFileAtomically(
  path: string,
  content: string | Uint8Array,
  options: AtomicWriteOptions = {},
): Promise<void> {
  await replaceFileAtomically(path, async (file) => file.writeFile(content), options);
}

/**
 * As {@link writeFileAtomically}, for content that is written piece by piece.
 *
 * @param write - writes the content to the file it is given, and told the path of; the file appears in its place once it
 *   is done
 * @throws the error of the file system or of `write`; nothing is left behind
 */
export async function replaceFileAtomically(
  path: string,
  write: (file: FileHandle, temporary: string) => Promise<void>,
  { mode = 0o666, stage, temporary }: AtomicWriteOptions = {},
): Promise<void> {
  if (stage !== undefined) {
    try {
      return await writeThrough(nameIn(stage), path, write, mode);
    } catch (error) {
      if (!CANNOT_STAGE.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }
  await writeThrough(temporary ?? nameIn(dirname(path)), path, write, mode, temporary === undefined ? "wx" : "w");
}

// Not writable, read-only, or on another file system.
const CANNOT_STAGE = new Set(["EACCES", "EPERM", "EROFS", "EXDEV", "ENOENT"]);

// Not named after the file: a name that is as long as names may be has no room for more.
function nameIn(folder: string): string {
  return join(folder, `.model-provenance-${randomUUID()}.tmp`);
}

async function writeThrough(
  temporary: string,
  path: string,
  write: (file: FileHandle, temporary: string) => Promise<void>,
  mode: number,
  flags = "wx",
): Promise<void> {
  const file = await open(temporary, flags, mode);
  try {
    try {
      await write(file, temporary);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Writes a file whole or not at all, for its owner alone, and returns only when it would outlive a power cut: the content
 * is on the disk before it takes its place, and so is the place. For a path that one process writes at a time.
 *
 * @throws the error of the file system
 */
export async function writeDurably(path: string, text: string): Promise<void> {
  await writeFileAtomically(path, text, { mode: 0o600, temporary: `${path}.tmp` });
  await syncFolder(dirname(path));
}

/** Makes a folder, for its owner alone, and those above it; they outlive a power cut. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  const top = dirname(resolve(first));
  for (let folder = dirname(resolve(path)); folder.startsWith(top); folder = dirname(folder)) {
    await syncFolder(folder);
    if (folder === top) return;
  }
}

/**
 * Brings the names in a folder to the disk: a file that was renamed into it is there after a power cut, too. Does
 * nothing where the system cannot do it for folders.
 */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r").catch(() => undefined);
  try {
    await folder?.sync();
  } catch (error) {
    if (!["EPERM", "EINVAL", "EISDIR", "ENOTSUP"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    await folder?.close();
  }
}

import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Options of {@link writeFileAtomically}. */
export interface AtomicWriteOptions {
  /** Permissions of the new file, 0o666 less the umask unless given. */
  readonly mode?: number;
}

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
  { mode = 0o666 }: AtomicWriteOptions = {},
): Promise<void> {
  // Not named after the file: a name that is as long as names may be has no room for more.
  const temporary = join(dirname(path), `.model-provenance-${randomUUID()}.tmp`);
  const file = await open(temporary, "wx", mode);
  try {
    try {
      await file.writeFile(content);
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

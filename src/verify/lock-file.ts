import { lstat, readFile } from "node:fs/promises";
import { writeFileAtomically } from "../base/atomic-write.ts";
import { ProvenanceError } from "../base/errors.ts";
import { LOCK_MAX_BYTES, type LockFile, formatLockFile, invalidLock, parseLockFile } from "./lock-form.ts";

export {
  LOCK_FILE_NAME,
  type LockFile,
  formatLockFile,
  lockJsonSchema,
  lockSchema,
  parseLockFile,
} from "./lock-form.ts";

/** Reads a lock file. Errors as {@link parseLockFile}. */
export async function readLockFile(path: string): Promise<LockFile> {
  // Only regular files of a lock's size: reading a FIFO would wait for ever.
  const stats = await lstat(path).catch((cause: unknown) => {
    throw invalidLock(`${path} cannot be read (${(cause as NodeJS.ErrnoException).code}).`, cause);
  });
  if (!stats.isFile()) throw invalidLock(`${path} is not a regular file.`);
  if (stats.size > LOCK_MAX_BYTES)
    throw invalidLock(`${path} has ${stats.size} bytes, more than the ${LOCK_MAX_BYTES} allowed.`);
  return parseLockFile(await readFile(path));
}

/**
 * Writes a lock file whole or not at all, so that a change of it reads well. Another lock may be overwritten, any other
 * file not.
 *
 * @throws {ProvenanceError} `OPTION_INVALID`
 */
export async function writeLockFile(path: string, lock: LockFile): Promise<void> {
  const exists = await lstat(path).then(
    () => true,
    () => false,
  );
  try {
    if (exists) await readLockFile(path);
    await writeFileAtomically(path, formatLockFile(lock));
  } catch (cause) {
    const reason =
      cause instanceof ProvenanceError ? "there is another file" : String((cause as NodeJS.ErrnoException).code);
    throw new ProvenanceError("OPTION_INVALID", `The lock cannot be written to ${path} (${reason}).`, { cause });
  }
}

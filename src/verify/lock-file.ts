import { lstat } from "node:fs/promises";
import { writeFileAtomically } from "../base/atomic-write.ts";
import { readFileOrFault } from "../base/given-file.ts";
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
  const refuse = (fault: string, cause?: unknown) => invalidLock(`${path} ${fault}.`, cause);
  return parseLockFile(await readFileOrFault(path, LOCK_MAX_BYTES, refuse));
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

import { ProvenanceError } from "../base/errors.ts";

const FULL = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/**
 * Does something to the disk, and says in words what failed.
 *
 * @throws {ProvenanceError} `TARGET_FAILED`
 */
export async function onDisk<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    const text = FULL.has(code)
      ? `The disk is full, or a limit of it is reached: ${path} could not be written (${code}). What was fetched is kept: make room and run again.`
      : `${path} could not be written (${code}). What was fetched is kept: correct that and run again.`;
    throw new ProvenanceError("TARGET_FAILED", text, { cause });
  }
}

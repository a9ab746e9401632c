import { writeFile } from "node:fs/promises";
import type { LockFile } from "../../src/verify/lock-file.ts";
import type { TemporaryFolder } from "./temporary-folder.ts";
import { readVectors } from "./vectors.ts";

/** A lock, and files that it approves. */
export interface LockVector {
  readonly lock: LockFile;
  readonly contents: Record<string, string>;
}

/** The first vector of lock files: a folder. */
export function lockVector(): LockVector {
  const [vector] = readVectors<LockVector>("valid", "lock-file");
  return vector as LockVector;
}

/** Writes a model and the lock that approves it. */
export async function writeLockedModel(temporary: TemporaryFolder, folder = "model") {
  const { lock, contents } = lockVector();
  const modelPath = await temporary.write(folder, contents);
  const lockPath = temporary.path(`${folder}.lock.json`);
  await writeFile(lockPath, JSON.stringify(lock));
  return { modelPath, lockPath, lock, contents };
}

import { lstat, mkdir } from "node:fs/promises";
import { join } from "node:path";

/**
 * Makes folders within one that is there, one below the other. What is there already must be a folder: a link that
 * somebody put in its place is not followed.
 *
 * @param names - from the base down
 * @throws the error of the file system; `ENOTDIR` for what is no folder
 */
export async function makeFolders(base: string, names: readonly string[]): Promise<void> {
  let path = base;
  for (const name of names) {
    path = join(path, name);
    try {
      await mkdir(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if ((await lstat(path)).isDirectory()) continue;
      throw Object.assign(new Error(`${path} is no folder`), { code: "ENOTDIR" });
    }
  }
}

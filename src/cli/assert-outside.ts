import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { ProvenanceError } from "../base/errors.ts";

/**
 * Refuses to write into the model: a file more, and it would no longer be the one that was recorded.
 *
 * @param option - that names the path
 * @throws {ProvenanceError} `OPTION_INVALID`
 */
export async function assertOutside(path: string, modelPath: string, option: string): Promise<void> {
  const folder = await realpath(modelPath).catch(() => resolve(modelPath));
  const parent = await realpath(dirname(resolve(path))).catch(() => dirname(resolve(path)));
  const target = join(parent, basename(path));
  const isFolder = await lstat(folder).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (isFolder && target.startsWith(`${folder}${sep}`)) {
    const text = `${option} must lie outside the model: ${path} would become a file of it.`;
    throw new ProvenanceError("OPTION_INVALID", text);
  }
}

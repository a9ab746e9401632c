import { basename, dirname, join } from "../../base/posix-path.ts";
import { type SourceFile, readBytes, withSource } from "./byte-source.ts";
import { isObject } from "./strict-json.ts";

const MAX_BYTES = 1024 * 1024;

/**
 * Reads which folders of a model are its parts: those that the `model_index.json` of a pipeline of diffusers names, and the
 * `modules.json` of sentence-transformers. Both are hints: what cannot be read names none.
 *
 * @returns folders relative to the model; `.` is the model's own
 */
export async function readParts(files: readonly SourceFile[]): Promise<ReadonlySet<string>> {
  const parts = new Set<string>();
  for (const file of files) {
    const base = basename(file.name);
    if (base !== "model_index.json" && base !== "modules.json") continue;
    for (const folder of foldersOf(await readJson(file))) parts.add(join(dirname(file.name), folder));
  }
  return parts;
}

function foldersOf(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((module: unknown) =>
      isObject(module) && typeof module["path"] === "string" ? [module["path"]] : [],
    );
  }
  return isObject(value) ? Object.keys(value).filter((key) => Array.isArray(value[key])) : [];
}

async function readJson(file: SourceFile): Promise<unknown> {
  const bytes = await withSource(file, async (source) =>
    source.size > MAX_BYTES ? undefined : await readBytes(source, 0, source.size),
  );
  try {
    return bytes && JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

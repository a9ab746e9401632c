import { dirname, join } from "../base/posix-path.ts";
import { ProvenanceError } from "../base/errors.ts";
import { type SourceFile, readBytes, withSource } from "./formats/byte-source.ts";
import { isRecordable } from "./left-out.ts";

const MAX_BYTES = 1024 * 1024;
const TEXTS = /"((?:[^"\\]|\\.)*)"/g;

/**
 * Refuses a model whose configuration names a file that is left out of it: a loader would read what nobody records.
 *
 * @param files - of the model; those named `*.json` are looked at, up to 1 MiB
 * @param isThere - tells whether a file that is left out exists, by its path relative to the model
 * @throws {ProvenanceError} `MODEL_UNSUPPORTED_ENTRY`, `MODEL_UNREADABLE`, `MODEL_CHANGED`
 */
export async function assertNotNamed(files: readonly SourceFile[], isThere: (path: string) => boolean): Promise<void> {
  for (const file of files.filter(({ name }) => name.endsWith(".json"))) {
    const bytes = await withSource(file, async (source) =>
      source.size > MAX_BYTES ? undefined : await readBytes(source, 0, source.size),
    );
    for (const [, quoted = ""] of bytes?.toString("utf8").matchAll(TEXTS) ?? []) {
      const text = quoted.replaceAll("\\/", "/");
      if (text.startsWith("/") || !text.includes("huggingface/")) continue;
      const path = join(dirname(file.name), text);
      if (isRecordable(path) || !isThere(path)) continue;
      throw new ProvenanceError(
        "MODEL_UNSUPPORTED_ENTRY",
        `${file.name} names ${JSON.stringify(path)}, which is never part of a model. Move that file, and correct ${file.name}.`,
      );
    }
  }
}

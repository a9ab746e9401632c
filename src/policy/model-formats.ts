import { fileSource } from "../formats/byte-source.ts";
import { describeFormats } from "../formats/describe-formats.ts";
import { formatOfName } from "../formats/format-of.ts";
import { isWeightFile } from "../model/weights.ts";
import { type WalkOptions, walkModel } from "../model/walk.ts";
import type { ModelFormats } from "./judge.ts";

/**
 * Reads of which formats the files of a model are, by their names and headers.
 *
 * @throws {ProvenanceError} as {@link walkModel}
 */
export async function readModelFormats(modelPath: string, options: WalkOptions): Promise<ModelFormats> {
  const { files } = await walkModel(modelPath, options);
  const malformed = new Set<string>();
  const { formats, unsafeSerialization } = await describeFormats(
    files.map(({ name, path }) => fileSource(name, path)),
    // A file that is not of the format it is named after is of none.
    { onInvalid: ({ message }) => malformed.add(message) },
  );
  const unknown = files.filter(({ name }) => isWeightFile(name) && formatOfName(name) === undefined);
  return {
    found: formats,
    unsafe: unsafeSerialization,
    unknown: [...unknown.map(({ name }) => name), ...malformed],
  };
}

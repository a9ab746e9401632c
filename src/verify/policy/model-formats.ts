import { fileSource } from "../../model/formats/file-source.ts";
import { describeFormats } from "../../model/formats/describe-formats.ts";
import { formatOfName } from "../../model/formats/formats.ts";
import { isProgram } from "../../model/file-kinds.ts";
import { isWeightFile } from "../../model/weights.ts";
import { type WalkOptions, walkModel } from "../../model/walk.ts";
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
  const unnamed = unsafeSerialization.filter((name) => formatOfName(name) === undefined);
  const unknown = files.filter(({ name }) => isWeightFile(name) && formatOfName(name) === undefined);
  return {
    // What is a pickle under another name is one.
    found: [...new Set([...formats, ...(unnamed.length > 0 ? ["pickle"] : [])])].sort(),
    unsafe: unsafeSerialization,
    code: files.flatMap(({ name }) => (isProgram(name) ? [name] : [])),
    unknown: [...unknown.map(({ name }) => name), ...malformed],
  };
}

import type { SourceFile } from "../../model/formats/byte-source.ts";
import { describeFormats } from "../../model/formats/describe-formats.ts";
import { formatOfName } from "../../model/formats/formats.ts";
import { isProgram } from "../../model/file-kinds.ts";
import { isWeightFile } from "../../model/weights.ts";
import type { ModelFormats } from "./judge.ts";

/** Reads of which formats the files of a model are, by their names and headers. */
export async function describeModelFormats(files: readonly SourceFile[]): Promise<ModelFormats> {
  const malformed = new Set<string>();
  // A file that is not of the format it is named after is of none.
  const onInvalid = ({ message }: { readonly message: string }) => malformed.add(message);
  const { formats, unsafeSerialization } = await describeFormats(files, { onInvalid });
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

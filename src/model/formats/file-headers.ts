import { type SourceFile, withSource } from "./byte-source.ts";
import type { HeaderFacts } from "./format.ts";
import { type FormatName, formatOf } from "./formats.ts";
import { namingFile } from "./header-error.ts";
import type { TensorEntry } from "./tensor.ts";

/** What the header of one file says. */
export interface FileHeader extends HeaderFacts {
  readonly name: string;
  readonly format: FormatName;
  readonly tensors: readonly TensorEntry[];
  readonly isUnsafe: boolean;
}

/**
 * Reads the header of one file of a model; pickles are recognised and never parsed.
 *
 * @returns undefined when the file's name says that it has no format we know
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`, `MODEL_UNREADABLE`, `MODEL_CHANGED`
 */
export async function readFileHeader(file: SourceFile): Promise<FileHeader | undefined> {
  const { name } = file;
  const format = formatOf(name);
  if (format === undefined) return undefined;
  const facts = await namingFile(name, () => withSource(file, (source) => format.read(name, source)));
  return { tensors: [], isUnsafe: false, ...facts, name, format: (facts.format ?? format.name) as FormatName };
}

import type { ByteSource } from "./byte-source.ts";
import type { GgufValue } from "./gguf-metadata.ts";
import type { TensorEntry } from "./tensor.ts";

/** What the header of one file says, as far as its format says it. */
export interface HeaderFacts {
  readonly tensors?: readonly TensorEntry[];
  /** Loading the file may run code that is in it. */
  readonly isUnsafe?: boolean;
  readonly architecture?: string;
  readonly framework?: { readonly name: string; readonly version?: string };
  /** Metadata of a GGUF file. */
  readonly gguf?: ReadonlyMap<string, GgufValue>;
  /** What is odd in it and takes nothing from the rest: a sentence each, without the file's name. */
  readonly warnings?: readonly string[];
  /** The name of the format that it turned out to be, where its extension is that of several. */
  readonly format?: string;
}

/**
 * Everything that is known of a format of model files. The names of the policy, the weight files and the files that may run
 * code follow from the list of them: a format is one file, and its line in formats.ts.
 */
export interface Format {
  /** As policies and descriptions name it. */
  readonly name: string;
  /** How names of its files end, in any case: `.gguf`; without a leading dot the whole base name: `saved_model.pb`. */
  readonly extensions: readonly string[];
  /** Its files are also known packed, or in parts: `.pkl.gz`, `.bin.1`. */
  readonly isPacked?: boolean;
  /** Its files hold weights. */
  readonly isWeight: boolean;
  /**
   * Whether loading a file may run code that is in it: any file, none, or as what lies in it says; then a malformed file counts
   * as one that may, unless it is the header alone that could say so.
   */
  readonly mayRunCode: "always" | "never" | "by content" | "by header";
  /** Whether its headers list tensors; `raw`: each lies as raw bytes in one piece, so that it can be digested. */
  readonly holdsTensors: "raw" | "listed" | "none";
  /**
   * Reads the header of a file.
   *
   * @param name - of the file in the model
   * @throws {ProvenanceError} `MODEL_HEADER_INVALID` for what does not follow the format, `MODEL_UNREADABLE`, `MODEL_CHANGED`
   */
  readonly read: (name: string, source: ByteSource) => Promise<HeaderFacts>;
}

/** The longest text of a header that is taken over. */
export const MAX_HEADER_TEXT = 256;

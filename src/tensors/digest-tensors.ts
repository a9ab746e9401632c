import type { SourceFile } from "../formats/byte-source.ts";
import type { ModelDescription } from "../formats/describe-formats.ts";
import type { FormatName } from "../formats/format-of.ts";
import type { Hex } from "../hex.ts";
import { type ByteProgress, type DigestedTensor, type PlacedTensor, digestFileTensors } from "./tensor-digest.ts";
import { buildTensorTree } from "./tensor-tree.ts";

/** Every tensor of a model with its digest, and the root over them. */
export interface TensorSet {
  readonly format: FormatName;
  readonly root: Hex;
  /** In the order of files and bytes. */
  readonly tensors: readonly DigestedTensor[];
}

// Others are described and not digested: ONNX and NumPy do not keep every tensor as raw bytes in one piece.
const DIGESTED: readonly (FormatName | undefined)[] = ["safetensors", "gguf"];

/**
 * Digests every tensor of a safetensors or GGUF model. All weights are read once, in bounded memory.
 *
 * @param files - the files of the model
 * @param description - what {@link describeFormats} says of them
 * @returns undefined when the model has no such tensors, or holds alternatives of the same names
 * @throws {ProvenanceError} `MODEL_CHANGED`, `MODEL_UNREADABLE`
 */
export async function digestTensors(
  files: readonly SourceFile[],
  description: Pick<ModelDescription, "tensors" | "tensorFormat" | "ambiguity">,
  onBytes?: ByteProgress,
): Promise<TensorSet | undefined> {
  const { tensors, tensorFormat: format, ambiguity } = description;
  if (format === undefined || !DIGESTED.includes(format) || ambiguity !== undefined || tensors.length === 0) {
    return undefined;
  }
  const byFile = Map.groupBy(tensors as readonly PlacedTensor[], ({ place }) => place.file);
  const digested: DigestedTensor[] = [];
  for (const file of files) {
    const inFile = byFile.get(file.name);
    if (inFile === undefined) continue;
    for (const tensor of await digestFileTensors(file, inFile, onBytes)) digested.push(tensor);
  }
  return { format, root: buildTensorTree(digested).root, tensors: digested };
}

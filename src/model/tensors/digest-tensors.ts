import type { SourceFile } from "../formats/byte-source.ts";
import type { ModelDescription } from "../formats/describe-formats.ts";
import { DIGESTED_FORMATS, type FormatName } from "../formats/formats.ts";
import type { Hex } from "../../base/hex.ts";
import type { ByteProgress } from "../hashing/steps.ts";
import { digestFileTensors } from "./tensor-digest.ts";
import { type DigestedTensor, type FileTensors, type PlacedTensor, cutTensors, joinDigests } from "./tensor-pieces.ts";
import { buildTensorTree } from "./tensor-tree.ts";

/** Every tensor of a model with its digest, and the root over them. */
export interface TensorSet {
  readonly format: FormatName;
  readonly root: Hex;
  /** In the order of files and bytes. */
  readonly tensors: readonly DigestedTensor[];
}

/** What has to be read of a model for the digests of its tensors. */
export interface TensorPlan {
  readonly format: FormatName;
  /** By the names of the files. */
  readonly files: ReadonlyMap<string, FileTensors>;
}

type DescribedTensors = Pick<ModelDescription, "tensors" | "tensorFormat" | "ambiguity">;

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
  description: DescribedTensors,
  onBytes?: ByteProgress,
): Promise<TensorSet | undefined> {
  const plan = planTensors(description);
  if (plan === undefined) return undefined;
  const digests = new Map<string, Uint8Array>();
  for (const file of files) {
    const inFile = plan.files.get(file.name);
    if (inFile !== undefined) digests.set(file.name, await digestFileTensors(file, inFile, onBytes));
  }
  return assembleTensors(plan, digests);
}

/** Says which bytes of which files are digested; undefined where {@link digestTensors} gives nothing. */
export function planTensors({ tensors, tensorFormat: format, ambiguity }: DescribedTensors): TensorPlan | undefined {
  if (format === undefined || !DIGESTED_FORMATS.includes(format) || ambiguity !== undefined || tensors.length === 0) {
    return undefined;
  }
  if (tensors.some(({ place }) => place === undefined)) return undefined;
  const byFile = Map.groupBy(tensors as readonly PlacedTensor[], ({ place }) => place.file);
  return { format, files: new Map(Array.from(byFile, ([name, inFile]) => [name, cutTensors(inFile)])) };
}

/** Joins the tensors of all files. @param digests - by file name, in the order of the files: 32 bytes a tensor */
export function assembleTensors({ format, files }: TensorPlan, digests: ReadonlyMap<string, Uint8Array>): TensorSet {
  const tensors = [...digests].flatMap(([name, inFile]) => joinDigests(files.get(name) as FileTensors, inFile));
  return { format, root: buildTensorTree(tensors).root, tensors };
}

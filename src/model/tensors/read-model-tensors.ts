import { fileSource } from "../formats/file-source.ts";
import { describeFormats } from "../formats/describe-formats.ts";
import { type WalkOptions, walkModel } from "../walk.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { type TensorSet, digestTensors, planTensors } from "./digest-tensors.ts";
import type { ByteProgress } from "../hashing/steps.ts";
import { extentOf } from "./tensor-digest.ts";

/** Options of {@link readModelTensors}. */
export interface ReadModelTensorsOptions extends WalkOptions {
  /** Called once, before the first tensor is read, with the number of bytes to come. */
  readonly onTotal?: (bytes: number) => void;
  readonly onBytes?: ByteProgress;
}

/**
 * Digests the tensors of a model on disk.
 *
 * @param path - a file or a folder
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID` if a header is malformed or there are no tensors of one
 *   safetensors or GGUF model; as {@link walkModel}
 * @example
 * const { root, tensors } = await readModelTensors("./my-model");
 */
export async function readModelTensors(path: string, options: ReadModelTensorsOptions = {}): Promise<TensorSet> {
  const { files } = await walkModel(path, options);
  const sources = files.map((file) => fileSource(file.name, file.path));
  const invalid: ProvenanceError[] = [];
  const description = await describeFormats(sources, { onInvalid: (error) => invalid.push(error) });
  const planned = [...(planTensors(description)?.files.values() ?? [])];
  options.onTotal?.(planned.reduce((sum, inFile) => sum + extentOf(inFile), 0));
  const tensors = await digestTensors(sources, description, options.onBytes);
  if (tensors !== undefined) return tensors;
  if (invalid[0] !== undefined) throw invalid[0];
  const why = description.ambiguity ?? `it holds ${description.formats.join(", ") || "no format that is known"}`;
  throw new ProvenanceError(
    "MODEL_HEADER_INVALID",
    `The tensors of ${path} cannot be compared: ${why}. Point at one safetensors or GGUF model.`,
  );
}

import type { ProvenanceError } from "../../base/errors.ts";
import { type ModelDescription, describeFormats } from "../formats/describe-formats.ts";
import { type HashModelOptions, type HashedModel, hashModel, listedSource } from "../hash-model.ts";
import { type TensorPlan, type TensorSet, assembleTensors, planTensors } from "./digest-tensors.ts";

/** What the headers of a model say, and the digests of its tensors where there are any. */
export interface TensorFacts {
  readonly description: ModelDescription;
  readonly tensors?: TensorSet;
}

/** A model that was hashed with its tensors. */
export interface HashedTensors extends TensorFacts {
  readonly model: HashedModel;
}

/** Options of {@link hashModelWithTensors}. */
export interface HashWithTensorsOptions extends Omit<HashModelOptions, "findPieces"> {
  /** Called for each file whose header is malformed; it is hashed like any other. */
  readonly onInvalid: (error: ProvenanceError) => void;
}

/**
 * Hashes a model and every tensor of it in one pass: the headers are read first, and say where the tensors lie.
 *
 * @param path - a file or a folder
 * @throws {ProvenanceError} as {@link hashModel}
 */
export async function hashModelWithTensors(path: string, options: HashWithTensorsOptions): Promise<HashedTensors> {
  const { onInvalid, ...hashing } = options;
  let description: ModelDescription | undefined;
  let plan: TensorPlan | undefined;
  const { pieceDigests, ...model } = await hashModel(path, {
    ...hashing,
    findPieces: async (files) => {
      description = await describeFormats(files.map(listedSource), { onInvalid });
      plan = planTensors(description);
      return new Map(Array.from(plan?.files ?? [], ([name, { pieces }]) => [name, pieces]));
    },
  });
  const tensors = plan && pieceDigests && assembleTensors(plan, pieceDigests);
  // The headers are always read: hashing asks for the pieces of every model.
  return { model, description: description as ModelDescription, ...(tensors && { tensors }) };
}

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ProvenanceError } from "../base/errors.ts";
import { describeFormats } from "../model/formats/describe-formats.ts";
import type { HashedModel } from "../model/hash-model.ts";
import type { Resource } from "../model/resource.ts";
import { digestTensors } from "../model/tensors/digest-tensors.ts";
import type { TensorFacts } from "../model/tensors/hash-with-tensors.ts";
import { hashedSource } from "../model/tensors/hashed-source.ts";
import { type ModelFacts, collectFacts, describeInvalidHeader } from "./model-facts.ts";

/**
 * Reads what a model on this machine says of itself.
 *
 * @param warn - called with one sentence for each fact that could not be read
 * @param known - what the headers say, where they and the tensors were read when the model was hashed; else they are
 *   read now, all weights included
 * @throws {ProvenanceError} `MODEL_CHANGED` if a file is no longer what was hashed
 */
export async function readModelFacts(
  model: HashedModel,
  warn: (text: string) => void,
  known?: TensorFacts,
): Promise<ModelFacts> {
  const headers = known ?? (await readTensorFacts(model, warn));
  return collectFacts(model, headers, async (resource) => readVerified(model, resource), warn);
}

async function readTensorFacts(model: HashedModel, warn: (text: string) => void): Promise<TensorFacts> {
  const files = model.resources.map((resource) => hashedSource(model, resource));
  const description = await describeFormats(files, { onInvalid: (error) => warn(describeInvalidHeader(error)) });
  const tensors = await digestTensors(files, description);
  return { description, ...(tensors && { tensors }) };
}

/** Reads a small file again and makes sure it is the one that was hashed. */
async function readVerified(model: HashedModel, resource: Resource): Promise<Uint8Array> {
  const path = join(model.path, resource.name);
  const bytes = await readFile(path).catch(() => new Uint8Array());
  if (createHash("sha256").update(bytes).digest("hex") === resource.sha256) return bytes;
  const text = `${path} changed after it was hashed. Run again when nothing writes to it.`;
  throw new ProvenanceError("MODEL_CHANGED", text);
}

import type { ProvenanceError } from "../base/errors.ts";
import type { ParameterCount } from "../model/formats/parameters.ts";
import { parsePythonJson } from "../model/formats/python-json.ts";
import type { HashedModel } from "../model/hash-model.ts";
import type { Resource } from "../model/resource.ts";
import type { TensorSet } from "../model/tensors/digest-tensors.ts";
import type { TensorFacts } from "../model/tensors/hash-with-tensors.ts";
import { type CardFacts, readCard } from "./model-card-facts.ts";
import type { Provenance } from "./schema.ts";

const MAX_TEXT_BYTES = 4 * 1024 * 1024;
const MAX_JSON_BYTES = 64 * 1024 * 1024;
const MAX_TRAINING_CONFIG_BYTES = 256 * 1024;
const MAX_NAMED = 5;

/** What can be read from the model itself, so that nobody is asked for it. */
export interface ModelFacts extends CardFacts {
  readonly architecture?: string;
  readonly trainingConfig?: NonNullable<Provenance["trainingConfig"]>;
  readonly parameters?: ParameterCount;
  /** Every tensor with its digest, where they could be read. */
  readonly tensors?: TensorSet;
  /** Names of the files that may run code when they are loaded. */
  readonly unsafeSerialization?: readonly string[];
  /** SHA-256 of the weight file where one file holds all the weights. */
  readonly weightsHash?: `0x${string}`;
  /** SHA-256 of config.json. */
  readonly configHash?: `0x${string}`;
}

/** Reads a small file whole, as it was hashed. */
export type ReadSmallFile = (resource: Resource) => Promise<Uint8Array>;

/**
 * Joins what the card's front matter, config.json, training-config.json and the headers of a model's files say. What is
 * malformed is left out with a warning: a model is not refused for its card.
 *
 * @param headers - read when the model was hashed, and its tensors with them
 * @param warn - called with one sentence for each fact that could not be read
 * @throws what `read` throws
 */
export async function collectFacts(
  model: HashedModel,
  { description, tensors }: TensorFacts,
  read: ReadSmallFile,
  warn: (text: string) => void,
): Promise<ModelFacts> {
  const find = (name: string) => model.resources.find((resource) => resource.name === name);
  const card = await readText(model, find("README.md"), read);
  const config = await readJsonObject(model, find("config.json"), read, warn);
  const trainingConfig = await readTrainingConfig(model, find("training-config.json"), read, warn);
  const { parameters, ambiguity, unsafeSerialization } = description;
  for (const text of description.warnings) warn(`${text}.`);
  if (ambiguity !== undefined) warn(`Parameters are not counted and tensors not recorded: ${ambiguity}.`);
  const { files: weights } = model.weights;
  const facts = card === undefined ? {} : readCard(card, warn);
  const framework = frameworkOf(facts.framework, config) ?? description.framework;

  return {
    ...facts,
    ...(framework && { framework }),
    ...definedText("architecture", firstText(config?.["architectures"]) ?? description.architecture),
    ...(trainingConfig && { trainingConfig }),
    ...(parameters && { parameters }),
    ...(tensors && { tensors }),
    ...(unsafeSerialization.length > 0 && { unsafeSerialization }),
    ...(weights.length === 1 && { weightsHash: `0x${(find(weights[0] as string) as Resource).sha256}` as const }),
    ...(find("config.json") && { configHash: `0x${(find("config.json") as Resource).sha256}` as const }),
  };
}

/** Says that a malformed header is left out of the facts: then nothing is counted that could be in it. */
export function describeInvalidHeader({ message }: ProvenanceError): string {
  return `A model header cannot be read and is left out: ${message}.`;
}

async function readText(
  model: HashedModel,
  resource: Resource | undefined,
  read: ReadSmallFile,
): Promise<string | undefined> {
  if (resource === undefined || resource.size > MAX_TEXT_BYTES || model.kind === "file") return undefined;
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await read(resource));
}

/** What a configuration says, as far as anything can: what JSON cannot hold in one place takes nothing from the rest. */
async function readJsonObject(
  model: HashedModel,
  resource: Resource | undefined,
  read: ReadSmallFile,
  warn: (text: string) => void,
  onValue?: (path: string) => void,
) {
  if (resource === undefined || model.kind === "file") return undefined;
  if (resource.size > MAX_JSON_BYTES) {
    warn(`${resource.name} has ${resource.size} bytes and was not read for the metadata.`);
    return undefined;
  }
  const bytes = await read(resource);
  try {
    return parsePythonJson(bytes, resource.name, onValue);
  } catch (error) {
    warn(`${(error as Error).message}: it was not read for the metadata.`);
    return undefined;
  }
}

/** It is recorded whole, but for values that JSON cannot hold. */
async function readTrainingConfig(
  model: HashedModel,
  resource: Resource | undefined,
  read: ReadSmallFile,
  warn: (text: string) => void,
): Promise<ModelFacts["trainingConfig"]> {
  if (resource !== undefined && resource.size > MAX_TRAINING_CONFIG_BYTES) {
    warn(`${resource.name} has ${resource.size} bytes and was not read for the metadata.`);
    return undefined;
  }
  const dropped: string[] = [];
  const value = await readJsonObject(model, resource, read, warn, (path) => dropped.push(path));
  if (dropped.length > 0) {
    warn(`${resource?.name}: what JSON cannot hold is not recorded: ${dropped.slice(0, MAX_NAMED).join(", ")}.`);
  }
  const isEmpty = dropped.length > 0 && Object.keys(value ?? {}).length === 0;
  return isEmpty ? undefined : (value as ModelFacts["trainingConfig"]);
}

/** The card names the library, config.json the version of one. */
function frameworkOf(card: ModelFacts["framework"], config: Record<string, unknown> | undefined) {
  const version = config?.["transformers_version"];
  if (typeof version !== "string" || version.length > 64 || !version.isWellFormed()) return card;
  return card === undefined || card.name === "transformers" ? { name: "transformers", version } : card;
}

function firstText(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === "string" && first.length <= 256 && first.isWellFormed() ? first : undefined;
}

function definedText<Key extends string>(key: Key, value: string | undefined): { [K in Key]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: string };
}

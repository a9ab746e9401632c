import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { FEATURES, type Scaling, type SplitOptions, SPECIES } from "./dataset.ts";
import { type ModelCard, renderModelCard } from "./model-card.ts";
import type { Layer, Network } from "./network.ts";
import { decodeSafetensors, encodeSafetensors, type Safetensors, type Tensor } from "./safetensors.ts";

/** The names of the files in a model folder, in the order they are written. */
export const FILES = {
  weights: "model.safetensors",
  config: "config.json",
  trainingConfig: "training-config.json",
  card: "README.md",
} as const;

/** The part of a model that a prediction needs, and its name. */
export interface Model {
  name: string;
  version: number;
  network: Network;
  scaling: Scaling;
}

/** A file that was written; the size is in bytes. */
export interface WrittenFile {
  name: string;
  size: number;
}

/** What was decided before training and is recorded in `training-config.json`; the rest of it is free. */
export interface TrainingConfig extends Record<string, unknown> {
  split: SplitOptions;
}

/** Writes the four files of a model, creating the folder if need be. Other files in it stay as they are. */
export async function writeModelFolder(
  directory: string,
  model: Model,
  trainingConfig: TrainingConfig,
  card: Omit<ModelCard, "name" | "layerSizes">,
): Promise<WrittenFile[]> {
  const { name } = model;
  const layerSizes = sizesOf(model.network);
  const contents: [string, Buffer][] = [
    [FILES.weights, encodeSafetensors(toSafetensors(model))],
    [FILES.config, toJson(createConfig(model))],
    [FILES.trainingConfig, toJson(trainingConfig)],
    [FILES.card, Buffer.from(renderModelCard({ name, layerSizes, ...card }))],
  ];
  await mkdir(directory, { recursive: true });
  for (const [file, content] of contents) await writeFile(join(directory, file), content);
  return contents.map(([file, content]) => ({ name: file, size: content.length }));
}

/**
 * Reads the model that {@link writeModelFolder} wrote.
 *
 * @throws {Error} if a file is missing, or the tensors are not those of the layer sizes in `config.json`.
 */
export async function readModelFolder(directory: string): Promise<Model> {
  const config = JSON.parse(await readFile(join(directory, FILES.config), "utf8")) as ReturnType<typeof createConfig>;
  const { tensors } = decodeSafetensors(await readFile(join(directory, FILES.weights)));
  const network = config.layer_sizes.slice(1).map((outputs, index): Layer => {
    const inputs = config.layer_sizes[index]!;
    const weight = takeTensor(tensors, `layers.${index}.weight`, [outputs, inputs]);
    return { inputs, outputs, weight, bias: takeTensor(tensors, `layers.${index}.bias`, [outputs]) };
  });
  if (tensors.size > 0) throw new Error(`${FILES.weights} has unknown tensors: ${[...tensors.keys()].join(", ")}`);

  const scaling = { mean: config.feature_mean, scale: config.feature_scale };
  return { name: config.name, version: config.version, network, scaling };
}

/** Reads how a model was trained. */
export async function readTrainingConfig(directory: string): Promise<TrainingConfig> {
  return JSON.parse(await readFile(join(directory, FILES.trainingConfig), "utf8")) as TrainingConfig;
}

const sizesOf = (network: Network) => [FEATURES.length, ...network.map(({ outputs }) => outputs)];

const toJson = (value: unknown) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);

function createConfig({ name, version, network, scaling }: Model) {
  return {
    architectures: ["IrisPerceptron"],
    model_type: "iris_perceptron",
    name,
    version,
    dtype: "float32",
    layer_sizes: sizesOf(network),
    activation: "relu",
    features: FEATURES,
    feature_mean: scaling.mean,
    feature_scale: scaling.scale,
    id2label: Object.fromEntries(SPECIES.entries()),
    label2id: Object.fromEntries(SPECIES.map((species, index) => [species, index])),
  };
}

function toSafetensors({ name, network }: Model): Safetensors {
  const tensors = new Map<string, Tensor>();
  for (const [index, { inputs, outputs, weight, bias }] of network.entries()) {
    tensors.set(`layers.${index}.weight`, { shape: [outputs, inputs], values: weight });
    tensors.set(`layers.${index}.bias`, { shape: [outputs], values: bias });
  }
  return { tensors, metadata: { name, framework: "typescript", weight_layout: "outputs, inputs" } };
}

function takeTensor(tensors: Map<string, Tensor>, name: string, shape: readonly number[]): Float32Array {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new Error(`${FILES.weights} has no tensor ${name}`);
  if (tensor.shape.join() !== shape.join()) {
    throw new Error(`${name} in ${FILES.weights} has the shape [${tensor.shape.join()}], expected [${shape.join()}]`);
  }
  tensors.delete(name);
  return tensor.values;
}

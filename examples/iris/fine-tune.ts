import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";

import { type IrisSummary, isCommand, runCommand } from "./command.ts";
import { readIris, splitRows, standardise } from "./dataset.ts";
import { evaluate } from "./evaluation.ts";
import { FILES, type Model, readModelFolder, readTrainingConfig, writeModelFolder } from "./model-folder.ts";
import { createRandom } from "./random.ts";
import { margin, trainNetwork } from "./training.ts";

const SEED = 1988;
const OPTIONS = { epochs: 100, batchSize: 15, learningRate: 0.002, momentum: 0.9 };
const HARD_ROW = { marginBelow: 0.5, weight: 3 };

/**
 * Trains the model of a folder further and writes the next version: a fifth of the learning rate, and the training
 * rows that the base model is least sure of count three times. The base model's held-out rows stay held out.
 *
 * @param baseDirectory a folder that `trainIris` or `fineTuneIris` wrote.
 * @param outDirectory another folder, for the new version.
 * @returns what was trained, its measured accuracy on held-out rows, and the files with their sizes.
 * @throws {Error} if the base folder holds no such model, or is the output folder.
 */
export async function fineTuneIris(baseDirectory: string, outDirectory: string): Promise<IrisSummary> {
  if (resolve(baseDirectory) === resolve(outDirectory)) {
    throw new Error(`The new version would overwrite its base ${baseDirectory}: name another folder`);
  }
  if (!existsSync(join(baseDirectory, FILES.weights))) {
    throw new Error(`There is no ${FILES.weights} in ${baseDirectory}: run node examples/iris/train.ts first`);
  }
  const base = await readModelFolder(baseDirectory);
  const { split } = await readTrainingConfig(baseDirectory);
  const { rows, sha256 } = await readIris();
  const { training, heldOut } = splitRows(rows, split);

  const { network, scaling } = base;
  const inputs = training.map(({ features, label }) => ({ input: standardise(features, scaling), label }));
  const examples = inputs.map((row) => ({ ...row, weight: isHard(margin(network, row)) ? HARD_ROW.weight : 1 }));
  trainNetwork(network, examples, OPTIONS, createRandom(SEED));

  const version = base.version + 1;
  const model: Model = { name: `iris-perceptron-v${version}`, version, network, scaling };
  const measured = evaluate(network, scaling, heldOut);
  const trainingConfig = {
    seed: SEED,
    ...OPTIONS,
    learningRateSchedule: "linear to zero",
    optimizer: "sgd",
    loss: "squared hinge, one against rest",
    hardRows: { ...HARD_ROW, count: examples.filter(({ weight }) => weight > 1).length },
    split,
    dataset: { name: "iris", file: "iris.csv", sha256 },
    baseModel: { name: base.name, weightsSha256: await hashFile(join(baseDirectory, FILES.weights)) },
  };
  const card = { baseModel: base.name, trainingRows: training.length, heldOut: measured };
  const files = await writeModelFolder(outDirectory, model, trainingConfig, card);
  return { name: model.name, directory: outDirectory, trainingRows: training.length, heldOut: measured, files };
}

const isHard = (value: number) => value < HARD_ROW.marginBelow;

const hashFile = async (path: string) =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");

if (isCommand(import.meta.url)) {
  await runCommand("node examples/iris/fine-tune.ts [BASE_DIR] [OUT_DIR]", ["model", "model-v2"], fineTuneIris);
}

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

import { createRandom, shuffle } from "./random.ts";

/** The columns of the CSV that are measured, in centimetres. */
export const FEATURES = ["sepal_length", "sepal_width", "petal_length", "petal_width"] as const;

/** The species in the order of the model's outputs. */
export const SPECIES = ["setosa", "versicolor", "virginica"] as const;

/** The measurements of one flower in the order of {@link FEATURES}, and its index in {@link SPECIES}. */
export interface Row {
  features: readonly number[];
  label: number;
}

/** The rows of the data file and the SHA-256 of its bytes, as hex. */
export interface Dataset {
  rows: Row[];
  sha256: string;
}

/** How rows are divided: `heldOutPerSpecies` of every species, drawn with `seed`, are never trained on. */
export interface SplitOptions {
  seed: number;
  heldOutPerSpecies: number;
}

/** Mean and standard deviation of each feature, measured on the training rows alone. */
export interface Scaling {
  mean: readonly number[];
  scale: readonly number[];
}

/** Reads the Iris data that lies beside this file. */
export async function readIris(): Promise<Dataset> {
  const bytes = await readFile(new URL("./data/iris.csv", import.meta.url));
  const [header, ...lines] = bytes.toString("utf8").trimEnd().split("\n");
  const expected = [...FEATURES, "species"].join(",");
  if (header !== expected) throw new Error(`The header of iris.csv is "${header}", expected "${expected}"`);

  return { rows: lines.map(parseRow), sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** Divides the rows into training and held-out ones, with equally many held out of every species. */
export function splitRows(rows: readonly Row[], { seed, heldOutPerSpecies }: SplitOptions) {
  const random = createRandom(seed);
  const training: Row[] = [];
  const heldOut: Row[] = [];
  for (const label of SPECIES.keys()) {
    const shuffled = shuffle(
      rows.filter((row) => row.label === label),
      random,
    );
    heldOut.push(...shuffled.slice(0, heldOutPerSpecies));
    training.push(...shuffled.slice(heldOutPerSpecies));
  }
  return { training, heldOut };
}

/** Measures the mean and the (population) standard deviation of each feature. */
export function measureScaling(rows: readonly Row[]): Scaling {
  const mean = FEATURES.map((_, feature) => sum(rows.map((row) => row.features[feature]!)) / rows.length);
  const scale = FEATURES.map((_, feature) => {
    const deviations = rows.map((row) => row.features[feature]! - mean[feature]!);
    return Math.sqrt(sum(deviations.map((deviation) => deviation * deviation)) / rows.length);
  });
  return { mean, scale };
}

/** Expresses measurements in standard deviations from the mean, which is what the network takes. */
export function standardise(features: readonly number[], { mean, scale }: Scaling): number[] {
  return features.map((value, feature) => (value - mean[feature]!) / scale[feature]!);
}

function parseRow(line: string, index: number): Row {
  const cells = line.split(",");
  const features = cells.slice(0, FEATURES.length).map(Number);
  const label = SPECIES.findIndex((species) => species === cells[FEATURES.length]);
  if (cells.length !== FEATURES.length + 1 || !features.every((value) => value > 0) || label < 0) {
    throw new Error(`Row ${index + 1} of iris.csv is "${line}", expected four sizes in cm and a species`);
  }
  return { features, label };
}

// Left to right: another order would round differently.
function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

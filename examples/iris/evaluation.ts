import { type Row, type Scaling, SPECIES, standardise } from "./dataset.ts";
import { type Network, predict } from "./network.ts";

/** What a network got right on some rows. `accuracy` is correct / total, rounded to four decimals. */
export interface Evaluation {
  /** `confusion[actual][predicted]` counts rows, both in the order of {@link SPECIES}. */
  confusion: number[][];
  correct: number;
  total: number;
  accuracy: number;
}

/** Predicts every row and counts. */
export function evaluate(network: Network, scaling: Scaling, rows: readonly Row[]): Evaluation {
  const confusion = SPECIES.map(() => SPECIES.map(() => 0));
  let correct = 0;
  for (const { features, label } of rows) {
    const predicted = predict(network, standardise(features, scaling));
    confusion[label]![predicted]! += 1;
    if (predicted === label) correct += 1;
  }
  return { confusion, correct, total: rows.length, accuracy: Math.round((correct / rows.length) * 10_000) / 10_000 };
}

import type { Random } from "./random.ts";

/** A dense layer: output = weight · input + bias. `weight` is row-major, [outputs, inputs]. */
export interface Layer {
  inputs: number;
  outputs: number;
  weight: Float32Array;
  bias: Float32Array;
}

/**
 * A multilayer perceptron: dense layers with ReLU between them; the last one gives a score per species.
 *
 * Parameters are stored in single precision and everything else is computed in double precision, always in the same
 * order and with `+ - * /` and `Math.sqrt` alone: IEEE 754 fixes their every bit, which it does not for `Math.exp`.
 */
export type Network = readonly Layer[];

/**
 * Creates a network with random weights (He's uniform initialisation) and zero biases.
 *
 * @param sizes the number of inputs, then the number of outputs of every layer.
 */
export function createNetwork(sizes: readonly number[], random: Random): Network {
  return sizes.slice(1).map((outputs, index) => {
    const inputs = sizes[index]!;
    const bound = Math.sqrt(6 / inputs);
    const weight = Float32Array.from({ length: outputs * inputs }, () => (2 * random() - 1) * bound);
    return { inputs, outputs, weight, bias: new Float32Array(outputs) };
  });
}

/**
 * Runs the network.
 *
 * @param input one standardised row.
 * @returns the input, the output of every hidden layer after ReLU, and last the scores.
 */
export function forward(network: Network, input: readonly number[]): (readonly number[])[] {
  const activations = [input];
  for (const [index, layer] of network.entries()) {
    const outputs = applyLayer(layer, activations[index]!);
    const isLast = index === network.length - 1;
    activations.push(isLast ? outputs : outputs.map((value) => (value > 0 ? value : 0)));
  }
  return activations;
}

/** Returns the index of the highest score for one standardised row; the lowest index wins a tie. */
export function predict(network: Network, input: readonly number[]): number {
  const scores = forward(network, input).at(-1)!;
  return scores.reduce((best, score, index) => (score > scores[best]! ? index : best), 0);
}

function applyLayer({ inputs, outputs, weight, bias }: Layer, input: readonly number[]): number[] {
  const result: number[] = [];
  for (let output = 0; output < outputs; output++) {
    let value = bias[output]!;
    for (let i = 0; i < inputs; i++) value += weight[output * inputs + i]! * input[i]!;
    result.push(value);
  }
  return result;
}

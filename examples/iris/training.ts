import { forward, type Layer, type Network } from "./network.ts";
import { type Random, shuffle } from "./random.ts";

/** One standardised row to learn from; a weight of 2 counts like the same row twice. */
export interface Example {
  input: readonly number[];
  label: number;
  weight: number;
}

/** Settings of stochastic gradient descent with momentum; the learning rate falls linearly to zero. */
export interface TrainNetworkOptions {
  epochs: number;
  batchSize: number;
  learningRate: number;
  momentum: number;
}

interface Gradient {
  weight: Float64Array;
  bias: Float64Array;
}

/**
 * Trains the network in place on a one-against-rest squared hinge loss: per score max(0, 1 - target · score)², where
 * the target is 1 for the row's species and -1 for the others.
 *
 * @param random decides the order of the rows in every epoch.
 */
export function trainNetwork(
  network: Network,
  examples: readonly Example[],
  { epochs, batchSize, learningRate, momentum }: TrainNetworkOptions,
  random: Random,
): void {
  const velocities = network.map(createGradient);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const rate = learningRate * (1 - epoch / epochs);
    const order = shuffle(examples, random);
    for (let start = 0; start < order.length; start += batchSize) {
      const batch = order.slice(start, start + batchSize);
      const gradients = network.map(createGradient);
      for (const example of batch) addGradient(network, example, gradients);
      for (const [index, layer] of network.entries()) {
        const scale = 1 / batch.length;
        step(layer.weight, velocities[index]!.weight, gradients[index]!.weight, { rate, momentum, scale });
        step(layer.bias, velocities[index]!.bias, gradients[index]!.bias, { rate, momentum, scale });
      }
    }
  }
}

/** Returns the smallest target · score of a row: below zero one score is on the wrong side, from 1 on the loss is 0. */
export function margin(network: Network, { input, label }: Pick<Example, "input" | "label">): number {
  const scores = forward(network, input).at(-1)!;
  return scores.reduce((least, score, index) => {
    const value = target(index, label) * score;
    return value < least ? value : least;
  }, Infinity);
}

const target = (index: number, label: number) => (index === label ? 1 : -1);

const createGradient = ({ inputs, outputs }: Layer): Gradient => ({
  weight: new Float64Array(outputs * inputs),
  bias: new Float64Array(outputs),
});

/** Adds the gradient of one example's loss, by back-propagation. */
function addGradient(network: Network, { input, label, weight }: Example, gradients: readonly Gradient[]): void {
  const activations = forward(network, input);
  let delta = activations.at(-1)!.map((score, index) => {
    const sign = target(index, label);
    const slack = 1 - sign * score;
    return slack > 0 ? -2 * sign * slack * weight : 0;
  });
  for (let index = network.length - 1; index >= 0; index--) {
    const layer = network[index]!;
    const below = activations[index]!;
    addLayerGradient(gradients[index]!, delta, below);
    if (index > 0) delta = propagate(layer, delta, below);
  }
}

function addLayerGradient(gradient: Gradient, delta: readonly number[], below: readonly number[]): void {
  for (const [output, change] of delta.entries()) {
    gradient.bias[output]! += change;
    for (const [i, value] of below.entries()) gradient.weight[output * below.length + i]! += change * value;
  }
}

/** Carries the error of a layer's outputs back to its inputs, through the ReLU that made them. */
function propagate({ inputs, weight }: Layer, delta: readonly number[], below: readonly number[]): number[] {
  return below.map((value, i) => {
    let error = 0;
    for (const [output, change] of delta.entries()) error += change * weight[output * inputs + i]!;
    return value > 0 ? error : 0;
  });
}

function step(
  parameters: Float32Array,
  velocity: Float64Array,
  gradient: Float64Array,
  { rate, momentum, scale }: { rate: number; momentum: number; scale: number },
): void {
  for (let i = 0; i < parameters.length; i++) {
    velocity[i] = momentum * velocity[i]! + scale * gradient[i]!;
    parameters[i] = parameters[i]! - rate * velocity[i]!;
  }
}

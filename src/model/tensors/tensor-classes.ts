import type { DigestedTensor } from "./tensor-pieces.ts";

/** How many tensors are in a class, and how many parameters they hold. */
export interface TensorShare {
  readonly tensors: number;
  readonly parameters: number;
  /** Of the child's parameters, 0 to 1; of the parent's for what was removed. */
  readonly share: number;
}

/** A tensor of the child and its counterpart in the parent. */
export interface TensorPair {
  readonly child: DigestedTensor;
  readonly parent: DigestedTensor;
}

/** Every tensor of both models in its class. */
export interface TensorClasses {
  /** Same name and digest. */
  readonly identical: readonly TensorPair[];
  /** Same name, another digest. */
  readonly changed: readonly TensorPair[];
  /** Same digest, another name. */
  readonly renamed: readonly TensorPair[];
  /** In the child alone. */
  readonly added: readonly DigestedTensor[];
  /** In the parent alone. */
  readonly removed: readonly DigestedTensor[];
}

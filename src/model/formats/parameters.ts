import type { TensorEntry } from "./tensor.ts";

/** How many parameters a model has, in all and by dtype. */
export interface ParameterCount {
  readonly total: number;
  readonly byDtype: Record<string, number>;
}

/**
 * Counts parameters as the headers declare them: the product of each shape. Packed formats (GPTQ, AWQ,
 * bitsandbytes) declare the packed tensors, and those are counted.
 *
 * @returns undefined when there are none, or more than a safe integer holds
 */
export function countParameters(tensors: readonly TensorEntry[]): ParameterCount | undefined {
  const byDtype = new Map<string, number>();
  let total = 0;
  for (const { dtype, elements } of tensors) {
    byDtype.set(dtype, (byDtype.get(dtype) ?? 0) + elements);
    total += elements;
    // Every sum before was safe and so is every element count: the first unsafe sum is seen here.
    if (!Number.isSafeInteger(total)) return undefined;
  }
  return tensors.length === 0 ? undefined : { total, byDtype: Object.fromEntries(byDtype) };
}

import type { TensorClasses } from "./tensor-classes.ts";
import type { DigestedTensor } from "./tensor-pieces.ts";
import { isQuantizedType } from "./dtype-width.ts";

// The words of PEFT, kohya and LyCORIS for what they add to a model.
const ADAPTER =
  /(^|[._])(lora_(a|b|up|down|embedding_[ab]|magnitude_vector)|ia3_\w+|hada_w[12]_[ab]|lokr_w[12]|oft_\w+|vera_\w+|prompt_embeddings|prefix_\w+|adapters?|loraA|loraB)([._]|$)/i;
const WEIGHT = ".weight";

/** Tells whether a tensor is named as those of adapters are. */
export function isAdapterName(name: string): boolean {
  return ADAPTER.test(name);
}

/**
 * Tells whether most weights that are missing or have another shape have a counterpart in the child that is
 * packed into integers: `X.weight` became `X.qweight` with `X.scales`, or `X.weight` with `X.weight.absmax`.
 */
export function hasPackedCounterparts({ changed, added, removed }: TensorClasses): boolean {
  const companions = new Map<string, DigestedTensor[]>();
  const reshaped = changed.filter(({ child, parent }) => child.shape.join() !== parent.shape.join());
  for (const tensor of [...added, ...reshaped.map(({ child }) => child)]) {
    for (const module of prefixesOf(tensor.name)) {
      const others = companions.get(module);
      if (others === undefined) companions.set(module, [tensor]);
      else others.push(tensor);
    }
  }
  const missing = [...removed, ...reshaped.map(({ parent }) => parent)].filter(({ name }) => name.endsWith(WEIGHT));
  const packed = missing.filter(({ name }) => {
    const around = companions.get(name.slice(0, -WEIGHT.length)) ?? [];
    return around.length >= 2 && around.some(({ dtype }) => isQuantizedType(dtype));
  });
  return packed.length > 0 && packed.length * 2 > missing.length;
}

/** How many parameters lie in tensors whose shape the other model has as well, each tensor of it counted once. */
export function sharedShapes(child: readonly DigestedTensor[], parent: readonly DigestedTensor[]): number {
  const left = new Map<string, number>();
  for (const { shape } of parent) left.set(shape.join(), (left.get(shape.join()) ?? 0) + 1);
  let parameters = 0;
  for (const { shape, elements } of child) {
    const count = left.get(shape.join()) ?? 0;
    if (count === 0) continue;
    left.set(shape.join(), count - 1);
    parameters += elements;
  }
  return parameters;
}

/** The module of a tensor: its name without the last one or two parts (`X.qweight`, `X.weight.absmax`). */
function prefixesOf(name: string): string[] {
  const parts = name.split(".");
  return [parts.slice(0, -1).join("."), parts.slice(0, -2).join(".")];
}

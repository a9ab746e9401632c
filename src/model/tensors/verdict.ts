import type { TensorClasses, TensorShare } from "./tensor-classes.ts";
import type { TensorSet } from "./digest-tensors.ts";
import { bitsPerElement, isQuantizedType } from "./dtype-width.ts";
import { hasPackedCounterparts, isAdapterName, sharedShapes } from "./tensor-hints.ts";

/**
 * What measuring two models' tensors suggests. `converted`: the same tensors in another floating-point format.
 * `unknown`: related in part, as after a merge of layers or a change of architecture.
 */
export type TensorVerdict = "identical" | "fine-tune" | "adapter" | "quantized" | "converted" | "unknown" | "unrelated";

/** What a verdict is drawn from. */
export interface VerdictInput {
  readonly child: TensorSet;
  readonly parent: TensorSet;
  readonly classes: TensorClasses;
  readonly shares: Readonly<Record<keyof TensorClasses, TensorShare>>;
}

/** A verdict and why, in a sentence. */
export interface Judgement {
  readonly verdict: TensorVerdict;
  readonly reason: string;
}

// A new head on an old body leaves far more than half of the parameters where they were.
const MOST = 0.5;
// An adapter is a small part of what it adapts; beyond this size it is a model of its own.
const SMALL = 0.1;
const FEW = 0.05;
// Conversion drops tied embeddings and adds tables: shapes agree for nearly all parameters, not for all.
const NEARLY_ALL_SHAPES = 0.8;
const SAME_TOTAL = 0.005;

/** Draws the verdict, from the surest evidence to the weakest. */
export function judge(input: VerdictInput): Judgement {
  return (
    judgeIdentical(input) ??
    judgeAdapter(input) ??
    judgeSameNames(input) ??
    judgePacked(input) ??
    judgeConversion(input) ??
    judgeRest(input)
  );
}

function judgeIdentical({ classes, shares }: VerdictInput): Judgement | undefined {
  if (classes.changed.length + classes.added.length + classes.removed.length > 0) return undefined;
  const count = shares.identical.tensors + shares.renamed.tensors;
  const names = shares.renamed.tensors === 0 ? "" : `, ${shares.renamed.tensors} of them under another name`;
  return {
    verdict: "identical",
    reason: `All ${count} tensors are the same${names}; only files or their order may differ.`,
  };
}

function judgeAdapter({ child, parent, classes }: VerdictInput): Judgement | undefined {
  if (classes.identical.length + classes.changed.length + classes.renamed.length > 0) return undefined;
  const adapting = child.tensors.filter(({ name }) => isAdapterName(name));
  if (adapting.length >= child.tensors.length * MOST) {
    const reason = `No tensor stands in the parent, and ${adapting.length} of ${child.tensors.length} are named as adapters' are.`;
    return { verdict: "adapter", reason };
  }
  const [ofChild, ofParent] = [total(child), total(parent)];
  if (ofChild >= ofParent * SMALL) return undefined;
  return {
    verdict: "adapter",
    reason: `No tensor stands in the parent, and all together have ${percent(ofChild / ofParent)} of its parameters: judged by size alone.`,
  };
}

function judgeSameNames({ classes, shares, parent }: VerdictInput): Judgement | undefined {
  const sameShape = classes.changed.filter(({ child, parent: other }) => child.shape.join() === other.shape.join());
  const reshaped = classes.changed.length - sameShape.length;
  const kept = sum(sameShape.map(({ child }) => child)) + shares.identical.parameters + shares.renamed.parameters;
  const ofParent = total(parent);
  const ofChild =
    shares.identical.parameters + shares.changed.parameters + shares.renamed.parameters + shares.added.parameters;
  if (sameShape.length === 0 || kept <= ofChild * MOST || kept <= ofParent * MOST) return undefined;

  const narrowed = sameShape.filter(({ child, parent: other }) => isNarrower(child.dtype, other.dtype));
  const retyped = sameShape.filter(({ child, parent: other }) => child.dtype !== other.dtype);
  const changedParameters = sum(sameShape.map(({ child }) => child));
  if (sum(narrowed.map(({ child }) => child)) > changedParameters * MOST) {
    const reason = `${narrowed.length} tensors have the same name and shape and a quantised type.`;
    return { verdict: "quantized", reason };
  }
  if (sum(retyped.map(({ child }) => child)) > changedParameters * MOST) {
    const reason = `${retyped.length} tensors have the same name and shape and another number format; whether values changed as well cannot be told.`;
    return { verdict: "converted", reason };
  }
  const besides = reshaped + classes.added.length + classes.removed.length;
  const rest = besides === 0 ? "" : `; ${besides} more were added, removed or reshaped`;
  const reason = `${sameShape.length} tensors (${percent(changedParameters / ofChild)} of the parameters) have the same name and shape and other values${rest}.`;
  return { verdict: "fine-tune", reason };
}

function judgePacked({ child, parent, classes }: VerdictInput): Judgement | undefined {
  if (!hasPackedCounterparts(classes)) return undefined;
  if (totalBits(child) >= totalBits(parent)) return undefined;
  const reason = "The weights of the parent's modules are replaced by packed integers with their scales.";
  return { verdict: "quantized", reason };
}

function judgeConversion({ child, parent, shares }: VerdictInput): Judgement | undefined {
  if (child.format === parent.format && shares.renamed.share <= MOST) return undefined;
  const shapes = sharedShapes(child.tensors, parent.tensors);
  const [ofChild, ofParent] = [total(child), total(parent)];
  const sameShapes = shapes > NEARLY_ALL_SHAPES * Math.max(ofChild, ofParent);
  const sameTotal = Math.abs(ofChild - ofParent) <= SAME_TOTAL * ofParent;
  if (!sameShapes && !sameTotal) return undefined;
  const quantized = sum(child.tensors.filter(({ dtype }) => isQuantizedType(dtype))) > ofChild * FEW;
  const how = sameShapes
    ? `the shapes agree for ${percent(shapes / ofChild)} of the parameters`
    : "the parameter counts agree";
  return {
    verdict: quantized && !parent.tensors.some(({ dtype }) => isQuantizedType(dtype)) ? "quantized" : "converted",
    reason: `The formats are ${child.format} and ${parent.format}, and ${how}: judged by counts, the values cannot be compared.`,
  };
}

function judgeRest({ shares }: VerdictInput): Judgement {
  const known = shares.identical.share + shares.renamed.share;
  const named = known + shares.changed.share;
  if (known > FEW || named > MOST) {
    const reason = `${percent(known)} of the parameters stand unchanged in the parent and ${percent(shares.changed.share)} changed: related in part.`;
    return { verdict: "unknown", reason };
  }
  return { verdict: "unrelated", reason: `Only ${percent(known)} of the parameters stand in the parent.` };
}

function isNarrower(child: string, parent: string): boolean {
  return isQuantizedType(child) && bitsPerElement(child) < bitsPerElement(parent);
}

function total({ tensors }: TensorSet): number {
  return sum(tensors);
}

function totalBits({ tensors }: TensorSet): number {
  return tensors.reduce((bits, { elements, dtype }) => bits + elements * bitsPerElement(dtype), 0);
}

function sum(tensors: readonly { readonly elements: number }[]): number {
  return tensors.reduce((count, { elements }) => count + elements, 0);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

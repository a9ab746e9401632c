import type { Relation } from "../relation.ts";
import type { TensorVerdict } from "./verdict.ts";

// What cannot be so if the relation is true. A version may be anything, and `unknown` contradicts nothing.
const CONTRADICTING: Readonly<Record<Relation, readonly TensorVerdict[]>> = {
  base: [],
  version: [],
  "fine-tune": ["identical", "adapter", "quantized", "unrelated"],
  adapter: ["identical", "fine-tune", "quantized", "converted", "unrelated"],
  quantized: ["identical", "fine-tune", "adapter", "unrelated"],
  merge: ["identical", "adapter", "quantized", "unrelated"],
  distilled: ["identical", "quantized", "converted"],
  converted: ["fine-tune", "adapter", "quantized", "unrelated"],
};

const MEASURED: Readonly<Record<TensorVerdict, string>> = {
  identical: "every tensor is the parent's",
  "fine-tune": "names, shapes and number formats are the parent's and the values are others",
  adapter: "its tensors stand beside the parent's and do not replace them",
  quantized: "the parent's tensors stand in it with a quantised type",
  converted: "the parent's tensors stand in it in another number format",
  unknown: "it shares some tensors with the parent",
  unrelated: "it has next to nothing in common with the parent",
};

/**
 * Says how what was measured contradicts the relation that is claimed.
 *
 * @returns a sentence; undefined when it does not, or when measuring cannot tell
 * @example
 * contradictsRelation("identical", "fine-tune"); // "The relation claimed is fine-tune, but …"
 */
export function contradictsRelation(verdict: TensorVerdict, relation: Relation): string | undefined {
  if (!CONTRADICTING[relation].includes(verdict)) return undefined;
  return `The relation claimed is ${relation}, but the tensors look ${LOOKS[verdict]}: ${MEASURED[verdict]}.`;
}

const LOOKS: Readonly<Record<TensorVerdict, string>> = {
  identical: "identical",
  "fine-tune": "like those of a fine-tune",
  adapter: "like those of an adapter",
  quantized: "quantized",
  converted: "converted",
  unknown: "related in part",
  unrelated: "unrelated",
};

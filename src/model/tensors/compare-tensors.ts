import type { TensorSet } from "./digest-tensors.ts";
import type { TensorClasses, TensorPair, TensorShare } from "./tensor-classes.ts";
import type { DigestedTensor } from "./tensor-pieces.ts";
import { type TensorVerdict, judge } from "./verdict.ts";

/** What a comparison of two models' tensors shows. */
export interface TensorComparison extends TensorClasses {
  readonly shares: Readonly<Record<keyof TensorClasses, TensorShare>>;
  readonly verdict: TensorVerdict;
  /** Why, in a sentence. */
  readonly reason: string;
}

/**
 * Compares the tensors of a model with those of the model it may come from, by name and digest.
 *
 * @example
 * const { verdict, shares } = compareTensors(await readModelTensors("./tuned"), await readModelTensors("./base"));
 */
export function compareTensors(child: TensorSet, parent: TensorSet): TensorComparison {
  const classes = classify(child, parent);
  const ofChild = countAll(child.tensors);
  const shares = {
    identical: toShare(classes.identical.map(toChild), ofChild),
    changed: toShare(classes.changed.map(toChild), ofChild),
    renamed: toShare(classes.renamed.map(toChild), ofChild),
    added: toShare(classes.added, ofChild),
    removed: toShare(classes.removed, countAll(parent.tensors)),
  };
  return { ...classes, shares, ...judge({ child, parent, classes, shares }) };
}

function classify(child: TensorSet, parent: TensorSet): TensorClasses {
  const inParent = new Map(parent.tensors.map((tensor) => [tensor.name, tensor]));
  const inChild = new Set(child.tensors.map(({ name }) => name));
  const identical: TensorPair[] = [];
  const changed: TensorPair[] = [];
  const unmatched: DigestedTensor[] = [];
  for (const tensor of child.tensors) {
    const counterpart = inParent.get(tensor.name);
    if (counterpart === undefined) unmatched.push(tensor);
    else (counterpart.digest === tensor.digest ? identical : changed).push({ child: tensor, parent: counterpart });
  }
  const left = parent.tensors.filter(({ name }) => !inChild.has(name));
  return { identical, changed, ...matchByDigest(unmatched, left) };
}

/** Pairs tensors of equal digest, each once: in name order, so that the result depends on neither files nor order. */
function matchByDigest(unmatched: readonly DigestedTensor[], left: readonly DigestedTensor[]) {
  const byDigest = Map.groupBy(left.toSorted(byNameDescending), ({ digest }) => digest);
  const renamed: TensorPair[] = [];
  const added: DigestedTensor[] = [];
  for (const child of unmatched.toSorted(byNameDescending).reverse()) {
    const parent = byDigest.get(child.digest)?.pop();
    if (parent === undefined) added.push(child);
    else renamed.push({ child, parent });
  }
  return { renamed, added, removed: [...byDigest.values()].flat() };
}

const byNameDescending = (a: DigestedTensor, b: DigestedTensor) => (a.name < b.name ? 1 : -1);
const toChild = ({ child }: TensorPair) => child;

function countAll(tensors: readonly DigestedTensor[]): number {
  return tensors.reduce((sum, { elements }) => sum + elements, 0);
}

function toShare(tensors: readonly DigestedTensor[], total: number): TensorShare {
  const parameters = countAll(tensors);
  return { tensors: tensors.length, parameters, share: total === 0 ? 0 : parameters / total };
}

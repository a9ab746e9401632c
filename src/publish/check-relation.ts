import type { Relation } from "../model/relation.ts";
import { compareTensors } from "../model/tensors/compare-tensors.ts";
import { contradictsRelation } from "../model/tensors/contradiction.ts";
import type { TensorSet } from "../model/tensors/digest-tensors.ts";

/**
 * Warns where the relation that is claimed to a parent on disk contradicts what its tensors show.
 *
 * @param parent - where it lies, and its tensors
 */
export function warnOfContradiction(
  child: TensorSet,
  parent: { readonly path: string; readonly tensors: TensorSet },
  relation: Relation,
  warn: (text: string) => void,
): void {
  const { verdict, reason } = compareTensors(child, parent.tensors);
  const contradiction = contradictsRelation(verdict, relation);
  if (contradiction !== undefined) warn(`${contradiction} (${parent.path}: ${reason})`);
}

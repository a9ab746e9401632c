import { ProvenanceError } from "../errors.ts";
import type { Relation } from "../relation.ts";
import { compareTensors } from "../tensors/compare-tensors.ts";
import { contradictsRelation } from "../tensors/contradiction.ts";
import type { TensorSet } from "../tensors/digest-tensors.ts";
import { readModelTensors } from "../tensors/read-model-tensors.ts";

/**
 * Warns where the relation that is claimed to a parent on disk contradicts what its tensors show. A parent whose
 * tensors cannot be compared is passed over: nothing can be measured, so nothing is said.
 *
 * @param parentPath - a file or a folder
 */
export async function warnOfContradiction(
  child: TensorSet,
  parentPath: string,
  relation: Relation,
  warn: (text: string) => void,
): Promise<void> {
  try {
    const { verdict, reason } = compareTensors(child, await readModelTensors(parentPath));
    const contradiction = contradictsRelation(verdict, relation);
    if (contradiction !== undefined) warn(`${contradiction} (${parentPath}: ${reason})`);
  } catch (error) {
    if (!(error instanceof ProvenanceError) || error.code !== "MODEL_HEADER_INVALID") throw error;
  }
}

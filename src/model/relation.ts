/** How a model came from its parents, in the order of the contract's `Relation`; the words are those of model cards where those have one. */
export const RELATIONS = [
  "base",
  "version",
  "fine-tune",
  "adapter",
  "quantized",
  "merge",
  "distilled",
  "converted",
] as const;

/** One of {@link RELATIONS}. */
export type Relation = (typeof RELATIONS)[number];

/** Reads a relation as people and model cards write it (`finetune`, `Fine-Tune`, `fine_tune`); undefined when it is none. */
export function parseRelation(text: string): Relation | undefined {
  const wanted = text.toLowerCase().replaceAll(/[-_ ]/g, "");
  return RELATIONS.find((relation) => relation.replaceAll("-", "") === wanted);
}

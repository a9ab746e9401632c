import type { Relation } from "../model/relation.ts";
import type { Provenance } from "./schema.ts";

/** The relation that was recorded: of the parents, else of the base models, else none. */
export function relationOf(provenance: Provenance): Relation {
  return provenance.parents?.[0]?.relation ?? provenance.baseModels?.[0]?.relation ?? "base";
}

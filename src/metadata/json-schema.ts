import { z } from "zod";
import { metadataSchema } from "./schema.ts";

/**
 * The JSON Schema (draft 2020-12) of the metadata, for validators in other languages. It is made from the one
 * schema there is, so it cannot disagree with it.
 */
export function metadataJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(metadataSchema);
}

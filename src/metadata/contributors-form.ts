import { parseYaml } from "../base/yaml-document.ts";
import { type Contributor, contributorsSchema } from "./schema.ts";

/**
 * Parses who had a part in a model, as people write it, YAML or JSON: a list of account or did, role and share.
 *
 * @param name - of the text, as messages begin
 * @throws {ProvenanceError} `CONFIG_INVALID` with the line of every fault
 */
export function parseContributors(bytes: Uint8Array, name: string): readonly Contributor[] {
  return parseYaml(bytes, contributorsSchema, name);
}

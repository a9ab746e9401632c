import { z } from "zod";
import { readYamlFile } from "../base/yaml-file.ts";
import { type Contributor, contributorsSchema } from "./schema.ts";

/**
 * Reads who had a part in a model from a file that people write, YAML or JSON: a list of account or did, role and share.
 *
 * @throws {ProvenanceError} `CONFIG_INVALID` with the line of every fault
 */
export async function readContributorsFile(path: string): Promise<readonly Contributor[]> {
  return (await readYamlFile(path, contributorsSchema, "contributors file")).value;
}

/** The JSON Schema (draft 2020-12) of a contributors file, for editors. */
export function contributorsJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(contributorsSchema, { io: "input" });
}

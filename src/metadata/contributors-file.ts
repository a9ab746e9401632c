import { z } from "zod";
import { readYamlFile } from "../base/yaml-document.ts";
import { type Contributor, contributorsSchema } from "./schema.ts";

const fileSchema = z.union([contributorsSchema, z.strictObject({ contributors: contributorsSchema })]);

/**
 * Reads who had a part in a model from a file that people write, YAML or JSON: a list of account or did, role and share, or
 * that list under `contributors`.
 *
 * @throws {ProvenanceError} `CONFIG_INVALID` with the line of every fault
 */
export async function readContributorsFile(path: string): Promise<readonly Contributor[]> {
  const { value } = await readYamlFile(path, fileSchema, "contributors file");
  return Array.isArray(value) ? value : value.contributors;
}

/** The JSON Schema (draft 2020-12) of a contributors file, for editors. */
export function contributorsJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(fileSchema, { io: "input" });
}

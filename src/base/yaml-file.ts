import type { z } from "zod";
import { readFileOrFault } from "./given-file.ts";
import { YAML_MAX_BYTES, invalidDocument, parseYaml } from "./yaml-document.ts";

/**
 * Reads a file that people write, YAML 1.2 or JSON, and checks its form.
 *
 * @param what - what the file is, for messages: "policy"
 * @throws {ProvenanceError} `CONFIG_INVALID` with the line of every fault
 */
export async function readYamlFile<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  what: string,
): Promise<{ value: z.infer<Schema>; bytes: Uint8Array }> {
  const name = `The ${what} ${path}`;
  const refuse = (fault: string, cause?: unknown) => invalidDocument(name, [`it ${fault}`], cause);
  const bytes = await readFileOrFault(path, YAML_MAX_BYTES, refuse);
  return { value: parseYaml(bytes, schema, name), bytes };
}

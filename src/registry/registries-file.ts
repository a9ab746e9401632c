import { readYamlFile } from "../base/yaml-file.ts";
import { type ConfiguredRegistry, type RegistriesFile, registriesSchema, toRegistries } from "./registries-form.ts";

export { type ConfiguredRegistry, type RegistriesFile, registriesJsonSchema } from "./registries-form.ts";

/**
 * Reads a registries file: the registries that a verifier trusts.
 *
 * @throws {ProvenanceError} `CONFIG_INVALID` with the line of every fault
 */
export async function readRegistriesFile(path: string): Promise<ConfiguredRegistry[]> {
  return [...(await readRegistriesAndPublishers(path)).registries];
}

/** As {@link readRegistriesFile}, with what the file calls accounts. */
export async function readRegistriesAndPublishers(path: string): Promise<RegistriesFile> {
  const { value } = await readYamlFile(path, registriesSchema, "registries file");
  return toRegistries(value);
}

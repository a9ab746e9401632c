import { toHex } from "../../base/hex.ts";
import { sha256 } from "../../base/bytes.ts";
import { readYamlFile } from "../../base/yaml-file.ts";
import { type PolicyFile, policySchema } from "./policy.ts";

/**
 * Reads a policy file, YAML 1.2 or JSON.
 *
 * @throws {ProvenanceError} `CONFIG_INVALID` with the line of every fault
 */
export async function readPolicyFile(path: string): Promise<PolicyFile> {
  const { value: policy, bytes } = await readYamlFile(path, policySchema, "policy");
  return { policy, digest: toHex(sha256(bytes)) };
}

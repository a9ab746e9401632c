import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ProvenanceError } from "../errors.ts";

const DEPLOYED_NAME = "ModelProvenanceNFT#ModelProvenanceNFT";

/**
 * Finds the address that Hardhat Ignition recorded for a chain.
 *
 * @param deploymentsFolder - `ignition/deployments`
 * @throws {ProvenanceError} `REGISTRY_NOT_CONFIGURED` if there is none
 */
export async function findDeployedAddress(deploymentsFolder: string, chainId: bigint): Promise<string> {
  const path = join(deploymentsFolder, `chain-${chainId}`, "deployed_addresses.json");
  const text = await readFile(path, "utf8").catch(() => "{}");
  const address = parseAddresses(text, path)[DEPLOYED_NAME];
  if (typeof address === "string") return address;
  throw new ProvenanceError(
    "REGISTRY_NOT_CONFIGURED",
    `No registry is known on chain ${chainId}: deploy one with scripts/deploy.ts, or set MODEL_PROVENANCE_ADDRESS.`,
  );
}

function parseAddresses(text: string, path: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw new ProvenanceError(
      "REGISTRY_NOT_CONFIGURED",
      `${path} is not JSON: it was damaged. Restore it, or set MODEL_PROVENANCE_ADDRESS.`,
      { cause },
    );
  }
}

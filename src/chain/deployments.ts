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

/** The block in which Ignition deployed the registry of a chain; undefined where its journal does not say. */
export async function findDeployedBlock(deploymentsFolder: string, chainId: bigint): Promise<number | undefined> {
  const path = join(deploymentsFolder, `chain-${chainId}`, "journal.jsonl");
  const lines = (await readFile(path, "utf8").catch(() => "")).split("\n");
  for (const line of lines) {
    if (!line.includes('"TRANSACTION_CONFIRM"') || !line.includes(`"${DEPLOYED_NAME}"`)) continue;
    const block = Number(/"blockNumber":(\d+)/.exec(line)?.[1]);
    if (Number.isSafeInteger(block)) return block;
  }
  return undefined;
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

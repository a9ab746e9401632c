import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ProvenanceError } from "../base/errors.ts";

const REGISTRY_NAME = "ModelProvenanceNFT#ModelProvenanceNFT";
const FACTORY_NAME = "RoyaltySplitterFactory#RoyaltySplitterFactory";

/**
 * Finds the address that Hardhat Ignition recorded for a chain.
 *
 * @param deploymentsFolder - `ignition/deployments`
 * @throws {ProvenanceError} `REGISTRY_NOT_CONFIGURED` if there is none
 */
export async function findDeployedAddress(deploymentsFolder: string, chainId: bigint): Promise<string> {
  const address = await findDeployed(deploymentsFolder, chainId, REGISTRY_NAME);
  if (address !== undefined) return address;
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
    if (!line.includes('"TRANSACTION_CONFIRM"') || !line.includes(`"${REGISTRY_NAME}"`)) continue;
    const block = Number(/"blockNumber":(\d+)/.exec(line)?.[1]);
    if (Number.isSafeInteger(block)) return block;
  }
  return undefined;
}

/**
 * Finds the factory of royalty splitters that Hardhat Ignition recorded for a chain.
 *
 * @throws {ProvenanceError} `OPTION_MISSING` if there is none, `REGISTRY_NOT_CONFIGURED` for a damaged file
 */
export async function findDeployedFactory(deploymentsFolder: string, chainId: bigint): Promise<string> {
  const address = await findDeployed(deploymentsFolder, chainId, FACTORY_NAME);
  if (address !== undefined) return address;
  throw new ProvenanceError(
    "OPTION_MISSING",
    `No factory of royalty splitters is known on chain ${chainId}: deploy ignition/modules/RoyaltySplitterFactory.ts, or ` +
      "set SPLITTER_FACTORY.",
  );
}

/**
 * The address of what Ignition recorded under a name.
 *
 * @param name - module and contract, for example `ModelRenderer#ModelRenderer`
 * @throws {ProvenanceError} `REGISTRY_NOT_CONFIGURED` for a damaged file
 */
export async function findDeployed(folder: string, chainId: bigint, name: string): Promise<string | undefined> {
  const path = join(folder, `chain-${chainId}`, "deployed_addresses.json");
  const text = await readFile(path, "utf8").catch(() => "{}");
  const address = parseAddresses(text, path)[name];
  return typeof address === "string" ? address : undefined;
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

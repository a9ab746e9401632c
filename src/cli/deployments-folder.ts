import { access, realpath } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Variables } from "./settings.ts";

// Where Ignition keeps addresses, below the working folder.
const OWN_DEPLOYMENTS = "ignition/deployments";

// Those of public networks travel with the package; from the sources as from dist/.
const PACKAGED = ["../../ignition/deployments", "../../../ignition/deployments"];

/** Tells whether deployments came with the package, and not with the working folder. */
export async function isPackaged(folder: string): Promise<boolean> {
  const real = await realpath(folder).catch(() => undefined);
  const packaged = await Promise.all(packagedFolders().map(async (path) => realpath(path).catch(() => undefined)));
  return real !== undefined && packaged.includes(real);
}

function packagedFolders(): string[] {
  return PACKAGED.map((path) => fileURLToPath(new URL(path, import.meta.url)));
}

/**
 * The folder of deployments that knows a chain: that of the working folder, else what came with the package.
 *
 * @param variables - `IGNITION_PATH` names another folder of Ignition's than that of the working folder, as for Hardhat
 */
export async function findDeploymentsFolder(chainId: bigint, variables: Variables): Promise<string> {
  const ignition = variables["IGNITION_PATH"]?.trim();
  const own = ignition ? join(ignition, "deployments") : OWN_DEPLOYMENTS;
  for (const folder of [own, ...packagedFolders()]) {
    const path = join(folder, `chain-${chainId}`, "deployed_addresses.json");
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return folder;
  }
  return own;
}

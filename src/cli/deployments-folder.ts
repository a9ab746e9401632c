import { access } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where Ignition keeps addresses, below the working folder. */
export const OWN_DEPLOYMENTS = "ignition/deployments";

// Those of public networks travel with the package; from the sources as from dist/.
const PACKAGED = ["../../ignition/deployments", "../../../ignition/deployments"];

/** The folder of deployments that knows a chain: that of the working folder, else what came with the package. */
export async function findDeploymentsFolder(chainId: bigint): Promise<string> {
  const packaged = PACKAGED.map((path) => fileURLToPath(new URL(path, import.meta.url)));
  for (const folder of [OWN_DEPLOYMENTS, ...packaged]) {
    const path = join(folder, `chain-${chainId}`, "deployed_addresses.json");
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return folder;
  }
  return OWN_DEPLOYMENTS;
}

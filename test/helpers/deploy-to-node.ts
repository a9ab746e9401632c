import { ModelProvenanceNFT__factory } from "../../typechain-types/factories/contracts/registry/ModelProvenanceNFT__factory.ts";
import { nodeAt } from "./node-at.ts";

/** Deploys a registry on a node in which its first account has every role. Returns the address. */
export async function deployToNode(url: string): Promise<string> {
  const provider = nodeAt(url);
  try {
    const signer = await provider.getSigner(0);
    const { address } = signer;
    const factory = new ModelProvenanceNFT__factory(signer);
    const registry = await factory.deploy("Model Provenance", "MODEL", address, address, address, address, 500n);
    await registry.waitForDeployment();
    return await registry.getAddress();
  } finally {
    provider.destroy();
  }
}

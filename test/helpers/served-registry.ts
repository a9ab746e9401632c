import { openRegistry } from "../../src/registry/registry.ts";
import { ModelProvenanceNFT__factory } from "../../typechain-types/factories/contracts/registry/ModelProvenanceNFT__factory.ts";
import { startChain } from "./json-rpc-server.ts";
import { MemoryStore } from "./memory-store.ts";
import { nodeAt } from "./node-at.ts";

/** A registry on a development chain that other processes reach by its URL. Close it in `after`. */
export async function serveRegistry(chainId = 1337) {
  const chain = await startChain(chainId);
  const provider = nodeAt(chain.url, chainId);
  const minter = await provider.getSigner(0);
  const factory = new ModelProvenanceNFT__factory(minter);
  const contract = await factory.deploy("Model Provenance", "MODEL", minter, minter, minter, minter, 0);
  await contract.waitForDeployment();
  const registry = await openRegistry(provider, await contract.getAddress(), minter);
  return {
    url: chain.url,
    registry,
    minter,
    store: new MemoryStore(),
    close: async () => {
      provider.destroy();
      await chain.close();
    },
  };
}

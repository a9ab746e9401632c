import { createConfig } from "ponder";
import { REGISTRY_ABI } from "./lib/abi.ts";
import { readChains } from "./lib/chains.ts";

const chains = readChains(process.env);

/** What the server found in the registries file: see lib/chains.ts. */
export default createConfig({
  // Blocks of several chains are taken as they come: no table here joins two chains, and a slow one holds up no other.
  ordering: "multichain",
  // PGlite, unless DATABASE_URL names a PostgreSQL.
  ...(process.env.INDEXER_DATA && { database: { kind: "pglite", directory: process.env.INDEXER_DATA } as const }),
  chains: Object.fromEntries(
    chains.map(({ chainId, rpcUrl, isLocal, pollingInterval }) => [
      nameOf(chainId),
      // What a development chain answered is worth nothing once it was started again.
      { id: chainId, rpc: rpcUrl, disableCache: isLocal, pollingInterval },
    ]),
  ),
  contracts: {
    Registry: {
      abi: REGISTRY_ABI,
      chain: Object.fromEntries(
        chains.map(({ chainId, registries, startBlock }) => [
          nameOf(chainId),
          { address: registries.map((address) => address.toLowerCase() as `0x${string}`), startBlock },
        ]),
      ),
    },
  },
});

function nameOf(chainId: number): string {
  return `eip155:${chainId}`;
}

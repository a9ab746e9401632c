import { setTimeout as pause } from "node:timers/promises";
import { createConfig } from "ponder";
import { type Transport, http } from "viem";
import { MARKET_ABI, REGISTRY_ABI } from "./lib/abi.ts";
import { chainsWithMarkets, readChains } from "./lib/chains.ts";
import { steady } from "./lib/steady-node.ts";

const NODE_TIMEOUT = 10_000;
// The events of some thousand blocks of a busy registry: viem alone would refuse what is larger than 10 MiB.
const MAX_ANSWER = 256 * 1024 * 1024;
const chains = readChains(process.env);
const markets = chainsWithMarkets(process.env);
const registry = {
  abi: REGISTRY_ABI,
  chain: Object.fromEntries(
    chains.map(({ chainId, registries, startBlock }) => [nameOf(chainId), { address: hexes(registries), startBlock }]),
  ),
};
const market = {
  abi: MARKET_ABI,
  chain: Object.fromEntries(
    markets.map(({ chainId, markets: addresses, startBlock }) => {
      return [nameOf(chainId), { address: hexes(addresses), startBlock }];
    }),
  ),
};

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
      { id: chainId, rpc: steadyNode(rpcUrl), disableCache: isLocal, pollingInterval },
    ]),
  ),
  // Without a market there is no such contract; that its handlers are left out as well the types do not know.
  contracts: (markets.length > 0 ? { Registry: registry, Market: market } : { Registry: registry }) as {
    Registry: typeof registry;
    Market: typeof market;
  },
});

/** A node, asked so that Ponder stays in step with it. The server hears where it did not, and starts it again. */
function steadyNode(url: string): Transport {
  const open = http(url, { retryCount: 0, timeout: NODE_TIMEOUT, maxResponseBodySize: MAX_ANSWER });
  return (parameters) => {
    const node = open(parameters);
    const ask = steady(async (question) => node.request(question), {
      pause,
      onLost: (text) => void process.send?.(text),
    });
    return { ...node, request: ask as typeof node.request };
  };
}

function nameOf(chainId: number): string {
  return `eip155:${chainId}`;
}

function hexes(addresses: readonly string[]): `0x${string}`[] {
  return addresses.map((address) => address.toLowerCase() as `0x${string}`);
}

/** A chain that can be named instead of numbered. */
export interface KnownChain {
  readonly name: string;
  readonly chainId: bigint;
  /** The environment variable with the URL of a node, unless another is named. */
  readonly rpcUrlVariable: string;
}

/** The chains that Hardhat's configuration names, under the same names and with the same variables. Registries are never assumed. */
export const KNOWN_CHAINS: readonly KnownChain[] = [
  { name: "mainnet", chainId: 1n, rpcUrlVariable: "MAINNET_RPC_URL" },
  { name: "optimism", chainId: 10n, rpcUrlVariable: "OPTIMISM_RPC_URL" },
  { name: "polygon", chainId: 137n, rpcUrlVariable: "POLYGON_RPC_URL" },
  { name: "base", chainId: 8453n, rpcUrlVariable: "BASE_RPC_URL" },
  { name: "arbitrum", chainId: 42161n, rpcUrlVariable: "ARBITRUM_RPC_URL" },
  { name: "sepolia", chainId: 11155111n, rpcUrlVariable: "SEPOLIA_RPC_URL" },
  { name: "polygonAmoy", chainId: 80002n, rpcUrlVariable: "POLYGON_AMOY_RPC_URL" },
  { name: "baseSepolia", chainId: 84532n, rpcUrlVariable: "BASE_SEPOLIA_RPC_URL" },
  { name: "arbitrumSepolia", chainId: 421614n, rpcUrlVariable: "ARBITRUM_SEPOLIA_RPC_URL" },
  { name: "optimismSepolia", chainId: 11155420n, rpcUrlVariable: "OPTIMISM_SEPOLIA_RPC_URL" },
  { name: "localhost", chainId: 31337n, rpcUrlVariable: "LOCALHOST_RPC_URL" },
];

/** Finds a chain by its name (`polygon-amoy` and `polygonAmoy` alike) or its number. */
export function findKnownChain(chain: string | bigint): KnownChain | undefined {
  if (typeof chain === "bigint") return KNOWN_CHAINS.find(({ chainId }) => chainId === chain);
  const plain = (name: string) => name.toLowerCase().replaceAll(/[-_ ]/g, "");
  return KNOWN_CHAINS.find(({ name }) => plain(name) === plain(chain));
}

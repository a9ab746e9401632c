/** A network that is known by its name. */
export interface Network {
  /** As `--network` takes it. */
  readonly name: string;
  readonly title: string;
  /** Absent where any chain may answer: then the node says which it is of. */
  readonly chainId?: bigint;
  /** What its variables begin with: `<prefix>_RPC_URL`, `<prefix>_PRIVATE_KEY`. */
  readonly prefix: string;
  readonly chainType: "l1" | "op" | "generic";
  /** Where its blocks can be looked at. */
  readonly explorer?: string;
  /** Where coins of a test network are given away. */
  readonly faucet?: string;
  /** The URL of its node unless another is set. */
  readonly rpcUrl?: string;
  /** A node that anybody may ask, from the chain's own documentation: wallets that do not know the chain are offered it. */
  readonly publicRpcUrl?: string;
}

/** The networks that are known by name: the command line and Hardhat take them from here. Explorers and faucets as of 2026-11. */
export const NETWORKS = [
  {
    name: "localhost",
    title: "a node on this machine",
    prefix: "LOCALHOST",
    chainType: "l1",
    rpcUrl: "http://127.0.0.1:8545",
  },
  {
    name: "sepolia",
    title: "Ethereum Sepolia",
    chainId: 11155111n,
    prefix: "SEPOLIA",
    chainType: "l1",
    explorer: "https://sepolia.etherscan.io",
    faucet: "https://sepolia-faucet.pk910.de",
  },
  {
    name: "polygonAmoy",
    title: "Polygon Amoy",
    chainId: 80002n,
    prefix: "POLYGON_AMOY",
    chainType: "generic",
    explorer: "https://amoy.polygonscan.com",
    publicRpcUrl: "https://rpc-amoy.polygon.technology",
    faucet: "https://faucet.polygon.technology",
  },
  {
    name: "arbitrumSepolia",
    title: "Arbitrum Sepolia",
    chainId: 421614n,
    prefix: "ARBITRUM_SEPOLIA",
    chainType: "generic",
    explorer: "https://sepolia.arbiscan.io",
    publicRpcUrl: "https://sepolia-rollup.arbitrum.io/rpc",
    faucet: "https://docs.arbitrum.io/for-devs/dev-tools-and-resources/chain-info#faucets",
  },
  {
    name: "baseSepolia",
    title: "Base Sepolia",
    chainId: 84532n,
    prefix: "BASE_SEPOLIA",
    chainType: "op",
    explorer: "https://sepolia.basescan.org",
    publicRpcUrl: "https://sepolia.base.org",
    faucet: "https://docs.base.org/tools/network-faucets",
  },
  {
    name: "optimismSepolia",
    title: "OP Sepolia",
    chainId: 11155420n,
    prefix: "OPTIMISM_SEPOLIA",
    chainType: "op",
    explorer: "https://sepolia-optimism.etherscan.io",
    publicRpcUrl: "https://sepolia.optimism.io",
    faucet: "https://console.optimism.io/faucet",
  },
  {
    name: "mainnet",
    title: "Ethereum",
    chainId: 1n,
    prefix: "MAINNET",
    chainType: "l1",
    explorer: "https://etherscan.io",
  },
  {
    name: "polygon",
    title: "Polygon",
    chainId: 137n,
    prefix: "POLYGON",
    chainType: "generic",
    explorer: "https://polygonscan.com",
    publicRpcUrl: "https://polygon-rpc.com",
  },
  {
    name: "base",
    title: "Base",
    chainId: 8453n,
    prefix: "BASE",
    chainType: "op",
    explorer: "https://basescan.org",
    publicRpcUrl: "https://mainnet.base.org",
  },
  {
    name: "arbitrum",
    title: "Arbitrum One",
    chainId: 42161n,
    prefix: "ARBITRUM",
    chainType: "generic",
    explorer: "https://arbiscan.io",
    publicRpcUrl: "https://arb1.arbitrum.io/rpc",
  },
  {
    name: "optimism",
    title: "OP Mainnet",
    chainId: 10n,
    prefix: "OPTIMISM",
    chainType: "op",
    explorer: "https://optimistic.etherscan.io",
    publicRpcUrl: "https://mainnet.optimism.io",
  },
] as const satisfies readonly Network[];

/** The network of a chain, by its id or its name (`polygon-amoy` and `polygonAmoy` alike); undefined where none is known. */
export function findNetwork(chain: bigint | string): Network | undefined {
  if (typeof chain === "bigint") return NETWORKS.find(({ chainId }: Network) => chainId === chain);
  const plain = (name: string) => name.toLowerCase().replaceAll(/[-_ ]/g, "");
  return NETWORKS.find(({ name }) => plain(name) === plain(chain));
}

/** Pages of a chain's explorer; undefined where none is known. */
export const explorerLinks = {
  transaction: (chainId: bigint, hash: string) => linkTo(chainId, `tx/${hash}`),
  account: (chainId: bigint, address: string) => linkTo(chainId, `address/${address}`),
  token: (chainId: bigint, registry: string, tokenId: bigint) => linkTo(chainId, `nft/${registry}/${tokenId}`),
} as const;

function linkTo(chainId: bigint, page: string): string | undefined {
  const explorer = findNetwork(chainId)?.explorer;
  return explorer === undefined ? undefined : `${explorer}/${page}`;
}

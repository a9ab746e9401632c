import { NETWORKS } from "../../registry/networks.ts";
import { parseEther } from "../../base/values.ts";
import { choice, everyday, invalid, option, readAddress, readUrl, text, toggle } from "../../base/option.ts";

/** Which chain, which registry, which account, and what may be spent. */
export const CHAIN_OPTIONS = {
  chainId: option("chain-id", "CHAIN_ID", "the chain that the node must be of", readChainId),
  rpcUrl: everyday(option("rpc-url", "RPC_URL", "a JSON-RPC node of the chain", readUrl), "https://node.example"),
  network: everyday(
    choice(
      "network",
      "MODEL_NETWORK",
      "a network by its name, with its chain id, <NAME>_RPC_URL and the registry that Ignition recorded",
      NETWORKS.map(({ name }) => name),
    ),
    "sepolia",
  ),
  registryAddress: everyday(
    text("contract", "MODEL_PROVENANCE_ADDRESS", "the registry; else the one that Ignition recorded for the chain"),
    "0x5FbDB2315678afecb367f032d93F642f64180aa3",
  ),
  registriesFile: everyday(
    text("registries", "MODEL_REGISTRIES", "YAML file of the registries to trust, on any chains"),
    "registries.yaml",
  ),
  indexerUrl: option(
    "indexer",
    "MODEL_INDEXER",
    "an indexer that says where to look (npm run indexer); never believed; none: not the one of the registries file",
    readIndexer,
  ),
  mintTo: option("to", "MINT_TO", "owner of the token; else the creator", readAddress),
  mintFrom: option("from", "MINT_FROM", "the account that signs, where the network offers several", readAddress),
  maxCost: option("max-cost", "MAX_COST", "refuse to spend more than this, in ether", readEther),
  dryRun: everyday(toggle("dry-run", "DRY_RUN", "do all but pin, send and remove")),
  yes: everyday(toggle("yes", "YES", "do not ask before sending")),
  deployParameters: text(
    "parameters",
    "DEPLOY_PARAMETERS",
    "Ignition parameters; else ignition/parameters/<network>.json",
  ),
  deployRenderer: toggle("deploy-renderer", "DEPLOY_RENDERER", "deploy what draws the models of the registry, too"),
  deploySplitterFactory: toggle(
    "deploy-splitter-factory",
    "DEPLOY_SPLITTER_FACTORY",
    "deploy the factory of royalty splitters, too",
  ),
  deployMarket: toggle("deploy-market", "DEPLOY_MARKET", "deploy the market of licences, too"),
  verifySource: toggle("verify", "VERIFY_SOURCE", "verify the source on the explorers after deploying"),
} as const;

function readChainId(value: string, name: string): bigint {
  return /^[1-9]\d{0,30}$/.test(value) ? BigInt(value) : invalid(name, value, "a chain id, for example 11155111");
}

function readIndexer(value: string, name: string): string {
  return value === "none" ? value : readUrl(value, name);
}

function readEther(value: string, name: string): bigint {
  return parseEther(value) ?? invalid(name, value, "an amount of ether, for example 0.01");
}

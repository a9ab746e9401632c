import { ProvenanceError } from "../base/errors.ts";
import { findDeployedAddress } from "../registry/deployments.ts";
import { DEVELOPMENT_CHAIN_IDS } from "../registry/development-chain.ts";
import { NETWORKS, type Network } from "../registry/networks.ts";
import { readArguments, type VerbShape } from "./arguments.ts";
import { findDeploymentsFolder } from "./deployments-folder.ts";
import { type Options, nameAsGiven, sourcesOf, withOrigin } from "./options.ts";
import { type Settings, type Variables, liesWithin, onlyEnvironment, readSettings } from "./settings.ts";

// Options that may name a model by its path.
const MODELS = ["modelPath", "tokenId", "childPath", "parentPath", "childToken"] as const;

/**
 * Reads what a verb is told: the command line wins over the environment, that over `.env` of the working folder, and what
 * is known of a named network stands for what none of them says. A `.env` that lies in the model does not count.
 *
 * @throws {ProvenanceError} `OPTION_INVALID`, also where two things of the same rank contradict each other
 */
export async function readOptions(
  verb: VerbShape,
  args: readonly string[],
  environment: Variables,
  folder: string,
): Promise<Options> {
  let settings = await readSettings(environment, folder);
  let options = readArguments(verb, args, settings);
  if (settings.file !== undefined && (await isInModel(settings.file, options))) {
    settings = onlyEnvironment(environment);
    options = readArguments(verb, args, settings);
  }
  return applyNetwork(options, settings);
}

async function isInModel(file: string, options: Options): Promise<boolean> {
  const paths = MODELS.flatMap((name) => options[name] ?? []);
  const within = await Promise.all(paths.map(async (path) => liesWithin(file, path)));
  return within.includes(true);
}

/** Puts in what is known of the network that is named. What was typed beside it wins; what is set in the same way must agree. */
async function applyNetwork(options: Options, settings: Settings): Promise<Options> {
  const network: Network | undefined = NETWORKS.find(({ name }) => name === options.network);
  if (network === undefined) return options;
  const sources = sourcesOf(options);
  const isTyped = sources.network === "flag";
  const outranks = (name: "rpcUrl" | "chainId" | "registryAddress") => isTyped && sources[name] !== "flag";
  const { chainId } = network;
  if (chainId !== undefined && (options.chainId ?? chainId) !== chainId && !outranks("chainId")) {
    const named = `${nameAsGiven("network", sources.network)} ${network.name}`;
    const text = `${named} is chain ${chainId}, and ${nameAsGiven("chainId", sources.chainId)} says ${options.chainId}.`;
    throw new ProvenanceError("OPTION_INVALID", text);
  }
  const variable = `${network.prefix}_RPC_URL`;
  const own = settings.variables[variable]?.trim() || network.rpcUrl;
  const rpcUrl = options.rpcUrl === undefined || (outranks("rpcUrl") && own) ? own : options.rpcUrl;
  if (rpcUrl === undefined) {
    const text = `${variable} is not set: it takes the URL of a node of ${network.title}, https://…`;
    throw new ProvenanceError("OPTION_MISSING", text);
  }
  const { registryAddress, chainId: said, ...others } = options;
  const chain = chainId ?? (outranks("chainId") ? undefined : said);
  const keeps =
    registryAddress !== undefined && !(outranks("registryAddress") && (await isDeployed(network, settings.variables)));
  return withOrigin(
    { ...others, ...(keeps && { registryAddress }), ...(chain !== undefined && { chainId: chain }), rpcUrl },
    {
      ...sources,
      ...(chainId !== undefined && { chainId: "network" }),
      ...(rpcUrl !== options.rpcUrl && { rpcUrl: isOfFile(variable, settings) ? ".env" : "network" }),
    },
    settings,
  );
}

/** Tells whether a variable is set by `.env`, whoever may have that. */
function isOfFile(variable: string, { variables, sourceOf }: Settings): boolean {
  return Boolean(variables[variable]?.trim()) && sourceOf(variable) === ".env";
}

/** Tells whether Ignition recorded a registry for a network. */
async function isDeployed({ chainId }: Network, variables: Variables): Promise<boolean> {
  const chains = chainId === undefined ? [...DEVELOPMENT_CHAIN_IDS] : [chainId];
  const found = chains.map(async (chain) =>
    findDeployedAddress(await findDeploymentsFolder(chain, variables), chain).catch(() => undefined),
  );
  return (await Promise.all(found)).some((address) => address !== undefined);
}

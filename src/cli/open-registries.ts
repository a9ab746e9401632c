import type { ConfiguredRegistry } from "../registry/registries-file.ts";
import { type Registry, openRegistry } from "../registry/registry.ts";
import { ProvenanceError } from "../base/errors.ts";
import { type ChainConnection, connectRegistry } from "./chain-connection.ts";
import { connectJsonRpc } from "./json-rpc-connection.ts";
import { type OptionValues, settingsOf } from "./options.ts";
import type { Variables } from "./settings.ts";

/** The registries that a verifier trusts, as far as they could be reached. */
export interface OpenedRegistries {
  /** At least one. */
  readonly registries: readonly Registry[];
  /** Why each of the others could not be asked. */
  readonly unreachable: readonly string[];
}

type RegistryOptions = OptionValues<"registryAddress" | "registriesFile" | "chainId" | "rpcUrl">;

/**
 * Opens the registries to ask: the one that is named, else those of the registries file, else the one that Ignition
 * recorded for the connection's chain.
 *
 * @param connect - makes the connection; not called where a registries file is used
 * @throws {ProvenanceError} `CONFIG_INVALID`, `OPTION_MISSING` for a chain without a URL, `CHAIN_MISMATCH`,
 *   `REGISTRY_NOT_FOUND`, `REGISTRY_NOT_CONFIGURED`; `CHAIN_UNREACHABLE` where none can be asked
 */
export async function openRegistries(
  options: RegistryOptions,
  connect: () => Promise<ChainConnection>,
  environment: Variables = settingsOf(options).variables,
): Promise<OpenedRegistries> {
  if (options.registryAddress !== undefined || options.registriesFile === undefined) {
    return { registries: [await connectRegistry(await connect(), options)], unreachable: [] };
  }
  const { readRegistriesFile } = await import("../registry/registries-file.ts");
  const listed = await readRegistriesFile(options.registriesFile);
  const wanted = listed.filter(({ chainId }) => options.chainId === undefined || options.chainId === chainId);
  if (wanted.length === 0) {
    const text = `${options.registriesFile} names no registry on chain ${options.chainId}. Correct CHAIN_ID, or leave it out.`;
    throw new ProvenanceError("REGISTRY_NOT_CONFIGURED", text);
  }
  const attempts = await Promise.all(wanted.map(async (entry) => attempt(entry, options, environment)));
  const registries = attempts.flatMap((result) => (result instanceof ProvenanceError ? [] : [result]));
  const failures = attempts.flatMap((result) => (result instanceof ProvenanceError ? [result] : []));
  if (registries.length === 0) throw failures[0] as ProvenanceError;
  return { registries, unreachable: failures.map(({ message }) => message) };
}

async function attempt(
  entry: ConfiguredRegistry,
  options: RegistryOptions,
  environment: Variables,
): Promise<Registry | ProvenanceError> {
  try {
    return await open(entry, options, environment);
  } catch (error) {
    if (!(error instanceof ProvenanceError) || error.code !== "CHAIN_UNREACHABLE") throw error;
    return new ProvenanceError(error.code, `The registry ${entry.address} (${entry.name}): ${error.message}`);
  }
}

async function open(entry: ConfiguredRegistry, options: RegistryOptions, environment: Variables) {
  const { name, chainId, address, startBlock, codeHash } = entry;
  const connection = await connectJsonRpc({ rpcUrl: findUrl(entry, options, environment), chainId });
  const knowledge = { name, ...(startBlock !== undefined && { startBlock }), ...(codeHash && { codeHash }) };
  return openRegistry(connection.provider, address, undefined, knowledge);
}

/** RPC_URL serves for the chain that CHAIN_ID names, where the file gives no URL. */
function findUrl({ name, chainId, rpc }: ConfiguredRegistry, options: RegistryOptions, environment: Variables) {
  if ("url" in rpc) return rpc.url;
  const url = environment[rpc.variable]?.trim() || (options.chainId === chainId ? options.rpcUrl : undefined);
  if (url !== undefined && URL.canParse(url) && /^https?:/.test(url)) return url;
  const fault = url === undefined ? "is not set" : "does not hold a URL";
  const text = `${rpc.variable} ${fault}: it takes the URL of a JSON-RPC node of ${name} (chain ${chainId}), https://…`;
  throw new ProvenanceError("OPTION_MISSING", text);
}

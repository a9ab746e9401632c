import { access } from "node:fs/promises";
import { join } from "node:path";
import type { ConfiguredRegistry } from "../registry/registries-file.ts";
import type { AddressBook } from "../registry/publishers/publisher-sources.ts";
import { type Registry, openRegistry } from "../registry/registry.ts";
import { ProvenanceError } from "../base/errors.ts";
import { type ChainConnection, connectRegistry, describeNetwork } from "./chain-connection.ts";
import { connectJsonRpc } from "./json-rpc-connection.ts";
import { withIndexer } from "./open-indexer.ts";
import { type Options, settingsOf } from "./options.ts";
import type { Variables } from "./settings.ts";
import {
  type RegistryChoice,
  assertOwnVariable,
  chooseRegistries,
  sourceOfAddress,
  sourceOfDeployment,
} from "./trusted-registries.ts";

/** The registries that a verifier trusts, as far as they could be reached. */
export interface OpenedRegistries {
  /** At least one. */
  readonly registries: readonly Registry[];
  /** Why each of the others could not be asked. */
  readonly unreachable: readonly string[];
  /** What the file that lists them calls accounts. */
  readonly book?: AddressBook;
}

type RegistryOptions = Options;

/**
 * Opens the registries that a verifier trusts, by {@link chooseRegistries}: the one that is named, those of the registries
 * file, or the one that Ignition recorded for the connection's chain.
 *
 * @param connect - makes the connection; not called where a registries file is used
 * @param warn - told where an indexer cannot be used
 * @param gate - whether others rely on what is found, so that what lies in the working folder does not count
 * @throws {ProvenanceError} `CONFIG_INVALID`, `OPTION_INVALID` where two sources contradict each other, `OPTION_MISSING` for a chain without a URL, `CHAIN_MISMATCH`,
 *   `REGISTRY_NOT_FOUND`, `REGISTRY_NOT_CONFIGURED`; `CHAIN_UNREACHABLE` where none can be asked
 */
export async function openRegistries(
  options: RegistryOptions,
  connect: () => Promise<ChainConnection>,
  environment: Variables = settingsOf(options).variables,
  gate = false,
  warn: (text: string) => void = () => undefined,
): Promise<OpenedRegistries> {
  const choice = chooseRegistries(options);
  if ((choice !== "file" && choice !== "both") || options.registriesFile === undefined) {
    const registry = await openOne(await connect(), options, choice, gate);
    return { registries: [withIndexer(registry, options, warn)], unreachable: [] };
  }
  const { readRegistriesAndPublishers } = await import("../registry/registries-file.ts");
  const { registries: listed, publishers: book } = await readRegistriesAndPublishers(options.registriesFile);
  const wanted = narrow(listed, options, choice);
  const attempts = await Promise.all(
    wanted.map(async (entry) => {
      if ("variable" in entry.rpc) await assertOwnVariable(entry.rpc.variable, options, gate);
      const opened = await attempt(entry, options, environment);
      return opened instanceof ProvenanceError ? opened : withIndexer(opened, options, warn, entry.indexer);
    }),
  );
  const registries = attempts.flatMap((result) => (result instanceof ProvenanceError ? [] : [result]));
  const failures = attempts.flatMap((result) => (result instanceof ProvenanceError ? [result] : []));
  if (registries.length === 0) throw failures[0] as ProvenanceError;
  return { registries, unreachable: failures.map(({ message }) => message), book };
}

/** The one registry that is named, or that Ignition recorded; says where it is from where that must be said. */
async function openOne(
  connection: ChainConnection,
  options: RegistryOptions,
  choice: RegistryChoice,
  gate: boolean,
): Promise<Registry> {
  if (choice === "contract") return withSource(await connectRegistry(connection, options), sourceOfAddress(options));
  const folder = join(connection.deploymentsFolder, `chain-${connection.chainId}`);
  // What Ignition did not record is said better by who looks for it.
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  const source = isThere ? await sourceOfDeployment(connection.deploymentsFolder, options, gate) : undefined;
  return withSource(await connectRegistry(connection, {}), source);
}

function withSource(registry: Registry, source: string | undefined): Registry {
  return source === undefined ? registry : { ...registry, source };
}

/** Of those listed the ones on the chain that is named; with a contract that is named beside, that one. */
function narrow(
  listed: readonly ConfiguredRegistry[],
  { registriesFile, chainId, registryAddress }: RegistryOptions,
  choice: RegistryChoice,
): readonly ConfiguredRegistry[] {
  const onChain = listed.filter((entry) => chainId === undefined || chainId === entry.chainId);
  if (onChain.length === 0) {
    const text = `${registriesFile} names no registry on chain ${chainId}. Correct CHAIN_ID, or leave it out.`;
    throw new ProvenanceError("REGISTRY_NOT_CONFIGURED", text);
  }
  if (choice === "file") return onChain;
  const same = onChain.filter(({ address }) => address.toLowerCase() === registryAddress?.toLowerCase());
  if (same.length > 0) return same;
  const text = `MODEL_PROVENANCE_ADDRESS (--contract) names ${registryAddress}, which ${registriesFile} does not list. Give one of them.`;
  throw new ProvenanceError("OPTION_INVALID", text);
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
  const { name, chainId, address, startBlock, codeHash, market } = entry;
  const connection = await connectJsonRpc({ rpcUrl: findUrl(entry, options, environment), chainId });
  const knowledge = {
    name,
    ...(startBlock !== undefined && { startBlock }),
    ...(codeHash && { codeHash }),
    ...(market !== undefined && { market }),
  };
  return openRegistry(connection.provider, address, undefined, knowledge);
}

/** RPC_URL serves for the chain that CHAIN_ID names, where the file gives no URL. */
function findUrl({ name, chainId, rpc }: ConfiguredRegistry, options: RegistryOptions, environment: Variables) {
  if ("url" in rpc) return rpc.url;
  const url = environment[rpc.variable]?.trim() || (options.chainId === chainId ? options.rpcUrl : undefined);
  if (url !== undefined && URL.canParse(url) && /^https?:/.test(url)) return url;
  const fault = url === undefined ? "is not set" : "does not hold a URL";
  const text = `${rpc.variable} ${fault}: it takes the URL of a JSON-RPC node of ${describeNetwork({ networkName: name, chainId })}, https://…`;
  throw new ProvenanceError("OPTION_MISSING", text);
}

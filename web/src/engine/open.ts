import {
  type BlockSource,
  GatewayBlocks,
  type Hex,
  JsonRpcEndpoint,
  ProvenanceError,
  type Registry,
  connectEndpoint,
  openRegistry,
} from "model-provenance-nft/core";
import { fetchExchange } from "../adapters/fetch-exchange.ts";
import { type ConfiguredRegistry, accountOf, keyOf } from "../state/registry-setting.ts";

/** A registry that could not be asked, and why. */
export interface Unreachable {
  readonly setting: ConfiguredRegistry;
  readonly error: ProvenanceError;
}

/** What records and their metadata are read from. */
export interface Sources {
  readonly registries: readonly Registry[];
  readonly unreachable: readonly Unreachable[];
  readonly store: BlockSource;
}

const opened = new Map<string, Promise<Registry>>();

/**
 * Opens the registries that are named and a source for their content. What cannot be opened now is named, and tried anew the
 * next time.
 *
 * @param settings - the registries of the settings
 * @param gateways - `https://host`, those to ask first in front
 */
export async function openSources(
  settings: readonly ConfiguredRegistry[],
  gateways: readonly string[],
): Promise<Sources> {
  const found = await Promise.all(
    settings.map(async (setting) => openOnce(setting).catch((error: unknown) => ({ setting, error: asError(error) }))),
  );
  const unreachable = found.filter((one): one is Unreachable => "error" in one);
  return {
    registries: found.filter((one): one is Registry => !("error" in one)),
    unreachable,
    store: openStore(gateways),
  };
}

/**
 * Opens one registry, and makes sure that its node is of the chain that was named.
 *
 * @throws {ProvenanceError} as `openRegistry`; `OPTION_INVALID` where there is no node, or one of another chain
 */
export async function openNamed(setting: ConfiguredRegistry): Promise<Registry> {
  const { rpcUrl, chainId, address, name, startBlock, codeHash, market } = setting;
  if (rpcUrl === "") {
    throw new ProvenanceError(
      "OPTION_INVALID",
      `No node is named for ${accountOf(setting)}. Name one in the settings.`,
    );
  }
  const endpoint = new JsonRpcEndpoint(new URL(rpcUrl, self.location.href).href, fetchExchange, { attempts: 3 });
  const { provider, chainId: found } = await connectEndpoint(endpoint);
  if (String(found) !== chainId) {
    const text = `The node at ${endpoint.host} is of chain ${found}, not of ${chainId}. Correct it in the settings.`;
    throw new ProvenanceError("OPTION_INVALID", text);
  }
  return openRegistry(provider, address, undefined, {
    ...(name !== "" && { name }),
    ...(startBlock !== undefined && { startBlock }),
    ...(codeHash !== undefined && { codeHash: codeHash as Hex }),
    ...(market !== undefined && { market }),
  });
}

async function openOnce(setting: ConfiguredRegistry): Promise<Registry> {
  const key = `${keyOf(setting)} ${setting.rpcUrl} ${setting.market} ${setting.codeHash}`;
  const opening = opened.get(key) ?? openNamed(setting);
  opened.set(key, opening);
  return opening.catch((error: unknown) => {
    opened.delete(key);
    throw error;
  });
}

let kept: { readonly names: string; readonly store: BlockSource } | undefined;

/** One source for all screens, so that what it learned of its gateways stays known. */
export function openStore(gateways: readonly string[]): BlockSource {
  const names = gateways.join("\n");
  if (kept?.names !== names) kept = { names, store: new GatewayBlocks(gateways, () => fetchExchange) };
  return kept.store;
}

function asError(error: unknown): ProvenanceError {
  if (error instanceof ProvenanceError) return error;
  return new ProvenanceError("CHAIN_UNREACHABLE", (error as Error).message, { cause: error });
}

import { GatewaySource } from "../content/gateways/gateway-source.ts";
import { PUBLIC_GATEWAYS } from "../content/gateways/gateway-url.ts";
import { readThrough } from "../content/gateways/read-through.ts";
import type { BlockSource, ContentStore } from "../content/content-store.ts";
import { isLocalChain } from "./chain-connection.ts";
import type { OptionValues } from "./options.ts";
import type { READING_OPTIONS } from "./option-sets.ts";
import { STORE_GATEWAYS } from "./options/pinning.ts";
import type { Terminal } from "./terminal.ts";

type ReadingOptions = OptionValues<(typeof READING_OPTIONS)[number] | "keepFetched">;

const KEPT_BYTES = 64 * 1024 * 1024;

/**
 * Reads from a store first, and what it does not hold from gateways: those that were named, else public ones; on a
 * development chain only those that were named.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` for what is no address of a gateway
 */
export function openReading(
  options: ReadingOptions,
  chainId: bigint,
  store: ContentStore,
  { warn }: Pick<Terminal, "warn">,
): BlockSource {
  const addresses = listGateways(options, chainId);
  if (addresses.length === 0) return store;
  const keep = options.keepFetched ? { keep: { store, maxBytes: KEPT_BYTES } } : {};
  return readThrough(store, new GatewaySource(addresses, { warn }), { warn, ...keep });
}

/** Which gateways are asked, in which order. */
export function listGateways(options: ReadingOptions, chainId: bigint): readonly string[] {
  if (options.offline) return [];
  const named = options.gateways ?? (isLocalChain(chainId) ? [] : PUBLIC_GATEWAYS);
  const own = STORE_GATEWAYS.flatMap((name) => options[name] ?? []);
  return [...new Set([...own, ...named])];
}

import { type LookupAll, guardAddresses } from "../../base/http/address-guard.ts";
import { openExchange } from "../../base/http/node-exchange.ts";
import { GatewayBlocks, type GatewayBlocksOptions } from "./gateway-blocks.ts";

/** Options of {@link GatewaySource}. */
export interface GatewaySourceOptions extends GatewayBlocksOptions {
  /** How names are looked up; the system's way when left out. */
  readonly lookup?: LookupAll;
}

const MAX_SOCKETS = 32;

/** Gateways that are asked by Node's client: each over connections of its own, and none leads to a private address. */
export class GatewaySource extends GatewayBlocks {
  /**
   * @param addresses - `https://host`, those to ask first in front
   * @throws {ProvenanceError} `OPTION_INVALID` for what is no address of a gateway
   */
  constructor(addresses: readonly string[], options: GatewaySourceOptions = {}) {
    super(addresses, (url) => openExchange(guardAddresses(url, options.lookup), MAX_SOCKETS), options);
  }
}

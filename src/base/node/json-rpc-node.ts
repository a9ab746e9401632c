import { guardRedirects } from "../http/address-guard.ts";
import { openExchange } from "../http/node-exchange.ts";
import type { Send } from "../http/send.ts";
import { JsonRpcEndpoint, type JsonRpcOptions } from "./json-rpc-endpoint.ts";
import { type NodeProvider, connectEndpoint } from "./node-provider.ts";

/** Effects and limits of a {@link JsonRpcNode}. */
export interface JsonRpcNodeOptions extends JsonRpcOptions {
  readonly send?: Send;
}

/** A JSON-RPC node that is asked by Node's client: redirects lead to the same origin or nowhere. */
export class JsonRpcNode extends JsonRpcEndpoint {
  /** @param url - of the node; user and password in it become an `Authorization` header */
  constructor(url: string, options: JsonRpcNodeOptions = {}) {
    super(url, openExchange(guardRedirects(new URL(url)), undefined, options.send), options);
  }
}

/**
 * Connects to a node and asks which chain it is of.
 *
 * @param url - http(s)
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function connectNode(
  url: string,
  options: JsonRpcNodeOptions = {},
): Promise<{ provider: NodeProvider; chainId: bigint; node: JsonRpcNode }> {
  return connectEndpoint(new JsonRpcNode(url, options));
}

import { type JsonRpcError as EthersRpcError, JsonRpcProvider, type JsonRpcPayload, type JsonRpcResult } from "ethers";
import { ProvenanceError } from "../errors.ts";
import type { JsonRpcEndpoint } from "./json-rpc-endpoint.ts";
import type { JsonRpcAnswer, JsonRpcRequest } from "./json-rpc-answer.ts";
import { NodeFault, readJsonRpcError } from "./node-error.ts";

// What ethers is told: its own requests are never made, so that no error of its holds the node's URL.
const NO_URL = "http://node.invalid";

/** A provider of ethers over a {@link JsonRpcEndpoint}: an error of the node stays one, and is no revert. */
export class NodeProvider extends JsonRpcProvider {
  readonly #node: JsonRpcEndpoint;

  constructor(node: JsonRpcEndpoint, chainId: bigint) {
    // Public nodes allow only few calls in one request, and do not agree on how many.
    // Answers are not kept: a nonce or a receipt may be another one a moment later.
    super(NO_URL, chainId, { staticNetwork: true, batchMaxCount: 1, cacheTimeout: -1 });
    this.#node = node;
  }

  /** Asks the node for one thing, past ethers: its answer, or its error, as it is. Errors as {@link JsonRpcEndpoint.ask}. */
  async ask(request: JsonRpcRequest): Promise<JsonRpcAnswer> {
    return this.#node.ask(request);
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    const requests = [payload].flat() as JsonRpcRequest[]; // errors among the answers go to getRpcError
    return (await Promise.all(requests.map(async (request) => this.#node.ask(request)))) as JsonRpcResult[];
  }

  override getRpcError(payload: JsonRpcPayload, answer: EthersRpcError): Error {
    const { kind, words } = readJsonRpcError(answer.error, payload.method);
    const isTold =
      kind === "reverted" || /^eth_(send|sign|estimateGas|requestAccounts)|^personal_/.test(payload.method);
    if (isTold) return super.getRpcError(payload, answer);
    const fault = new NodeFault(kind, words);
    const text = `The node at ${this.#node.host} did not do what was asked (${payload.method}): ${words}. Try again, or another RPC URL.`;
    return new ProvenanceError("CHAIN_UNREACHABLE", text, { cause: fault });
  }
}

/**
 * Asks a node which chain it is of.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function connectEndpoint<Node extends JsonRpcEndpoint>(
  node: Node,
): Promise<{ provider: NodeProvider; chainId: bigint; node: Node }> {
  const answer = await node.ask({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
  if ("error" in answer) {
    const { kind, words } = readJsonRpcError(answer.error, "eth_chainId");
    const text = `The node at ${node.host} does not answer as a JSON-RPC node (${words}). Check RPC_URL, or try again.`;
    throw new ProvenanceError("CHAIN_UNREACHABLE", text, { cause: new NodeFault(kind, words) });
  }
  const chainId = BigInt(answer.result as string);
  return { node, chainId, provider: new NodeProvider(node, chainId) };
}

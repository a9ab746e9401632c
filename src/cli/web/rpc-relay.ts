import type { IncomingMessage, ServerResponse } from "node:http";
import type { JsonRpcApiProvider } from "ethers";
import { ProvenanceError } from "../../base/errors.ts";
import { NodeProvider } from "../../base/node/node-provider.ts";
import type { JsonRpcAnswer, JsonRpcRequest } from "../../base/node/json-rpc-answer.ts";
import type { Registry } from "../../registry/registry.ts";

const MAX_BYTES = 1024 * 1024;
// What reading takes. Signing and sending are a wallet's.
const METHODS = new Set([
  "eth_blockNumber",
  "eth_call",
  "eth_chainId",
  "eth_estimateGas",
  "eth_feeHistory",
  "eth_gasPrice",
  "eth_getBalance",
  "eth_getBlockByHash",
  "eth_getBlockByNumber",
  "eth_getCode",
  "eth_getLogs",
  "eth_getTransactionByHash",
  "eth_getTransactionCount",
  "eth_getTransactionReceipt",
  "eth_maxPriorityFeePerGas",
]);

/** Passes a reading call on to the node of a registry, and its answer back as it is. */
export async function answerRpc(
  registry: Registry | undefined,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (registry === undefined) return void response.writeHead(404).end();
  // Without this type a page of somebody else could send it, though never read the answer.
  const isOwn = message.method === "POST" && /^application\/json\b/.test(message.headers["content-type"] ?? "");
  const asked = isOwn ? await readRequest(message) : undefined;
  if (asked === undefined) return void response.writeHead(400).end();
  const answer = await ask(registry, asked);
  response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  response.end(JSON.stringify({ jsonrpc: "2.0", ...answer }));
}

async function readRequest(message: IncomingMessage): Promise<JsonRpcRequest | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of message as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > MAX_BYTES) return undefined;
    pieces.push(piece);
  }
  try {
    const { id, method, params } = JSON.parse(Buffer.concat(pieces).toString("utf8")) as Partial<JsonRpcRequest>;
    if (typeof id !== "number" || typeof method !== "string") return undefined;
    return { jsonrpc: "2.0", id, method, params };
  } catch {
    return undefined;
  }
}

async function ask({ provider }: Registry, asked: JsonRpcRequest): Promise<JsonRpcAnswer> {
  const { id, method, params } = asked;
  const fail = (code: number, text: string): JsonRpcAnswer => ({ id, error: { code, message: text } });
  if (!METHODS.has(method)) return fail(-32601, `${method} is not passed on`);
  try {
    if (provider instanceof NodeProvider) return await provider.ask(asked);
    const result: unknown = await (provider as JsonRpcApiProvider).send(method, params as unknown[]);
    return { id, result };
  } catch (error) {
    const { info, data, message } = error as { info?: { error?: JsonRpcError }; data?: unknown; message: string };
    if (error instanceof ProvenanceError) return fail(-32603, message);
    return { id, error: info?.error ?? { code: typeof data === "string" ? 3 : -32603, message, data } };
  }
}

interface JsonRpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

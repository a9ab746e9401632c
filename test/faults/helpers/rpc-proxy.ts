import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A JSON-RPC request. */
export interface RpcCall {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What is sent back: with a result or an error. */
export type RpcAnswer = { readonly result?: unknown; readonly error?: { code: number; message: string } };

/** Decides what becomes of a request. The last argument passes it on with other parameters. */
export type Intercept = (
  call: RpcCall,
  forward: () => Promise<RpcAnswer>,
  forwardChanged: (params: readonly unknown[]) => Promise<RpcAnswer>,
) => Promise<RpcAnswer>;

/** A JSON-RPC server on this machine that stands before another and can misbehave. */
export interface RpcProxy {
  readonly url: string;
  /** The requests so far. */
  readonly calls: RpcCall[];
  /** Takes every request from now on; undefined: all are passed on. */
  intercept: Intercept | undefined;
  readonly close: () => Promise<void>;
}

/** An answer that never comes. */
export const SILENCE = new Promise<never>(() => undefined);

/** Starts a proxy on a free port. Close it in `after`. */
export async function startRpcProxy(target: string): Promise<RpcProxy> {
  const proxy = { url: "", calls: [] as RpcCall[], intercept: undefined as Intercept | undefined };
  const answer = async (call: RpcCall) => {
    proxy.calls.push(call);
    const forward = async () => forwardTo(target, call);
    const forwardChanged = async (params: readonly unknown[]) => forwardTo(target, { ...call, params });
    const { result, error } = await (proxy.intercept ?? (async (_call, next) => next()))(call, forward, forwardChanged);
    return { jsonrpc: "2.0", id: call.id, ...(error === undefined ? { result } : { error }) };
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as RpcCall | RpcCall[];
      void (Array.isArray(body) ? Promise.all(body.map(answer)) : answer(body)).then(
        (answers) => response.setHeader("content-type", "application/json").end(JSON.stringify(answers)),
        () => response.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return Object.assign(proxy, { close });
}

/** Asks a node, and returns its answer. */
export async function forwardTo(target: string, call: RpcCall): Promise<RpcAnswer> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(target, { method: "POST", headers, body: JSON.stringify({ ...call, jsonrpc: "2.0" }) });
  return (await response.json()) as RpcAnswer;
}

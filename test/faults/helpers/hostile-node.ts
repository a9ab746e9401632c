import { HttpFault } from "../../../src/base/http/http-fault.ts";
import type { HttpResponse, Send } from "../../../src/base/http/send.ts";
import { connectNode } from "../../../src/base/node/json-rpc-node.ts";
import { readJson } from "./read-json.ts";

/** An error as a node or a provider words it. */
export interface WordedError {
  readonly of: string;
  readonly kind: "limited" | "refused" | "reverted" | "range";
  readonly http: number;
  readonly error: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** What nodes and providers answer with, by their own words. */
export const WORDED_ERRORS = readJson<{ errors: readonly WordedError[] }>("node-errors.json").errors;

/** A JSON-RPC request, and what a healthy node answers to it. */
export interface NodeCall {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** A way to fail. */
export interface NodeFailure {
  readonly name: string;
  /** What is done with a request; it may ask the healthy node. */
  readonly answer: (call: NodeCall, healthy: () => Promise<object>) => HttpResponse | Promise<HttpResponse>;
}

const HTML =
  "<!doctype html><html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>";

/** Every known way in which a node fails, but for lies that look like an answer. */
export const NODE_FAILURES: readonly NodeFailure[] = [
  ...WORDED_ERRORS.filter(({ kind }) => kind !== "reverted").map(({ of, http, error }) => ({
    name: `${of}: ${error.code} ${error.message.slice(0, 40)}`,
    answer: ({ id }: NodeCall) => json({ jsonrpc: "2.0", id, error }, http),
  })),
  ...[200, 401, 403, 404, 500, 502, 503].map((status) => ({
    name: `a web page with ${status}`,
    answer: () => text(HTML, status, { "content-type": "text/html" }),
  })),
  { name: "429 without JSON-RPC", answer: () => text('{"code":-32007,"message":"slow"}', 429, { "retry-after": "1" }) },
  { name: "503 with Retry-After", answer: () => text("", 503, { "retry-after": "1" }) },
  { name: "a redirect elsewhere", answer: () => text("", 308, { location: "http://169.254.169.254/latest" }) },
  { name: "a redirect to nowhere", answer: () => text("", 308) },
  { name: "nothing", answer: () => text("") },
  { name: "half an answer", answer: async (_, healthy) => text(JSON.stringify(await healthy()).slice(0, -9)) },
  { name: "bytes that are no text", answer: () => text("\u0000\ufffd\u0001") },
  { name: "another id", answer: async (call, healthy) => json({ ...(await healthy()), id: call.id + 1 }) },
  { name: "no id", answer: async (_, healthy) => json({ ...(await healthy()), id: undefined }) },
  { name: "a list of nothing", answer: () => json([]) },
  { name: "null", answer: () => json(null) },
  { name: "neither result nor error", answer: ({ id }) => json({ jsonrpc: "2.0", id }) },
  { name: "an error that is a text", answer: ({ id }) => json({ jsonrpc: "2.0", id, error: "no" }) },
  { name: "an error without words", answer: ({ id }) => json({ jsonrpc: "2.0", id, error: {} }) },
  {
    name: "an error of wrong types",
    answer: ({ id }) => json({ id, error: { code: "x", message: { a: 1 }, data: 7 } }),
  },
  ...[5, true, "5", "0xzz", "0x5", {}, ["0x"], [null], { data: "0x" }].map((result) => ({
    name: `the result ${JSON.stringify(result)}`,
    answer: ({ id, method }: NodeCall, healthy: () => Promise<object>) => unlessFit(method, id, result, healthy),
  })),
  { name: "the result null", answer: ({ id }) => json({ jsonrpc: "2.0", id, result: null }) },
  { name: "calls answered with nothing", answer: emptyCall },
  { name: "logs and receipts without an index", answer: without(/index$/i) },
  { name: "logs, blocks and receipts that wait", answer: pending },
  { name: "logs without topics", answer: without(/^topics$/) },
  { name: "logs and blocks without numbers", answer: without(/number$/i) },
  { name: "time out", answer: () => fail("unavailable", "did not begin to answer for 30 s") },
  { name: "a connection that breaks", answer: () => fail("unavailable", "broke its answer off", true) },
  { name: "an answer without end", answer: () => fail("oversize", "answers with more than 67108864 bytes") },
];

/** A node that fails where it is told to, before the in-process chain. No waiting takes time. */
export async function connectHostileNode(
  healthy: (method: string, params: readonly unknown[]) => Promise<unknown>,
  failureOf: (call: NodeCall, count: number) => NodeFailure | undefined,
) {
  const calls: NodeCall[] = [];
  const send: Send = async ({ body }) => {
    const call = JSON.parse(body as string) as NodeCall;
    calls.push(call);
    const forward = async () => {
      try {
        return { jsonrpc: "2.0", id: call.id, result: await healthy(call.method, call.params) };
      } catch (error) {
        const { code, message, data } = error as { code?: number; message: string; data?: unknown };
        return { jsonrpc: "2.0", id: call.id, error: { code, message, data } };
      }
    };
    const failure = failureOf(call, calls.length);
    return failure === undefined ? json(await forward()) : failure.answer(call, forward);
  };
  const connected = await connectNode("http://user:secret@node.test/key", { send, wait: async () => undefined });
  return { ...connected, calls };
}

function json(value: unknown, status = 200): HttpResponse {
  return text(JSON.stringify(value), status, { "content-type": "application/json" });
}

function text(body: string, status = 200, headers: Record<string, string> = {}): HttpResponse {
  const bytes = Buffer.from(body);
  return {
    status,
    headers: new Headers(headers),
    body: (async function* () {
      yield bytes;
    })(),
    trailers: () => ({}),
    discard: () => undefined,
  };
}

function fail(kind: HttpFault["kind"], words: string, again = false): never {
  throw new HttpFault(kind, words, again);
}

/** A result of the wrong form for its method; where it happens to fit, the healthy one. */
async function unlessFit(method: string, id: number, result: unknown, healthy: () => Promise<object>) {
  const fits =
    (result === "0x5" && !/eth_(call|getCode|getLogs|getBlockBy|getProof|getStorage|feeHistory)/.test(method)) ||
    (typeof result === "object" && !Array.isArray(result) && method === "eth_getProof");
  return json(fits ? await healthy() : { jsonrpc: "2.0", id, result });
}

/** What a node answers to a call that is behind its chain, or lost the state. */
async function emptyCall({ id, method }: NodeCall, healthy: () => Promise<object>) {
  return json(method === "eth_call" ? { jsonrpc: "2.0", id, result: "0x" } : await healthy());
}

function without(key: RegExp) {
  return async (_: NodeCall, healthy: () => Promise<object>) =>
    json(mapObjects(await healthy(), (entries) => entries.filter(([name]) => !key.test(name))));
}

/** As of what is in no block yet. */
async function pending(_: NodeCall, healthy: () => Promise<object>) {
  return json(
    mapObjects(await healthy(), (entries) =>
      entries.map(([name, value]) => [
        name,
        /^(block(Hash|Number)|transactionIndex|logIndex|hash|number)$/.test(name) ? null : value,
      ]),
    ),
  );
}

type Entries = [string, unknown][];

function mapObjects(answer: object, change: (entries: Entries) => Entries): unknown {
  const { result } = answer as { result?: unknown };
  const map = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(map);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(change(Object.entries(value)).map(([name, inner]) => [name, map(inner)]));
  };
  return result === undefined ? answer : { ...answer, result: map(result) };
}

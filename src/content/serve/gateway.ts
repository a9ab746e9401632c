import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { once } from "node:events";
import type { CID } from "multiformats/cid";
import { ProvenanceError } from "../../base/errors.ts";
import type { BlockSource } from "../content-store.ts";
import { type Answer, answerRequest } from "./answer.ts";
import { type GatewayRequest, parseRequest } from "./parse-request.ts";
import { Refusal } from "./refusal.ts";

/** Options of {@link createGateway}. */
export interface GatewayOptions {
  /** Told what went wrong here: it may name files of this machine, which those who ask are never told. */
  readonly onFailure?: (error: Error) => void;
}

const LIMITS = {
  /** Bytes of all headers of a request. */
  maxHeaderSize: 16 * 1024,
  /** Milliseconds in which a request must be complete. */
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 5_000,
};
// A reader that takes nothing for so long is let go.
const SILENCE_MILLISECONDS = 60_000;
const MAX_CONNECTIONS = 512;
const IDENTITY = 0x00;

const ALWAYS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Range, ETag, X-Ipfs-Path, X-Ipfs-Roots",
  // Nothing that is served here may run, load anything or be taken for something else.
  "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  "Cross-Origin-Resource-Policy": "cross-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};
const PREFLIGHT = {
  "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
  "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match, If-Range, Range, X-Requested-With",
  "Access-Control-Max-Age": "86400",
};

/**
 * Makes a server that gives what a store holds to whoever asks, by the rules of trustless gateways: raw blocks and
 * archives for those who check them, files and folders for browsers. It listens once `listen` is called.
 *
 * @see https://specs.ipfs.tech/http-gateways/trustless-gateway/
 */
export function createGateway(store: BlockSource, { onFailure = () => undefined }: GatewayOptions = {}): Server {
  const server = createServer(LIMITS, (request, response) => {
    response.on("error", () => undefined); // whoever asked went away
    serve(store, request, response, onFailure).catch((error: unknown) => {
      onFailure(error as Error);
      response.destroy();
    });
  });
  server.timeout = SILENCE_MILLISECONDS;
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

async function serve(
  store: BlockSource,
  request: IncomingMessage,
  response: ServerResponse,
  onFailure: (error: Error) => void,
): Promise<void> {
  const isHead = request.method === "HEAD";
  try {
    if (request.method === "OPTIONS") return void response.writeHead(204, { ...ALWAYS, ...PREFLIGHT }).end();
    if (request.method !== "GET" && !isHead) {
      throw new Refusal(405, "This gateway only gives.", { Allow: "GET, HEAD, OPTIONS" });
    }
    const asked = parseRequest(request);
    const { range, "if-none-match": ifNoneMatch, "if-range": ifRange } = request.headers;
    const headers = { range, ifNoneMatch, ifRange: ifRange?.toString() };
    const answer = await answerRequest(asked, headers, async (cid) => readBlock(store, cid));
    response.strictContentLength = true; // a node may lie about the sizes below it
    response.writeHead(answer.status, { ...ALWAYS, ...describePath(asked), ...answer.headers });
    if (isHead || answer.body === undefined) return void response.end();
    await sendBody(answer.body(), response);
  } catch (error) {
    const refusal = toRefusal(error, onFailure);
    // What was begun cannot be taken back: cut off, it is seen to be incomplete.
    if (response.headersSent) return void response.destroy();
    const text = `${refusal.message}\n`;
    response.writeHead(refusal.status, {
      ...ALWAYS,
      "Content-Type": "text/plain; charset=utf-8",
      "Content-Length": Buffer.byteLength(text),
      "Cache-Control": "no-store",
      ...refusal.headers,
    });
    response.end(isHead ? undefined : text);
  }
}

async function sendBody(body: ReturnType<NonNullable<Answer["body"]>>, response: ServerResponse): Promise<void> {
  let isClosed = response.destroyed;
  const closed = new Promise<void>((resolve) => {
    response.once("close", () => ((isClosed = true), resolve()));
  });
  for await (const piece of body) {
    if (!response.write(piece)) await Promise.race([once(response, "drain").catch(() => undefined), closed]);
    if (isClosed) return;
  }
  response.end();
}

async function readBlock(store: BlockSource, cid: CID): Promise<Uint8Array> {
  return cid.multihash.code === IDENTITY ? cid.multihash.digest : store.get(cid);
}

function describePath({ root, segments }: GatewayRequest): Record<string, string> {
  const path = `/ipfs/${[root.toString(), ...segments.map(encodeURIComponent)].join("/")}`;
  return { "X-Ipfs-Path": path, "X-Ipfs-Roots": root.toString() };
}

function toRefusal(error: unknown, onFailure: (error: Error) => void): Refusal {
  if (error instanceof Refusal) return error;
  const code = error instanceof ProvenanceError ? error.code : undefined;
  const isMissing = code === "STORE_BLOCK_MISSING";
  // What was never here is no failure; what was lost is.
  if (!isMissing || (error as Error).cause !== undefined) onFailure(error as Error);
  if (isMissing) return new Refusal(404, "This gateway does not have all blocks of that.");
  if (code === "STORE_BLOCK_CORRUPT") return new Refusal(500, "A block of that is damaged here.");
  return new Refusal(500, "This gateway failed.");
}

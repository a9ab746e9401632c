import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import { type AddressInfo, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import type { Block } from "../../../src/content/cid.ts";

/** How a gateway answers one request: as it should, or with one of the lies and failures that were seen. */
export type Behaviour =
  | "serve"
  | "wrong bytes"
  | "truncated"
  | "cut off"
  | "hang"
  | "hang after headers"
  | "hang in the middle"
  | "trickle"
  | "zeros"
  | "zeros announced"
  | "gzip"
  | "gzip bomb"
  | "html"
  | "reset"
  | "no blocks"
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly redirect: string };

/** A request as it came in. */
export interface SeenRequest {
  readonly cid: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
}

/** A gateway on loopback. */
export interface GatewayServer {
  readonly url: string;
  readonly port: number;
  readonly requests: SeenRequest[];
  /** Bytes that were handed to the connections. */
  readonly sent: () => number;
  /** How it answers from now on, to all requests or by request. */
  readonly behave: (how: Behaviour | ((request: SeenRequest) => Behaviour | Promise<Behaviour>)) => void;
  readonly add: (blocks: Iterable<Block>) => void;
  readonly close: () => Promise<void>;
}

const GIGABYTE = 1024 ** 3;
const ZEROS = Buffer.alloc(64 * 1024);
const started: GatewayServer[] = [];

/** Starts a gateway that serves these blocks. Close it with {@link closeGateways}, in `afterEach`. */
export async function startGateway(
  blocks: Iterable<Block> = [],
  behaviour: Behaviour = "serve",
): Promise<GatewayServer> {
  const held = new Map<string, Uint8Array>();
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let behave: (request: SeenRequest) => Behaviour | Promise<Behaviour> = () => behaviour;
  let closedBytes = 0;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://gateway");
    const cid = url.pathname.split("/").at(-1) ?? "";
    const seen = { cid, url: request.url ?? "", headers: request.headers };
    requests.push(seen);
    response.setHeader("access-control-allow-origin", "*"); // as gateways do, for pages
    void Promise.resolve(behave(seen)).then((how) => answer(how, held.get(cid), url, response));
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => {
      sockets.delete(socket);
      closedBytes += socket.bytesWritten;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const gateway: GatewayServer = {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    sent: () => closedBytes + [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, 0),
    behave: (how) => (behave = typeof how === "function" ? how : () => how),
    add: (more) => {
      for (const { cid, bytes } of more) held.set(cid.toString(), bytes);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  gateway.add(blocks);
  started.push(gateway);
  return gateway;
}

/** Stops all gateways that were started. */
export async function closeGateways(): Promise<void> {
  await Promise.all(started.splice(0).map(async (gateway) => gateway.close()));
}

function answer(how: Behaviour, bytes: Uint8Array | undefined, url: URL, response: ServerResponse): void {
  if (typeof how === "object") {
    if ("redirect" in how) response.writeHead(302, { location: how.redirect }).end();
    else response.writeHead(how.status, how.headers).end("no");
    return;
  }
  if (how === "no blocks" && url.searchParams.has("format")) {
    response.writeHead(406).end();
    return;
  }
  if (how === "hang") return;
  if (how === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  if (how === "zeros" || how === "zeros announced") {
    if (how === "zeros announced") response.setHeader("content-length", GIGABYTE);
    streamZeros(response);
    return;
  }
  if (bytes === undefined) response.writeHead(404).end("no such block");
  else answerBlock(how, bytes, response);
}

function answerBlock(how: string, bytes: Uint8Array, response: ServerResponse): void {
  const half = bytes.subarray(0, bytes.length >> 1);
  switch (how) {
    case "wrong bytes":
      response.end(Buffer.from(bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte))));
      return;
    case "truncated":
      response.end(half);
      return;
    case "cut off":
      response.writeHead(200, { "content-length": bytes.length });
      response.write(half, () => response.destroy());
      return;
    case "hang after headers":
      response.writeHead(200).flushHeaders();
      return;
    case "hang in the middle":
      response.writeHead(200, { "content-length": bytes.length });
      response.write(half);
      return;
    case "trickle":
      trickle(bytes, response);
      return;
    case "gzip":
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(bytes));
      return;
    case "gzip bomb":
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(16 * 1024 * 1024)));
      return;
    case "html":
      response.writeHead(200, { "content-type": "text/html" }).end("<script>alert(1)</script>");
      return;
    default:
      response.writeHead(200, { "content-type": "application/vnd.ipld.raw", "content-length": bytes.length });
      response.end(bytes);
  }
}

/** A byte whenever the event loop has a turn to spare, and never the last one. */
function trickle(bytes: Uint8Array, response: ServerResponse): void {
  response.writeHead(200, { "content-length": bytes.length });
  let sent = 0;
  const next = () => {
    if (response.destroyed || sent >= bytes.length - 1) return;
    response.write(bytes.subarray(sent, ++sent));
    setTimeout(next, 1);
  };
  next();
}

function streamZeros(response: ServerResponse): void {
  let left = GIGABYTE;
  const more = () => {
    while (left > 0 && !response.destroyed) {
      left -= ZEROS.length;
      if (!response.write(ZEROS)) {
        response.once("drain", more);
        return;
      }
    }
    response.end();
  };
  more();
}

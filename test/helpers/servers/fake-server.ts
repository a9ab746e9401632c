import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it came in, its body read whole. */
export interface SeenRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An answer; JSON where the body is an object. */
export interface FakeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | object;
}

/**
 * What goes wrong with a request: another answer; the right one cut in half; the request done and its answer lost;
 * the connection ended before anything is done, or in the middle of the body; no answer at all.
 */
export type Fault = FakeAnswer | "truncate" | "lose" | "drop" | "break" | "hang";

/** A server on a free port of this machine. Close it in `after`. */
export interface FakeServer {
  readonly url: string;
  /** All requests, the oldest first. */
  readonly seen: SeenRequest[];
  /** Lets the next requests of a method and path (its beginning) go wrong, one fault each. */
  readonly fail: (route: string, ...faults: Fault[]) => void;
  /** `METHOD /path` of all requests. */
  readonly routes: () => string[];
  readonly close: () => Promise<void>;
}

/**
 * Starts a server that answers as it is told.
 *
 * @param onBroken - gets what arrived of a request whose connection is to end in the middle
 */
export async function startFakeServer(
  answer: (request: SeenRequest) => FakeAnswer | Promise<FakeAnswer>,
  onBroken: (request: SeenRequest) => void = () => undefined,
): Promise<FakeServer> {
  const seen: SeenRequest[] = [];
  const faults: { route: string; fault: Fault }[] = [];
  const takeFault = ({ method, url }: SeenRequest): Fault | undefined => {
    const at = faults.findIndex(({ route }) => `${method} ${url.pathname}`.startsWith(route));
    return at === -1 ? undefined : faults.splice(at, 1)[0]?.fault;
  };
  const handle = async (message: IncomingMessage, response: ServerResponse) => {
    const request = await readRequest(message);
    seen.push(request);
    const fault = takeFault(request);
    if (fault === "hang") return;
    if (fault === "break") onBroken({ ...request, body: request.body.subarray(0, request.body.length >> 1) });
    if (fault === "drop" || fault === "break") return void message.socket.destroy();
    const result = typeof fault === "object" ? fault : await answer(request);
    if (fault === "lose") return void message.socket.destroy();
    send(result, request.method, response, fault === "truncate");
  };
  const server = createServer((message, response) => {
    handle(message, response).catch((error: unknown) => {
      send({ status: 500, body: String(error) }, "GET", response, false);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    fail: (route, ...list) => void faults.push(...list.map((fault) => ({ route, fault }))),
    routes: () => seen.map(({ method, url }) => `${method} ${url.pathname}`),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readRequest(message: IncomingMessage): Promise<SeenRequest> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)]));
  const url = new URL(message.url as string, `http://${message.headers.host}`);
  return { method: message.method as string, url, headers, body: Buffer.concat(pieces) };
}

function send({ status, headers = {}, body = "" }: FakeAnswer, method: string, response: ServerResponse, cut: boolean) {
  const isObject = typeof body === "object" && !(body instanceof Uint8Array);
  const bytes = Buffer.from(isObject ? JSON.stringify(body) : body);
  const type = isObject ? { "Content-Type": "application/json" } : {};
  const length = status === 204 ? {} : { "Content-Length": String(bytes.length) };
  response.writeHead(status, { ...type, ...length, ...headers });
  if (!cut) return void response.end(method === "HEAD" ? undefined : bytes);
  response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
}

import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { Connections } from "./connections.ts";
import { Gate, type Limits, Refusal } from "./limits.ts";

/** What a route answers: JSON, or text of another type. */
export interface Answer {
  readonly body: unknown;
  readonly type?: string;
  readonly status?: number;
}

/** One question. */
export interface Question {
  readonly url: URL;
  /** What follows the route's name: `/lineage/0x…` has `0x…`. */
  readonly rest: string;
  readonly body: string;
}

/** A kind of request: what its path begins with, how it is asked, and how much it may take. */
export interface Route {
  readonly path: string;
  readonly method: "GET" | "POST";
  readonly limits: Limits;
  readonly answer: (question: Question) => Promise<Answer>;
}

const MAX_URL = 12 * 1024;
const MAX_BODY = 64 * 1024;
const MAX_CONNECTIONS = 512;
// Whoever does not take an answer holds its memory: so much of all together, and small answers besides.
const MAX_UNSENT = 64 * 1024 * 1024;
const SMALL_ANSWER = 64 * 1024;
const TIMEOUTS = {
  requestTimeout: 15_000,
  headersTimeout: 10_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 1000,
};
const SEND_TIMEOUT = 30_000;

/** Makes the server that the world talks with. It has nothing but routes with limits; what is behind them answers it alone. */
export function createFront(routes: readonly Route[], log: (line: string) => void): Server {
  const gates = new Map(routes.map((route) => [route, new Gate(route.limits)]));
  const sender = new Sender();
  const server = createServer(TIMEOUTS);
  const connections = new Connections(server, MAX_CONNECTIONS);
  server.on("request", (request, response) => {
    answer(request, response).catch((error: unknown) => refuse(response, error, log));
  });
  return server;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("x-content-type-options", "nosniff");
    if (request.method === "OPTIONS") {
      response.writeHead(204, { "access-control-allow-headers": "content-type", "access-control-max-age": "86400" });
      response.end();
      return;
    }
    const { url = "/" } = request;
    if (url.length > MAX_URL) throw new Refusal(414, "The URL is too long.");
    if (!URL.canParse(url, "http://indexer")) throw new Refusal(400, "The URL cannot be read.");
    const parsed = new URL(url, "http://indexer");
    const route = routes.find(({ path }) => parsed.pathname === path || parsed.pathname.startsWith(`${path}/`));
    if (route === undefined) throw new Refusal(404, `There is ${routes.map(({ path }) => path).join(", ")}.`);
    if (request.method !== route.method) throw new Refusal(405, `${route.path} takes ${route.method}.`);
    const body = route.method === "POST" ? await readBody(request) : "";
    connections.hold(request.socket, response);
    const rest = parsed.pathname.slice(route.path.length + 1);
    if (rest.includes("/")) throw new Refusal(404, `There is ${route.path}, and nothing below what it is asked for.`);
    const gate = gates.get(route) as Gate;
    const given = await gate.pass(async () => route.answer({ url: parsed, rest, body }));
    sender.send(response, given, route.limits.maxAnswer);
  }
}

/** Sends answers, and keeps count of what was not taken yet. */
class Sender {
  #unsent = 0;

  send(response: ServerResponse, { body, type, status = 200 }: Answer, maxAnswer: number): void {
    const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
    const { length } = bytes;
    if (length > maxAnswer) throw new Refusal(413, `The answer is larger than ${maxAnswer} bytes. Ask for less.`);
    if (length > SMALL_ANSWER && this.#unsent + length > MAX_UNSENT) {
      throw new Refusal(429, "Too many answers wait to be taken. Try again in a second.");
    }
    this.#unsent += length;
    const giveUp = setTimeout(() => response.destroy(), SEND_TIMEOUT);
    response.once("close", () => {
      clearTimeout(giveUp);
      this.#unsent -= length;
    });
    response.writeHead(status, { "content-type": type ?? "application/json; charset=utf-8" });
    response.end(bytes);
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new Refusal(413, `A request has at most ${MAX_BODY} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function refuse(response: ServerResponse, error: unknown, log: (line: string) => void): void {
  if (!(error instanceof Refusal)) log(`a request failed: ${(error as Error).message}`);
  const { status, message } = error instanceof Refusal ? error : new Refusal(500, "It could not be answered.");
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { "content-type": "application/json", ...(status === 429 && { "retry-after": "1" }) });
  // What is left of a body that was refused is not read.
  response.end(JSON.stringify({ error: message }), () => {
    if (status === 413) response.socket?.destroy();
  });
}

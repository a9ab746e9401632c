import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { ProvenanceError } from "../errors.ts";
import { HttpFault } from "./http-fault.ts";
import { readBody } from "./read-body.ts";
import { Watch } from "./watch.ts";

/** What a request may take; times in milliseconds. */
export interface HttpTimes {
  /** Until the connection stands, name look-up and TLS included. */
  readonly connect: number;
  /** Until the answer begins, once the request is sent. */
  readonly firstByte: number;
  /** Between two pieces, of the answer and of what is sent. */
  readonly idle: number;
  /** From the start of the request to the last byte; `Infinity` for as long as something comes. */
  readonly total: number;
}

/** One request. */
export interface HttpRequest {
  readonly url: URL;
  /** GET unless given. */
  readonly method?: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of a stream, each piece is sent as soon as the connection takes it. */
  readonly body?: Uint8Array | string | AsyncIterable<Uint8Array> | undefined;
  /** Told of each piece of a stream that is needed no more. */
  readonly onSent?: (piece: Uint8Array) => void;
  readonly times: HttpTimes;
  /** The longest answer that is read, in bytes, after decompression. */
  readonly maxBytes: number;
  /** Ask for the answer compressed; else one that is compressed is refused. */
  readonly compressed?: boolean;
  /** How host names are looked up for a connection. */
  readonly lookup?: LookupFunction;
  /** Connections to use again; each request has its own unless given. */
  readonly agents?: HttpAgents;
  /** Ends the request; what it is answered with does not matter any more. */
  readonly signal?: AbortSignal | undefined;
  /** Called whenever bytes arrive. */
  readonly onBytes?: (() => void) | undefined;
}

/** An answer, whatever its status. Its body is read once, or discarded. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  /** @throws {HttpFault} (while it is read) where it breaks off, stalls or is too long */
  readonly body: AsyncIterable<Uint8Array>;
  /** What the server says after its body; complete when that was read. */
  readonly trailers: () => Readonly<Record<string, string | undefined>>;
  /** Ends the connection: what is not read is of no use. */
  readonly discard: () => void;
}

/** Sends one request, as {@link send} does. */
export type Send = (request: HttpRequest) => Promise<HttpResponse>;

/** Connections that are used again, by the scheme of URLs. */
export interface HttpAgents {
  readonly "http:": HttpAgent;
  readonly "https:": HttpsAgent;
}

/** Makes connections that one service alone uses. Those that wait for the next request keep no process alive. */
export function createAgents(maxSockets = Infinity): HttpAgents {
  const options = { keepAlive: true, maxSockets };
  return { "http:": new HttpAgent(options), "https:": new HttpsAgent(options) };
}

/**
 * Sends a request once: no redirect is followed, and the connection is cut as soon as more arrives than is allowed, or
 * nothing for too long.
 *
 * @throws {HttpFault}; what a streamed body throws
 */
export const send: Send = async (request) => {
  const { url, headers, agents, lookup, times, signal, compressed = false } = request;
  const watch = new Watch(times.total);
  const isSecure = url.protocol === "https:";
  const sent = (isSecure ? requestHttps : requestHttp)(url, {
    method: request.method ?? "GET",
    headers: { ...headers, ...lengthOf(request.body), "accept-encoding": compressed ? "gzip, br" : "identity" },
    // Connections are not shared: another service's may have been made where this one's may not lead.
    agent: agents === undefined ? false : agents[url.protocol as keyof HttpAgents],
    ...(lookup !== undefined && { lookup }),
  });
  const answer = answerOf(sent, watch);
  answer.catch(() => undefined); // it is awaited below, once everything was sent
  const giveUp = () => watch.fail(new HttpFault("unavailable", "was not waited for"));
  const stop = () => {
    watch.stop();
    signal?.removeEventListener("abort", giveUp);
  };
  watch.onFault = (fault) => sent.destroy(fault);
  watch.expect(times.connect, "could not be connected to");
  const connected = () => {
    if (isStream(request.body)) watch.expect(times.idle, "took nothing");
    else watch.expect(times.firstByte, "did not begin to answer");
  };
  sent.once("socket", (socket) => {
    if (!socket.connecting) connected();
    else socket.once(isSecure ? "secureConnect" : "connect", connected);
  });
  if (signal?.aborted) giveUp();
  else signal?.addEventListener("abort", giveUp);
  try {
    await sendBody(sent, request, watch);
    const message = await answer;
    return toResponse(message, request, watch, () => {
      stop();
      // A server that refuses does so before it has read everything: the connection is of no further use.
      if (!sent.writableEnded) sent.destroy();
    });
  } catch (error) {
    stop();
    sent.destroy();
    throw error;
  }
};

function isStream(body: HttpRequest["body"]): body is AsyncIterable<Uint8Array> {
  return body !== undefined && typeof body !== "string" && !(body instanceof Uint8Array);
}

/** The length is said where it is known: not every server takes a body in chunks. */
function lengthOf(body: HttpRequest["body"]): Readonly<Record<string, string>> {
  if (typeof body === "string") return { "content-length": String(Buffer.byteLength(body)) };
  return body instanceof Uint8Array ? { "content-length": String(body.length) } : {};
}

/** Sends the body; stops when the server has answered or hung up, for then nobody reads on. */
async function sendBody(sent: ClientRequest, { body, times, onSent }: HttpRequest, watch: Watch): Promise<void> {
  if (!isStream(body)) return void sent.end(body);
  let over = false;
  const ended = new Promise<void>((resolve) => {
    const end = () => ((over = true), resolve());
    sent.once("error", end).once("close", end);
    sent.once("response", ({ statusCode }: IncomingMessage) => statusCode !== 200 && end());
  });
  for await (const piece of body) {
    if (over) return;
    if (sent.write(piece, () => onSent?.(piece))) continue;
    const isConnected = () => sent.socket?.connecting === false;
    if (isConnected()) watch.expect(times.idle, "took nothing");
    await Promise.race([new Promise<void>((resolve) => void sent.once("drain", resolve)), ended]);
    if (isConnected()) watch.rest(); // what is to be sent may take its time
  }
  if (over) return;
  sent.end();
  watch.expect(times.firstByte, "did not begin to answer");
}

async function answerOf(sent: ClientRequest, watch: Watch): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const refuse = () => reject(new HttpFault("refused", "answers in another protocol"));
    sent.on("response", (message) => (message.statusCode === 101 ? refuse() : resolve(message)));
    sent.on("error", (error) => reject(watch.fault ?? toFault(error)));
    // A server that changes to another protocol answers nothing that can be read.
    sent.on("upgrade", (_, socket) => (socket.destroy(), refuse()));
  });
}

function toResponse(message: IncomingMessage, request: HttpRequest, watch: Watch, stop: () => void): HttpResponse {
  // Nothing is expected until somebody reads.
  watch.rest();
  watch.onFault = (fault) => message.destroy(fault);
  message.on("error", () => undefined); // said to who reads
  message.once("close", stop);
  return {
    status: message.statusCode ?? 0,
    headers: new Headers(Object.entries(message.headers).flatMap(([name, value]) => toPairs(name, value))),
    body: readBody(message, request, watch),
    trailers: () => message.trailers,
    discard: () => {
      stop();
      message.destroy();
    },
  };
}

function toPairs(name: string, value: string | string[] | undefined): [string, string][] {
  return [value ?? []].flat().map((text) => [name, text]);
}

/** The fault that an error of the connection, or of the look-up before it, is. */
export function toFault(error: NodeJS.ErrnoException): HttpFault {
  // Of the look-up: not a failure but a decision.
  if (error instanceof ProvenanceError) return new HttpFault("refused", `was not asked: ${error.message}`);
  const reasons = error instanceof AggregateError ? (error.errors as NodeJS.ErrnoException[]) : [error];
  const codes = [...new Set(reasons.map(({ code, message }) => code ?? message))].join(", ");
  return new HttpFault("unavailable", `could not be asked (${codes})`, true);
}

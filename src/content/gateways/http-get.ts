import { type Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { ProvenanceError } from "../../base/errors.ts";

/** What a request may take; times in milliseconds. */
export interface HttpLimits {
  /** Until the connection stands, name look-up and TLS included. */
  readonly connect: number;
  /** Until the answer begins, once the connection stands. */
  readonly firstByte: number;
  /** Between two pieces of the answer. */
  readonly idle: number;
  /** From the start of the request to the last byte. */
  readonly total: number;
}

/** Why a request came to nothing. */
export interface HttpFault {
  /** `unavailable`: it may work at another time; `refused`: it will not; `oversize`: more bytes than allowed. */
  readonly kind: "unavailable" | "refused" | "oversize";
  /** One clause, to follow the gateway's name. */
  readonly text: string;
  /** Worth another try within this run: the connection broke, and time was not what ran out. */
  readonly again?: boolean;
}

/** An answer: bytes come with status 200 alone. */
export interface HttpAnswer {
  readonly status: number;
  readonly bytes: Uint8Array;
  /** Where another status than 200 points. */
  readonly location?: string;
  /** In seconds, as the server asks for. */
  readonly retryAfter?: number;
}

/** One request of {@link httpGet}. */
export interface HttpRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: HttpAgent;
  readonly lookup: LookupFunction;
  readonly limits: HttpLimits;
  readonly maxBytes: number;
  /** Ends the request; what it is answered with does not matter any more. */
  readonly signal?: AbortSignal | undefined;
  /** Called whenever bytes arrive. */
  readonly onBytes?: (() => void) | undefined;
}

/**
 * Asks for a URL once: no redirect is followed, nothing is decompressed, and the connection is cut as soon as more
 * arrives than is allowed, or nothing for too long.
 */
export async function httpGet(request: HttpRequest): Promise<HttpAnswer | HttpFault> {
  const { url, headers, agent, lookup, limits, signal } = request;
  return new Promise((resolve) => {
    const watch = new Watch(limits.total, (text) => fail("unavailable", text));
    const end = (outcome: HttpAnswer | HttpFault) => {
      watch.stop();
      signal?.removeEventListener("abort", giveUp);
      resolve(outcome);
      if ("kind" in outcome) sent.destroy();
    };
    const fail = (kind: HttpFault["kind"], text: string, again = false) => end({ kind, text, again });
    const giveUp = () => fail("unavailable", "was not waited for");
    const options = { headers: { ...headers, "accept-encoding": "identity" }, agent, lookup };
    const sent = (url.protocol === "https:" ? requestHttps : requestHttp)(url, options);
    watch.expect(limits.connect, "could not be connected to");
    sent.on("socket", (socket) => {
      const connected = () => watch.expect(limits.firstByte, "did not begin to answer");
      if (!socket.connecting) connected();
      else socket.once(url.protocol === "https:" ? "secureConnect" : "connect", connected);
    });
    sent.on("error", (error) =>
      error instanceof ProvenanceError // of the look-up: not a failure but a decision
        ? fail("refused", `was not asked: ${error.message}`)
        : fail("unavailable", describe(error), true),
    );
    sent.on("response", (response) => {
      const arrived = () => watch.expect(limits.idle, "sent nothing");
      arrived();
      receive(response, request, { end, fail, arrived });
    });
    if (signal?.aborted) giveUp();
    else signal?.addEventListener("abort", giveUp);
    sent.end();
  });
}

/** Looks after the time of one request. */
class Watch {
  readonly #total: NodeJS.Timeout;
  readonly #late: (text: string) => void;
  #step: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(total: number, late: (text: string) => void) {
    this.#late = late;
    this.#total = setTimeout(() => late(`took more than ${total / 1000} s`), total);
  }

  /** Calls for something to happen within a time, instead of what was called for before. */
  expect(milliseconds: number, otherwise: string): void {
    clearTimeout(this.#step);
    if (this.#stopped) return;
    this.#step = setTimeout(() => this.#late(`${otherwise} for ${milliseconds / 1000} s`), milliseconds);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#step);
    clearTimeout(this.#total);
  }
}

interface Receiver {
  readonly end: (answer: HttpAnswer) => void;
  readonly fail: (kind: HttpFault["kind"], text: string, again?: boolean) => void;
  readonly arrived: () => void;
}

function receive(response: IncomingMessage, { maxBytes, onBytes }: HttpRequest, receiver: Receiver): void {
  const { statusCode: status = 0, headers } = response;
  const { end, fail, arrived } = receiver;
  response.on("error", () => fail("unavailable", "broke its answer off", true));
  if (status !== 200) {
    const { location } = headers;
    const retryAfter = readRetryAfter(headers["retry-after"]);
    response.destroy(); // what it says beside is of no use
    end({ status, bytes: new Uint8Array(), ...(location && { location }), ...(retryAfter && { retryAfter }) });
    return;
  }
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") {
    fail("refused", `answers compressed (${encoding.slice(0, 20)}), which was not asked for`);
    return;
  }
  const tooLong = `answers with more than the ${maxBytes} bytes that a block may have`;
  if (Number(headers["content-length"] ?? 0) > maxBytes) {
    fail("oversize", tooLong);
    return;
  }
  const pieces: Buffer[] = [];
  let size = 0;
  response.on("data", (piece: Buffer) => {
    size += piece.length;
    if (size > maxBytes) {
      fail("oversize", tooLong);
      return;
    }
    pieces.push(piece);
    arrived();
    onBytes?.();
  });
  response.on("end", () =>
    response.complete ? end({ status, bytes: Buffer.concat(pieces, size) }) : response.destroy(new Error("truncated")),
  );
}

/** Seconds, or a date, which is left to the usual waiting. */
function readRetryAfter(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) : undefined;
}

function describe(error: NodeJS.ErrnoException): string {
  const reasons = error instanceof AggregateError ? (error.errors as NodeJS.ErrnoException[]) : [error];
  return `could not be asked (${[...new Set(reasons.map(({ code, message }) => code ?? message))].join(", ")})`;
}

import type { z } from "zod";
import { ProvenanceError } from "../errors.ts";
import { type HttpService, failureOfAnswer, failureOfConnection, failureOfStatus } from "./http-failure.ts";
import { type RetryOptions, readRetryAfter, throwIfInterrupted, withRetries } from "./retry.ts";

/** Effects and limits of an HTTP client. */
export interface HttpLimits extends RetryOptions {
  /** Milliseconds for one request and its answer, 60 000 unless given; bodies add a second for each 64 KiB. */
  readonly timeout?: number;
  readonly fetch?: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** One request. */
export interface HttpRequest {
  readonly method?: string;
  /** Absolute, or relative to the client's URL. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Statuses beside 2xx that are an answer, not a failure. */
  readonly accept?: readonly number[];
  /** The longest answer that is read, in bytes; 1 MiB unless given. */
  readonly maxBytes?: number;
  /** Whether redirects are followed, up to three, to the same host or one below it. */
  readonly redirects?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** One answer, read whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

const TIMEOUT = 60_000;
const SLOWEST_BYTES_PER_SECOND = 64 * 1024;
const MAX_ANSWER_BYTES = 1024 * 1024;
const MAX_REDIRECTS = 3;
const PIECE_BYTES = 1024 * 1024;

/** How long a request with a body of some bytes may take, in milliseconds. */
export function timeoutFor(bytes: number, { timeout = TIMEOUT }: HttpLimits): number {
  return timeout + Math.ceil(bytes / SLOWEST_BYTES_PER_SECOND) * 1000;
}

/** Talks with one service: limits, retries, and errors that name it and hold no secret. */
export class HttpClient {
  readonly service: HttpService;
  readonly limits: HttpLimits;
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;

  /**
   * @param url - what paths are relative to
   * @param headers - of every request; where one authorizes, the connection must be encrypted or stay on this machine
   * @throws {ProvenanceError} `OPTION_INVALID` for a URL that would send a secret in the clear
   */
  constructor(
    service: HttpService,
    url: string,
    headers: Readonly<Record<string, string>> = {},
    limits: HttpLimits = {},
  ) {
    this.service = service;
    this.limits = limits;
    this.#url = new URL(url.endsWith("/") ? url : `${url}/`);
    this.#headers = headers;
    if (Object.keys(headers).some((name) => name.toLowerCase() === "authorization")) {
      assertConfidential(this.#url, service.name);
    }
  }

  /** Sends a request, again after failures that may pass. @throws {ProvenanceError} `STORE_FAILED`, `STORE_REFUSED`, `INTERRUPTED` */
  async request(request: HttpRequest): Promise<HttpAnswer> {
    return withRetries(async () => this.send(request), this.limits, request.signal);
  }

  /** As {@link request}, for an answer in JSON of a known form. */
  async requestJson<T>(request: HttpRequest, schema: z.ZodType<T>): Promise<T> {
    return withRetries(async () => this.sendJson(request, schema), this.limits, request.signal);
  }

  /** As {@link send}, for an answer in JSON of a known form. */
  async sendJson<T>(request: HttpRequest, schema: z.ZodType<T>): Promise<T> {
    const { bytes } = await this.send(request);
    let json: unknown;
    try {
      json = JSON.parse(Buffer.from(bytes).toString("utf8"));
    } catch {
      throw failureOfAnswer(this.service, `${bytes.length} bytes that are no whole JSON`);
    }
    const parsed = schema.safeParse(json);
    if (parsed.success) return parsed.data;
    throw failureOfAnswer(
      this.service,
      `JSON without ${parsed.error.issues[0]?.path.join(".") || "what it should hold"}`,
    );
  }

  /**
   * Sends a request once.
   *
   * @throws {TransientFailure} for what may pass
   * @throws {ProvenanceError} `STORE_REFUSED`, `STORE_FAILED` for an answer that is too long, `INTERRUPTED`
   */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    throwIfInterrupted(request.signal);
    try {
      const response = await this.#fetch(request);
      const bytes = await this.#readBody(response, request.maxBytes ?? MAX_ANSWER_BYTES);
      if (response.ok || request.accept?.includes(response.status)) {
        return { status: response.status, headers: response.headers, bytes };
      }
      const { now = Date.now } = this.limits;
      const retryAfter = readRetryAfter(response.headers.get("retry-after"), now());
      throw failureOfStatus(this.service, response.status, Buffer.from(bytes).toString("utf8"), retryAfter);
    } catch (error) {
      throwIfInterrupted(request.signal);
      if (
        error instanceof TypeError ||
        (error as Error).name === "TimeoutError" ||
        (error as Error).name === "AbortError"
      ) {
        throw failureOfConnection(this.service, error);
      }
      throw error;
    }
  }

  async #fetch(request: HttpRequest): Promise<Response> {
    const { fetch: get = fetch } = this.limits;
    const { method = "GET", body, signal } = request;
    const timeout = AbortSignal.timeout(timeoutFor(body?.length ?? 0, this.limits));
    let url = new URL(request.url, this.#url);
    for (let redirects = 0; ; redirects++) {
      const response = await get(url.href, {
        method,
        headers: {
          ...this.#headers,
          ...request.headers,
          ...(body instanceof Uint8Array && { "Content-Length": String(body.length) }),
        },
        ...(body !== undefined && toBody(body)),
        redirect: "manual",
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      });
      const location = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || location === null) return response;
      await response.body?.cancel();
      const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
      if (request.redirects !== true || redirects === MAX_REDIRECTS || next === undefined || !isBelow(next, url)) {
        const text = `${this.service.name} sends us elsewhere (${response.status}), where we do not follow.`;
        throw new ProvenanceError("STORE_FAILED", text);
      }
      url = next;
    }
  }

  async #readBody(response: Response, maxBytes: number): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      size += piece.length;
      if (size > maxBytes) {
        const text = `${this.service.name} gave an answer of more than ${maxBytes} bytes; it was not read on.`;
        throw new ProvenanceError("STORE_FAILED", text);
      }
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  }
}

/** `fetch` copies bytes that it is given whole; a stream of them with their length it passes on as they are. */
function toBody(body: string | Uint8Array) {
  if (typeof body === "string") return { body };
  const pieces = (function* () {
    for (let start = 0; start < body.length; start += PIECE_BYTES) yield body.subarray(start, start + PIECE_BYTES);
  })();
  return { body: ReadableStream.from(pieces), duplex: "half" as const };
}

/** The same host or one below it, encrypted if it was. */
function isBelow(next: URL, url: URL): boolean {
  if (next.protocol !== url.protocol && next.protocol !== "https:") return false;
  return next.host === url.host || next.hostname.endsWith(`.${url.hostname}`);
}

/** Makes sure that a secret is not sent in the clear. @throws {ProvenanceError} `OPTION_INVALID` */
export function assertConfidential({ protocol, hostname }: URL, service: string): void {
  if (protocol === "https:" || hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname))
    return;
  throw new ProvenanceError(
    "OPTION_INVALID",
    `The URL of ${service} is not https: the token would be sent in the clear to ${hostname}.`,
  );
}

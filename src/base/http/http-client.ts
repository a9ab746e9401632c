import type { z } from "zod";
import { ProvenanceError } from "../errors.ts";
import { assertConfidential } from "./confidential.ts";
import { type AddressGuard, guardRedirects } from "./address-guard.ts";
import { HttpFault } from "./http-fault.ts";
import { type HttpService, failureOfAnswer, failureOfConnection, failureOfStatus } from "./http-failure.ts";
import { readAll } from "./read-body.ts";
import { request } from "./request.ts";
import { type RetryOptions, readRetryAfter, throwIfInterrupted, withRetries } from "./retry.ts";
import { type HttpResponse, createAgents } from "./send.ts";

/** Effects and limits of an HTTP client. */
export interface HttpLimits extends RetryOptions {
  /** Milliseconds for one request and its answer, 60 000 unless given; bodies add a second for each 64 KiB. */
  readonly timeout?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** One request. */
export interface ServiceRequest {
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
  readonly #guard: AddressGuard;
  readonly #agents = createAgents();

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
    this.#guard = guardRedirects(this.#url);
    if (Object.keys(headers).some((name) => name.toLowerCase() === "authorization")) {
      assertConfidential(this.#url, service.name);
    }
  }

  /** Sends a request, again after failures that may pass. @throws {ProvenanceError} `STORE_FAILED`, `STORE_REFUSED`, `INTERRUPTED` */
  async request(request: ServiceRequest): Promise<HttpAnswer> {
    return withRetries(async () => this.send(request), this.limits, request.signal);
  }

  /** As {@link request}, for an answer in JSON of a known form. */
  async requestJson<T>(request: ServiceRequest, schema: z.ZodType<T>): Promise<T> {
    return withRetries(async () => this.sendJson(request, schema), this.limits, request.signal);
  }

  /** As {@link send}, for an answer in JSON of a known form. */
  async sendJson<T>(request: ServiceRequest, schema: z.ZodType<T>): Promise<T> {
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
  async send(asked: ServiceRequest): Promise<HttpAnswer> {
    throwIfInterrupted(asked.signal);
    const { maxBytes = MAX_ANSWER_BYTES } = asked;
    try {
      const { status, headers, body } = await this.#ask(asked, maxBytes);
      const bytes = await readAll(body);
      if ((status >= 200 && status < 300) || asked.accept?.includes(status)) return { status, headers, bytes };
      const { now = Date.now } = this.limits;
      const retryAfter = readRetryAfter(headers.get("retry-after"), now());
      throw failureOfStatus(this.service, status, bytes.toString("utf8"), retryAfter);
    } catch (error) {
      throwIfInterrupted(asked.signal);
      if (!(error instanceof HttpFault)) throw error;
      if (error.kind === "unavailable") throw failureOfConnection(this.service, error);
      const text =
        error.kind === "oversize"
          ? `${this.service.name} gave an answer of more than ${maxBytes} bytes; it was not read on.`
          : `${this.service.name} ${error.message}.`;
      throw new ProvenanceError("STORE_FAILED", text);
    }
  }

  async #ask({ url: path, ...asked }: ServiceRequest, maxBytes: number): Promise<HttpResponse> {
    const { body, signal, method = "GET" } = asked;
    const url = new URL(path, this.#url);
    const time = timeoutFor(body === undefined ? 0 : Buffer.byteLength(body), this.limits);
    const response = await request({
      url,
      method,
      headers: toHeaders(this.#headers, asked.headers),
      body,
      times: { connect: time, firstByte: time, idle: time, total: time },
      maxBytes,
      compressed: true,
      guard: this.#guard,
      agents: this.#agents,
      ...(asked.redirects === true && { redirects: MAX_REDIRECTS, mayFollow: isBelow }),
      signal,
    });
    if (response.status < 300 || response.status > 399 || !response.headers.has("location")) return response;
    response.discard();
    throw new HttpFault("refused", `sends us elsewhere (${response.status}), where we do not follow`);
  }
}

function toHeaders(...lists: readonly (Readonly<Record<string, string>> | undefined)[]): Record<string, string> {
  const headers = lists.flatMap((list = {}) => Object.entries(list));
  return Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
}

/** The same host or one below it. */
function isBelow(next: URL, url: URL): boolean {
  return next.host === url.host || next.hostname.endsWith(`.${url.hostname}`);
}

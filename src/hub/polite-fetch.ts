import { Slots } from "../base/concurrency.ts";
import { ProvenanceError } from "../base/errors.ts";
import { type AddressGuard, type LookupAll, guardRedirects } from "../base/http/address-guard.ts";
import { HttpFault } from "../base/http/http-fault.ts";
import { readAll } from "../base/http/read-body.ts";
import { request } from "../base/http/request.ts";
import { type HttpAgents, type HttpResponse, type Send, createAgents } from "../base/http/send.ts";
import { hideCredentials } from "../base/url-secrets.ts";
import { toHubError } from "./hub-failure.ts";
import { type Pauses, bucketOf, createPauses, readWait } from "./rate-limit.ts";

/** What one answer may be. */
export interface AnswerLimits {
  /** In bytes, after decompression; more is refused. */
  readonly maxBytes: number;
  /** What is asked for, as a message names it. */
  readonly what: string;
  /** Hand the body on as it comes: it may then break off, which is not tried again. */
  readonly stream?: boolean;
}

/** Where the Hub is, and how to be a guest there. */
export interface PoliteFetchOptions {
  /** Scheme, host and port; the token goes nowhere else. */
  readonly endpoint: string;
  /** How a request is sent to where its redirects lead; over the network when left out. */
  readonly send?: Send;
  /** How host names are looked up; the system's way when left out. */
  readonly lookup?: LookupAll;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** Requests at a time. */
  readonly concurrency?: number;
  /** Whose turn it is, where other processes ask with the same token; else this one alone keeps the pauses. */
  readonly pauses?: Pauses;
  /** Called when everything waits because the Hub asked for it. */
  readonly onWait?: (milliseconds: number) => void;
}

/** Makes a `fetch` that keeps to some limits. */
export type PoliteFetch = (limits: AnswerLimits) => typeof fetch;

const MAX_ATTEMPTS = 6;
const MAX_REDIRECTS = 5;
const FIRST_BACKOFF_MILLISECONDS = 500;
const RETRYABLE = new Set([408, 429, 500, 502, 503, 504]);
/** The longest the Hub may ask to wait: its windows have 5 minutes. */
const MAX_WAIT_MILLISECONDS = 15 * 60 * 1000;
/** How long nothing may come of an answer; a large one may take its time. */
const TIMES = { connect: 60_000, firstByte: 60_000, idle: 60_000, total: Infinity };

/**
 * Makes requests to the Hub as a good guest: few at a time, waiting as long as the Hub asks and trying again what
 * failed by accident. Nothing of an answer is trusted: its size is bounded, the token stays at the Hub's own origin, and
 * a redirect leads neither to a private address nor to a weaker scheme; where its host cannot be looked up, it is tried
 * again and never followed.
 *
 * @throws {ProvenanceError} (the requests) `HUB_UNREACHABLE`, `HUB_RATE_LIMITED`, `HUB_ANSWER_INVALID`, as {@link toHubError}
 */
export function createPoliteFetch(options: PoliteFetchOptions): PoliteFetch {
  const { concurrency = 8, now = Date.now, sleep = sleepFor, onWait = () => undefined } = options;
  const pauses = options.pauses ?? createPauses(now, sleep, onWait);
  const slots = new Slots(concurrency);

  const connection = {
    guard: guardRedirects(new URL(options.endpoint), options.lookup),
    agents: createAgents(),
    ...(options.send && { send: options.send }),
  };

  const attempt = async (url: URL, init: RequestInit, limits: AnswerLimits): Promise<Response | Retry> => {
    const bucket = bucketOf(url);
    await pauses.over(bucket);
    try {
      const response = await ask(url, init, limits, connection);
      const wait = readWait(response.headers, now());
      if (wait !== undefined && wait > MAX_WAIT_MILLISECONDS) {
        response.discard();
        throw rateLimited(limits, wait);
      }
      if (wait !== undefined) await pauses.add(bucket, wait);
      if (!RETRYABLE.has(response.status)) return await takeBody(response, init, limits);
      const { status } = response;
      response.discard();
      return { reason: `it answers ${status}`, status, ...(wait !== undefined && { wait }) };
    } catch (error) {
      if (!(error instanceof HttpFault)) throw error;
      if (error.kind === "unavailable") return { reason: hideCredentials(error.message) };
      throw refused(limits, error);
    }
  };

  return (limits) => async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== new URL(options.endpoint).origin) {
      throw answerInvalid(limits, `it leads to ${url.origin}, which is not the Hub`);
    }
    return slots.run(async () => {
      for (let tried = 1; ; tried++) {
        const answer = await attempt(url, init ?? {}, limits);
        if (answer instanceof Response) return answer;
        if (tried === MAX_ATTEMPTS) throw gaveUp(limits, answer, url);
        if (answer.wait === undefined) await sleep(FIRST_BACKOFF_MILLISECONDS * 2 ** (tried - 1));
      }
    });
  };
}

/** An attempt that failed by accident. */
interface Retry {
  readonly reason: string;
  readonly status?: number;
  /** How long to wait, in milliseconds, where the Hub said so. */
  readonly wait?: number;
}

interface Connection {
  readonly guard: AddressGuard;
  readonly agents: HttpAgents;
  readonly send?: Send;
}

async function ask(url: URL, init: RequestInit, limits: AnswerLimits, connection: Connection): Promise<HttpResponse> {
  const { method = "GET", headers, body, signal } = init;
  return request({
    url,
    method,
    headers: Object.fromEntries(new Headers(headers)),
    ...(body !== undefined && body !== null && { body: await new Response(body).bytes() }),
    times: TIMES,
    maxBytes: limits.maxBytes,
    compressed: true,
    redirects: MAX_REDIRECTS,
    signal: signal ?? undefined,
    ...connection,
  });
}

/** Refuses what is no success, and takes the body within its limits. */
async function takeBody(answer: HttpResponse, init: RequestInit, limits: AnswerLimits): Promise<Response> {
  const { status, headers, body } = answer;
  if (status < 200 || status > 299) {
    answer.discard();
    const refusal = { status, code: headers.get("x-error-code"), text: headers.get("x-error-message") };
    throw toHubError(refusal, limits.what, new Headers(init.headers).has("authorization"));
  }
  if (!limits.stream) return new Response(await readAll(body), { status, headers });
  return new Response(ReadableStream.from(streamOf(body, limits)), { status, headers });
}

async function* streamOf(body: AsyncIterable<Uint8Array>, limits: AnswerLimits): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw error instanceof HttpFault && error.kind !== "unavailable" ? refused(limits, error) : error;
  }
}

/** What the Hub's answer, or the place that it leads to, is not taken for. */
function refused(limits: AnswerLimits, { kind, message }: HttpFault): ProvenanceError {
  return answerInvalid(
    limits,
    kind === "oversize" ? `its answer has more than ${limits.maxBytes} bytes` : `it ${message}`,
  );
}

function gaveUp(limits: AnswerLimits, { reason, status }: Retry, url: URL): ProvenanceError {
  if (status === 429) return rateLimited(limits);
  const text = `The Hub at ${url.host} did not answer the request for ${limits.what} (${reason}). Try again later.`;
  return new ProvenanceError("HUB_UNREACHABLE", text);
}

function rateLimited({ what }: AnswerLimits, wait?: number): ProvenanceError {
  const until = wait === undefined ? "" : ` It asks to wait ${Math.ceil(wait / 1000)} seconds.`;
  const text = `The Hub takes no more requests for now (${what}).${until} Run again later: what was read is kept. HF_TOKEN raises the limit.`;
  return new ProvenanceError("HUB_RATE_LIMITED", text);
}

function answerInvalid({ what }: AnswerLimits, fault: string): ProvenanceError {
  return new ProvenanceError("HUB_ANSWER_INVALID", `The Hub's answer for ${what} is refused: ${fault}.`);
}

async function sleepFor(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

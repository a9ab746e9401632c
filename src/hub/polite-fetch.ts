import { ProvenanceError } from "../base/errors.ts";
import { type LookupAddresses, assertRedirect } from "./assert-redirect.ts";
import { readBounded, streamBounded } from "./bounded-body.ts";
import { toHubError } from "./hub-failure.ts";
import { hideCredentials } from "../base/url-secrets.ts";
import { bucketOf, createPauses, readWait } from "./rate-limit.ts";
import { createSlots } from "./slots.ts";

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
  readonly fetch?: typeof fetch;
  /** How the host of a redirect is looked up; the system's way when left out. */
  readonly lookup?: LookupAddresses;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** Requests at a time. */
  readonly concurrency?: number;
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
/** How long nothing may come of an answer. */
const IDLE_MILLISECONDS = 60_000;

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
  const pauses = createPauses(now, sleep, onWait);
  const slots = createSlots(concurrency);

  const attempt = async (url: URL, init: RequestInit, limits: AnswerLimits): Promise<Response | Retry> => {
    const bucket = bucketOf(url);
    await pauses.over(bucket);
    let response: Response;
    try {
      response = await follow(url, init, options);
    } catch (error) {
      if (error instanceof ProvenanceError) throw error;
      return { reason: reasonOf(error) };
    }
    const wait = readWait(response.headers, now());
    if (wait !== undefined && wait > MAX_WAIT_MILLISECONDS) {
      void response.body?.cancel();
      throw rateLimited(limits, wait);
    }
    if (wait !== undefined) pauses.add(bucket, wait);
    if (RETRYABLE.has(response.status)) {
      void response.body?.cancel();
      return { reason: `it answers ${response.status}`, status: response.status, ...(wait !== undefined && { wait }) };
    }
    return takeBody(response, init, limits);
  };

  return (limits) => async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== new URL(options.endpoint).origin) {
      throw answerInvalid(limits, `it leads to ${url.origin}, which is not the Hub`);
    }
    return slots(async () => {
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

/** Refuses what is no success, and takes the body within its limits. */
async function takeBody(response: Response, init: RequestInit, limits: AnswerLimits): Promise<Response | Retry> {
  if (!response.ok) {
    void response.body?.cancel();
    const { status, headers } = response;
    const refusal = { status, code: headers.get("x-error-code"), text: headers.get("x-error-message") };
    throw toHubError(refusal, limits.what, new Headers(init.headers).has("authorization"));
  }
  const bounds = { maxBytes: limits.maxBytes, idleMilliseconds: IDLE_MILLISECONDS };
  const tooLarge = () => answerInvalid(limits, `its answer has more than ${limits.maxBytes} bytes`);
  const { status, headers } = response;
  if (limits.stream) return new Response(streamBounded(response, bounds, tooLarge), { status, headers });
  try {
    return new Response(await readBounded(response, bounds, tooLarge), { status, headers });
  } catch (error) {
    if (error instanceof ProvenanceError) throw error;
    return { reason: reasonOf(error) };
  }
}

/** Follows redirects by hand: fetch itself would follow them anywhere. */
async function follow(start: URL, init: RequestInit, options: PoliteFetchOptions): Promise<Response> {
  const home = new URL(options.endpoint);
  let url = start;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const headers = new Headers(init.headers);
    if (url.origin !== home.origin) headers.delete("authorization");
    const response = await answerInTime(options.fetch ?? fetch, url, { ...init, headers, redirect: "manual" });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    void response.body?.cancel();
    url = new URL(location, url);
    await assertRedirect(url, home, options.lookup);
  }
  throw new ProvenanceError(
    "HUB_ANSWER_INVALID",
    `The Hub redirects ${start.pathname} more than ${MAX_REDIRECTS} times.`,
  );
}

/** The time counts until the answer begins; its body has a limit of its own. */
async function answerInTime(send: typeof fetch, url: URL, init: RequestInit): Promise<Response> {
  const controller = new AbortController();
  const late = new Error(`nothing came for ${IDLE_MILLISECONDS / 1000} seconds`);
  const timer = setTimeout(() => controller.abort(late), IDLE_MILLISECONDS);
  try {
    return await send(url, { ...init, signal: controller.signal });
  } finally {
    clearTimeout(timer);
  }
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

function reasonOf(error: unknown): string {
  const { cause, message, name } = error as Error & { cause?: { code?: string; message?: string } };
  return hideCredentials(cause?.code ?? cause?.message ?? (message || name));
}

async function sleepFor(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

import { ProvenanceError } from "../errors.ts";
import { HttpFault } from "../http/http-fault.ts";
import { type Answered, type Exchange, readWhole } from "../http/exchange.ts";
import { type RetryOptions, TransientFailure, readRetryAfter, waitFor, withRetries } from "../http/retry.ts";
import { secretsOf } from "../url-secrets.ts";
import { type JsonRpcAnswer, type JsonRpcRequest, readAnswer } from "./json-rpc-answer.ts";
import { type JsonRpcError, NodeFault, type NodeErrorKind, isQuota, readJsonRpcError, wordsOf } from "./node-error.ts";
import { assertShape } from "./result-shapes.ts";

/** Effects and limits of a {@link JsonRpcEndpoint}. */
export interface JsonRpcOptions extends Pick<RetryOptions, "attempts" | "maxWait" | "wait"> {
  /** Milliseconds for one request and its answer; 30 000 unless given. */
  readonly timeout?: number;
  /** The longest answer that is read, in bytes; 64 MiB unless given: the largest honest one is a list of events. */
  readonly maxBytes?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

const TIMEOUT = 30_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
// Five tries with pauses that double are some seconds: limits per second have passed then.
const ATTEMPTS = 5;
const MAX_WAIT = 30_000;
const FIRST_PAUSE = 500;
const SHORTEST_GAP = 50;
const LONGEST_GAP = 1000;
const MAX_REDIRECTS = 3;

/** Methods that must not be sent twice: a node that signs would sign again. */
const ONCE = new Set(["eth_sendTransaction"]);

/**
 * Talks with one JSON-RPC node over HTTP. It may be anybody's: answers are bounded in time and size, redirects lead to the
 * same origin or nowhere, limits are waited out, and no failure holds the URL's secrets.
 */
export class JsonRpcEndpoint {
  readonly #url: URL;
  readonly #exchange: Exchange;
  readonly #secrets: readonly string[];
  readonly #options: JsonRpcOptions;
  /** Methods that the node limited to the end: these are not waited for again until one is answered. */
  readonly #exhausted = new Set<string>();
  /** When the node may be asked again, and how far apart requests begin, in milliseconds. */
  #openAt = 0;
  #gap = 0;

  /**
   * @param url - of the node; user and password in it become an `Authorization` header
   * @param exchange - sends the requests
   */
  constructor(url: string, exchange: Exchange, options: JsonRpcOptions = {}) {
    this.#url = new URL(url);
    this.#secrets = secretsOf(this.#url);
    this.#exchange = exchange;
    this.#options = options;
  }

  /** As it may be shown. */
  get host(): string {
    return this.#url.host;
  }

  /**
   * Asks for one thing. Where the node takes no more requests, it is asked again later.
   *
   * @returns its answer: a result of the form that the method has, or its error
   * @throws {ProvenanceError} `CHAIN_UNREACHABLE`, with a {@link NodeFault} as its cause
   */
  async ask(request: JsonRpcRequest): Promise<JsonRpcAnswer> {
    const { method } = request;
    const { attempts = ATTEMPTS, maxWait = MAX_WAIT, wait = waitFor } = this.#options;
    const tries = ONCE.has(method) || this.#exhausted.has(method) ? 1 : attempts;
    const attempt = async (number: number) => this.#try(request, number, tries, maxWait);
    const answer = await withRetries(attempt, { attempts: tries, maxWait, wait });
    if (!("error" in answer)) this.#exhausted.delete(method);
    return answer;
  }

  async #try(request: JsonRpcRequest, number: number, tries: number, maxWait: number): Promise<JsonRpcAnswer> {
    const { method } = request;
    if (!this.#exhausted.has(method)) await this.#turn();
    const { answer, retryAfter } = await this.#send(request);
    const error = "error" in answer ? answer.error : undefined;
    if (error === undefined || readJsonRpcError(error, method).kind !== "limited") {
      this.#gap = this.#gap < SHORTEST_GAP ? 0 : this.#gap * 0.9;
      return answer;
    }
    const pause = retryAfter ?? pauseOf(error) ?? FIRST_PAUSE * 2 ** (number - 1);
    if (number === tries || pause > maxWait) {
      this.#exhausted.add(method);
      return answer;
    }
    this.#gap = Math.min(LONGEST_GAP, Math.max(SHORTEST_GAP, this.#gap * 2));
    this.#openAt = Math.max(this.#openAt, this.#now() + pause);
    throw new TransientFailure(this.#failure("limited", wordsOf(error.message)), pause);
  }

  /** Waits until the node may be asked: after a limit, one request after the other. */
  async #turn(): Promise<void> {
    const { wait = waitFor } = this.#options;
    const pause = this.#openAt - this.#now();
    this.#openAt = this.#now() + Math.max(pause, 0) + this.#gap;
    if (pause > 0) await wait(pause);
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  async #send(asked: JsonRpcRequest): Promise<{ answer: JsonRpcAnswer; retryAfter: number | undefined }> {
    try {
      const response = await this.#post(JSON.stringify(asked), !ONCE.has(asked.method));
      const answer = this.#clean(readAnswer(await readText(response), response, asked));
      if ("result" in answer) assertShape(asked.method, answer.result);
      return { answer, retryAfter: readRetryAfter(response.headers.get("retry-after"), this.#now()) };
    } catch (error) {
      if (error instanceof NodeFault) throw this.#failure(error.kind, error.message);
      if (error instanceof HttpFault) throw this.#failure(kindOf(error), `it ${error.message}`);
      throw error;
    }
  }

  /** A connection that was kept may have been closed by the other side just now, and then so may all that were kept. */
  async #post(body: string, mayRepeat: boolean): Promise<Answered> {
    const { timeout = TIMEOUT, maxBytes = MAX_ANSWER_BYTES } = this.#options;
    const times = { connect: timeout, firstByte: timeout, idle: timeout, total: timeout };
    const asked = {
      url: this.#url,
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      times,
      maxBytes,
      compressed: true,
      redirects: MAX_REDIRECTS,
      mayFollow: (next: URL, from: URL) => next.origin === from.origin,
    };
    return this.#exchange(asked).catch(async (error: unknown) => {
      if (!mayRepeat || !(error instanceof HttpFault) || !error.again) throw error;
      return this.#exchange({ ...asked, fresh: true });
    });
  }

  #clean(answer: JsonRpcAnswer): JsonRpcAnswer {
    if (!("error" in answer) || typeof answer.error.message !== "string") return answer;
    return { ...answer, error: { ...answer.error, message: this.#hide(answer.error.message) } };
  }

  #hide(text: string): string {
    return this.#secrets.reduce((rest, secret) => rest.replaceAll(secret, "…"), text);
  }

  #failure(kind: NodeErrorKind, words: string): ProvenanceError {
    const fault = new NodeFault(kind, this.#hide(words));
    const text = `The node at ${this.host} ${DEEDS[kind]}: ${fault.message}. Check RPC_URL, or try again.`;
    return new ProvenanceError("CHAIN_UNREACHABLE", text, { cause: fault });
  }
}

async function readText({ body }: Answered): Promise<string> {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await readWhole(body));
}

/** What broke may be asked for again, what was out of time may not. */
function kindOf({ kind, again }: HttpFault): NodeErrorKind {
  if (kind === "oversize") return "oversized";
  return kind === "unavailable" && !again ? "slow" : "silent";
}

const DEEDS: Readonly<Record<NodeErrorKind, string>> = {
  reverted: "reverted",
  limited: "takes no more requests for now",
  refused: "did not do what was asked",
  undecodable: "gave an answer that cannot be read",
  unreadable: "answered something else than what was asked for",
  oversized: "gave an answer that is too long",
  slow: "did not answer in time",
  silent: "does not answer as a JSON-RPC node",
};

/**
 * The pause that a node asks for within an error, in milliseconds: Infura's `data.rate.backoff_seconds`, or words as
 * "retry in 10m0s". `Infinity` where no wait of ours helps; undefined where it says nothing.
 */
function pauseOf(error: JsonRpcError): number | undefined {
  if (isQuota(error)) return Infinity;
  const backoff = (error.data as { rate?: { backoff_seconds?: unknown } } | null | undefined)?.rate?.backoff_seconds;
  if (typeof backoff === "number" && backoff >= 0) return backoff * 1000;
  const words = /(?:retry|try again|wait)[^0-9]{0,20}(\d{1,6})\s?(ms|milliseconds?|s|seconds?|m(?:\d+s)?|minutes?)\b/i;
  const [, count, unit = ""] = words.exec(String(error.message)) ?? [];
  if (count === undefined) return undefined;
  if (/^m(s|illi)/i.test(unit)) return Number(count);
  return Number(count) * (/^m/i.test(unit) ? 60_000 : 1000);
}

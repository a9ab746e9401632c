import { type Answered, type AskedOverHttp, HttpFault, authorizationOf } from "model-provenance-nft/core";

// A browser says itself who it is; with this header it would ask for leave first.
const OWN_HEADERS = ["user-agent", "authorization"];

/**
 * Sends a request by `fetch`, within the same bounds as Node's client: no cookie and no referrer goes with it, and the answer is
 * cut off as soon as it is too long or too slow.
 *
 * @throws {HttpFault}
 */
export async function fetchExchange(asked: AskedOverHttp): Promise<Answered> {
  const { url, method = "GET", body, times, redirects = 0, mayFollow, signal } = asked;
  const watch = new Watch(times.total, signal);
  try {
    watch.expect(times.connect + times.firstByte, "did not begin to answer");
    const response = await fetch(withoutUser(url), {
      method,
      headers: headersOf(asked),
      ...(body !== undefined && { body: await toBody(body) }),
      redirect: redirects > 0 ? "follow" : "error",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: watch.signal,
    });
    if (response.redirected && mayFollow?.(new URL(response.url), url) === false) {
      throw new HttpFault("refused", "redirects to what is no safe web address");
    }
    return {
      status: response.status,
      headers: response.headers,
      body: readBody(response, asked, watch),
      discard: () => watch.end(),
    };
  } catch (error) {
    watch.stop();
    throw watch.fault ?? toFault(error);
  }
}

/** What comes in pieces is put together: browsers send no stream without HTTP/2. */
async function toBody(body: NonNullable<AskedOverHttp["body"]>): Promise<string | Blob> {
  if (typeof body === "string") return body;
  const pieces: Uint8Array[] = [];
  if (body instanceof Uint8Array) pieces.push(body);
  else for await (const piece of body) pieces.push(piece);
  return new Blob(pieces as Uint8Array<ArrayBuffer>[]);
}

async function* readBody(
  response: Response,
  { maxBytes, times, onBytes }: AskedOverHttp,
  watch: Watch,
): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  let size = 0;
  try {
    while (reader !== undefined) {
      watch.expect(times.idle, "sent nothing");
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > maxBytes) throw new HttpFault("oversize", `answers with more than ${maxBytes} bytes`);
      onBytes?.();
      yield value;
    }
  } catch (error) {
    if (error instanceof HttpFault) throw error;
    throw watch.fault ?? new HttpFault("unavailable", "broke its answer off", true);
  } finally {
    watch.end();
  }
}

/** What a browser says of a request that failed is the same for every reason. */
function toFault(error: unknown): HttpFault {
  if (error instanceof HttpFault) return error;
  return new HttpFault(
    "unavailable",
    "could not be asked: it cannot be reached, or does not let pages ask (CORS)",
    true,
  );
}

function headersOf({ url, headers }: AskedOverHttp): Headers {
  const sent = new Headers(Object.entries(headers).filter(([name]) => !OWN_HEADERS.includes(name)));
  const authorization = headers["authorization"] ?? authorizationOf(url);
  if (authorization !== undefined) sent.set("authorization", authorization);
  return sent;
}

function withoutUser(url: URL): URL {
  const copy = new URL(url);
  copy.username = copy.password = "";
  return copy;
}

/** Ends a request that takes too long, and keeps the reason. */
class Watch {
  fault: HttpFault | undefined;
  readonly #controller = new AbortController();
  readonly #total: ReturnType<typeof setTimeout> | undefined;
  #step: ReturnType<typeof setTimeout> | undefined;

  constructor(total: number, signal: AbortSignal | undefined) {
    const late = () => this.#fail(`took more than ${total / 1000} s`);
    if (total !== Infinity) this.#total = setTimeout(late, total);
    if (signal?.aborted) this.#fail("was not waited for");
    signal?.addEventListener("abort", () => this.#fail("was not waited for"), { signal: this.#controller.signal });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  expect(milliseconds: number, otherwise: string): void {
    clearTimeout(this.#step);
    if (milliseconds === Infinity) return;
    this.#step = setTimeout(() => this.#fail(`${otherwise} for ${milliseconds / 1000} s`), milliseconds);
  }

  stop(): void {
    clearTimeout(this.#step);
    clearTimeout(this.#total);
  }

  /** Stops, and lets go of the connection. */
  end(): void {
    this.stop();
    this.#controller.abort();
  }

  #fail(text: string): void {
    this.fault ??= new HttpFault("unavailable", text);
    this.end();
  }
}

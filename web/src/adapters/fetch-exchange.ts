import { type Answered, type AskedOverHttp, HttpFault } from "model-provenance-nft/core";

/**
 * Sends requests by the browser's `fetch`, without cookies and without saying where they come from. The browser follows
 * redirects itself; where one led to a place that may not be followed to, the answer does not count.
 *
 * @throws {HttpFault}
 */
export async function fetchExchange(asked: AskedOverHttp): Promise<Answered> {
  const { url, method = "GET", headers, body, times, maxBytes, signal, onBytes, redirects = 0, mayFollow } = asked;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), Math.min(times.total, 2 ** 31 - 1));
  const giveUp = () => stop.abort();
  signal?.addEventListener("abort", giveUp);
  const end = () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
  };
  try {
    if (signal?.aborted) stop.abort();
    const response = await fetch(url, {
      method,
      // The name of the program is the browser's; any other would need the server's leave first.
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name !== "user-agent")),
      ...(body !== undefined && { body: body as string }),
      credentials: "omit",
      referrerPolicy: "no-referrer",
      redirect: redirects > 0 ? "follow" : "manual",
      cache: "no-store",
      signal: stop.signal,
    });
    if (response.redirected && mayFollow?.(new URL(response.url), url) === false) {
      throw new HttpFault("refused", "redirects to what is no safe web address");
    }
    const discard = () => (end(), stop.abort());
    const pieces = readPieces(response, { maxBytes, onBytes, isGivenUp: () => stop.signal.aborted, end });
    return { status: response.status, headers: response.headers, body: pieces, discard };
  } catch (error) {
    end();
    throw toFault(error, stop.signal.aborted);
  }
}

interface Reading {
  readonly maxBytes: number;
  readonly onBytes: (() => void) | undefined;
  readonly isGivenUp: () => boolean;
  readonly end: () => void;
}

async function* readPieces(response: Response, { maxBytes, onBytes, isGivenUp, end }: Reading) {
  const reader = response.body?.getReader();
  let size = 0;
  try {
    for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
      size += read.value.length;
      if (size > maxBytes) throw new HttpFault("oversize", `answers with more than ${maxBytes} bytes`);
      onBytes?.();
      yield read.value;
    }
  } catch (error) {
    throw toFault(error, isGivenUp());
  } finally {
    end();
    await reader?.cancel().catch(() => undefined);
  }
}

/** A browser says nothing of why a request failed: the server may be away, or not allow this page to ask it. */
function toFault(error: unknown, isGivenUp: boolean): HttpFault {
  if (error instanceof HttpFault) return error;
  if (isGivenUp) return new HttpFault("unavailable", "did not answer in time");
  return new HttpFault("unavailable", "could not be asked: it is away, or does not allow pages to ask it (CORS)", true);
}

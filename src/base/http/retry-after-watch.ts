import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { readRetryAfter } from "./retry.ts";

const CHANNEL = "undici:request:headers";

interface HeadersMessage {
  readonly request: { readonly origin?: unknown };
  readonly response: { readonly statusCode: number; readonly headers: readonly (Buffer | string)[] };
}

/**
 * Listens for the pause that services ask for while something is done by a package that uses `fetch` and keeps no
 * headers. Nothing is changed on the way: Node publishes the headers of every answer.
 *
 * @param origins - of the services
 * @param now - milliseconds since 1970
 * @returns what the work returns or throws, and the last pause asked for, in milliseconds
 */
export async function watchRetryAfter<T>(
  origins: readonly string[],
  now: () => number,
  work: () => Promise<T>,
): Promise<{ value: T } | { error: unknown; retryAfter: number | undefined }> {
  let retryAfter: number | undefined;
  const listen = (message: unknown) => {
    const { request, response } = message as HeadersMessage;
    if (!origins.includes(String(request.origin)) || response.statusCode < 400) return;
    for (let i = 0; i + 1 < response.headers.length; i += 2) {
      if (String(response.headers[i]).toLowerCase() !== "retry-after") continue;
      retryAfter = readRetryAfter(String(response.headers[i + 1]), now());
    }
  };
  subscribe(CHANNEL, listen);
  try {
    return { value: await work() };
  } catch (error) {
    return { error, retryAfter };
  } finally {
    unsubscribe(CHANNEL, listen);
  }
}

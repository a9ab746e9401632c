import { readRetryAfter } from "../base/http/retry.ts";

/** Requests that the Hub counts apart: its API, and what serves files. */
export type HubBucket = "api" | "resolvers";

const LONGEST_MILLISECONDS = 24 * 60 * 60 * 1000;

/** Which of the Hub's limits a request counts towards. @see https://huggingface.co/docs/hub/rate-limits */
export function bucketOf(url: URL): HubBucket {
  return url.pathname.startsWith("/api/") ? "api" : "resolvers";
}

/**
 * Reads from an answer for how long nothing more should be asked: `RateLimit: "api";r=0;t=55`, else `Retry-After` in
 * seconds or as a date.
 *
 * @param now - Unix time in milliseconds
 * @returns milliseconds; undefined where the answer does not say
 * @see IETF draft-ietf-httpapi-ratelimit-headers-09; RFC 9110, section 10.2.3
 */
export function readWait(headers: Headers, now: number): number | undefined {
  const limit = /\br=(\d+)\b.*?\bt=(\d+)/.exec(headers.get("ratelimit") ?? "");
  if (limit !== null && Number(limit[1]) === 0) return Math.min(Number(limit[2]) * 1000, LONGEST_MILLISECONDS);
  const after = readRetryAfter(headers.get("retry-after"), now);
  return after === undefined ? undefined : Math.min(after, LONGEST_MILLISECONDS);
}

/** Times in which nothing is asked, of one kind of request each. */
export interface Pauses {
  /** Asks nothing more for so many milliseconds. */
  readonly add: (bucket: HubBucket, milliseconds: number) => void | Promise<void>;
  /** Resolves when a request may be made. */
  readonly over: (bucket: HubBucket) => Promise<void>;
}

/**
 * Keeps the times until which the Hub asked to wait: one request is told, and all wait.
 *
 * @param onWait - called when a pause begins or becomes longer
 */
export function createPauses(
  now: () => number,
  sleep: (milliseconds: number) => Promise<void>,
  onWait: (milliseconds: number) => void,
): Pauses {
  const until: Record<HubBucket, number> = { api: 0, resolvers: 0 };
  return {
    add: (bucket, milliseconds) => {
      if (now() + milliseconds <= until[bucket]) return;
      until[bucket] = now() + milliseconds;
      onWait(milliseconds);
    },
    over: async (bucket) => {
      for (let wait = until[bucket] - now(); wait > 0; wait = until[bucket] - now()) await sleep(wait);
    },
  };
}

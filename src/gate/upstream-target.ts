import { Refusal } from "./refusal.ts";

/** Below which path of the gate the endpoint is reached. */
export const UPSTREAM_PREFIX = "/v1/upstream/";

/**
 * The path and query to ask the endpoint for: its own path, and below it what the client named. Nothing that any server
 * could read as a step up is passed on: nor what is encoded twice, for a server behind the endpoint may decode it again.
 *
 * @param url - the target of the client's request
 * @throws {Refusal} 400
 */
export function upstreamPath(base: URL, url: string): string {
  const [path = "", ...query] = url.slice(UPSTREAM_PREFIX.length).split("?");
  // The router knows the prefix in other spellings too (`/v1/upstrea%6d/`), which end elsewhere.
  const isSafe = url.startsWith(UPSTREAM_PREFIX) && path.split("/").every(isSafePart) && !/[#\\]/.test(url);
  if (!isSafe) throw new Refusal(400, "request_invalid", "The path is not one that is passed on.");
  const search = query.length === 0 ? "" : `?${query.join("?")}`;
  return `${base.pathname.replace(/\/+$/, "")}/${path}${search}`;
}

function isSafePart(part: string): boolean {
  try {
    const decoded = decodeURIComponent(part);
    // Path parameters (`..;x`) are cut off by some servers.
    const isStep = /^\.{1,2}(;.*)?$/.test(decoded);
    return !isStep && !/[\0-\x1f\x7f/\\]/.test(decoded) && !/%(u|[\da-f]{2})/i.test(decoded);
  } catch {
    return false;
  }
}

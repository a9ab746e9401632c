import type { AddressGuard } from "./address-guard.ts";
import { HttpFault } from "./http-fault.ts";
import { authorizationOf } from "../url-secrets.ts";
import { readAll } from "./read-body.ts";
import { type HttpRequest, type HttpResponse, type Send, send as sendByNode } from "./send.ts";

/** A request, and where it may be sent on to. */
export interface FollowedRequest extends Omit<HttpRequest, "lookup"> {
  /** Decides which machines are connected to. */
  readonly guard: AddressGuard;
  /** How many redirects are followed; none unless given. */
  readonly redirects?: number;
  /** Whether a redirect may be followed at all; anywhere that the guard allows unless given. */
  readonly mayFollow?: (next: URL, from: URL) => boolean;
  readonly send?: Send;
}

/** Headers that are for the origin that was asked first. */
const OWN_HEADERS = ["authorization", "cookie"];

/**
 * Sends a request and follows its redirects by hand: never from an encrypted connection to an open one, never to an
 * address that the guard does not allow, and with what identifies us only at the origin that was asked first: user and
 * password of the URL, where nothing else does.
 *
 * @returns the last answer; a redirect itself where none is to be followed
 * @throws {HttpFault}; what a streamed body throws
 */
export async function request(asked: FollowedRequest): Promise<HttpResponse> {
  const { guard, redirects = 0, mayFollow, send = sendByNode, ...rest } = asked;
  const authorization = asked.headers["authorization"] ?? authorizationOf(asked.url);
  const own = authorization === undefined ? asked.headers : { ...asked.headers, authorization };
  const end = performance.now() + asked.times.total;
  let url = withoutUser(asked.url);
  for (let followed = 0; ; followed++) {
    const fault = guard.faultOf(url);
    if (fault !== undefined) throw new HttpFault("refused", `was not asked: ${fault}`);
    const total = followed === 0 ? asked.times.total : Math.max(1, end - performance.now());
    const headers = url.origin === asked.url.origin ? own : withoutOwn(own);
    const times = { ...asked.times, total };
    const response = await send({ ...rest, url, headers, times, lookup: guard.lookup });
    const location = response.headers.get("location");
    if (redirects === 0 || response.status < 300 || response.status > 399 || location === null) return response;
    leave(response);
    if (followed === redirects) throw new HttpFault("refused", `redirects more than ${redirects} times`);
    const next = resolveLocation(location, url);
    if (next === undefined || mayFollow?.(next, url) === false) {
      throw new HttpFault("refused", "redirects to what is no safe web address");
    }
    url = next;
  }
}

// The words beside a redirect are few: reading them keeps the connection, and a new one takes several turns.
const SHORT_BYTES = 4096;
const PATIENCE_MILLISECONDS = 1000;

/** Leaves an answer of which the status and the headers were all that matters. */
function leave(response: HttpResponse): void {
  const length = response.headers.get("content-length");
  if (length === null || !(Number(length) <= SHORT_BYTES)) return response.discard();
  const late = setTimeout(() => response.discard(), PATIENCE_MILLISECONDS).unref();
  void readAll(response.body)
    .catch(() => undefined)
    .finally(() => clearTimeout(late));
}

/** Where a redirect leads; undefined for nowhere, and from an encrypted connection to an open one. */
function resolveLocation(location: string, from: URL): URL | undefined {
  if (!URL.canParse(location, from.href)) return undefined;
  const url = withoutUser(new URL(location, from));
  return from.protocol === "https:" && url.protocol !== "https:" ? undefined : url;
}

function withoutOwn(headers: HttpRequest["headers"]): HttpRequest["headers"] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN_HEADERS.includes(name)));
}

function withoutUser(url: URL): URL {
  const copy = new URL(url);
  copy.username = copy.password = "";
  return copy;
}

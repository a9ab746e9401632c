import { type LookupAll, guardAddresses } from "../../base/http/address-guard.ts";
import { HttpFault } from "../../base/http/http-fault.ts";
import { readAll } from "../../base/http/read-body.ts";
import { type FollowedRequest, request } from "../../base/http/request.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { DID_DOCUMENT_MAX_BYTES } from "../../metadata/did-document.ts";
import type { DidWeb } from "../../metadata/did-web.ts";
import type { DidFetcher, FetchedDocument } from "./publisher-sources.ts";

/** How documents of DIDs are fetched. */
export interface FetchDidOptions {
  /** An origin that may be asked although it is private, and by http where it says so: `http://localhost:8080`. */
  readonly privateOrigin?: string;
  /** The clock: milliseconds since 1970. */
  readonly now?: () => number;
  /** How long may be waited, in milliseconds. */
  readonly times?: FollowedRequest["times"];
  /** How names are looked up. */
  readonly lookup?: LookupAll;
}

const TIMES = { connect: 5000, firstByte: 5000, idle: 5000, total: 10_000 };
const MAX_REDIRECTS = 3;
// No host: nothing private may be asked.
const NOBODY = "https://nobody.invalid";

/**
 * Makes a fetcher of did:web documents: https alone, public addresses alone, whatever their names are answered with at the
 * time of connecting; redirects only to the same host or one below it. Whatever goes wrong is an error: nothing is known then.
 *
 * @throws {ProvenanceError} (the fetcher) `STORE_FAILED`
 */
export function createDidFetcher(options: FetchDidOptions = {}): DidFetcher {
  const { privateOrigin = NOBODY, now = Date.now, times = TIMES, lookup } = options;
  const home = new URL(privateOrigin);
  const guard = guardAddresses(home, lookup);
  return async (did, signal) => {
    const url = new URL(did.url);
    if (url.host === home.host) url.protocol = home.protocol;
    return fetchDocument(did, { url, times, guard, signal, redirects: MAX_REDIRECTS }, now);
  };
}

async function fetchDocument(
  { host }: DidWeb,
  asked: Pick<FollowedRequest, "url" | "times" | "guard" | "signal" | "redirects">,
  now: () => number,
): Promise<FetchedDocument> {
  const headers = { accept: "application/did+json, application/did+ld+json, application/json" };
  try {
    const answer = await request({ ...asked, headers, mayFollow: isBelow, maxBytes: DID_DOCUMENT_MAX_BYTES });
    if (answer.status === 200) return { bytes: await readAll(answer.body), time: Math.floor(now() / 1000) };
    answer.discard();
    throw failed(host, `answers with status ${answer.status}`);
  } catch (error) {
    if (!(error instanceof HttpFault)) throw error;
    throw failed(host, error.message, error);
  }
}

/** A site may send to its own other names; to another's, the other would speak for it. */
function isBelow(next: URL, from: URL): boolean {
  return next.host === from.host || next.hostname.endsWith(`.${from.hostname}`);
}

function failed(host: string, text: string, cause?: unknown): ProvenanceError {
  return new ProvenanceError("STORE_FAILED", `${host} ${text}.`, { cause });
}

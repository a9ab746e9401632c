import { ProvenanceError } from "../../../base/errors.ts";
import { toBase64, toUtf8 } from "../../../base/bytes.ts";
import { assertConfidential } from "../../../base/http/confidential.ts";

/** How a node is reached, with the secrets taken apart so that they are not shown. */
export interface KuboEndpoint {
  /** `http://host:port/…/api/v0/`, without user and password. */
  readonly base: URL;
  /** Value of the Authorization header. */
  readonly authorization?: string;
  /** Parts of it that must never be shown. */
  readonly secrets: readonly string[];
}

const MULTIADDR = /^\/(?:ip4|ip6|dns|dns4|dns6)\/([^/]+)\/tcp\/(\d{1,5})(?:\/(https?))?$/;

/**
 * Reads where a node's RPC is and how it wants to be asked.
 *
 * @param apiUrl - a URL, or a multiaddr as in the node's own file `api`
 * @param auth - as `ipfs --api-auth` takes it: `bearer:TOKEN`, `basic:USER:PASSWORD`, `basic:BASE64`, or a token alone
 * @throws {ProvenanceError} `OPTION_INVALID`, without showing a secret; also where one would be sent in the clear to
 *   another machine
 */
export function readKuboEndpoint(apiUrl: string, auth?: string): KuboEndpoint {
  const url = parseUrl(apiUrl);
  const inUrl = url.username === "" ? undefined : `basic:${decode(url.username)}:${decode(url.password)}`;
  url.username = url.password = "";
  const base = new URL(`${url.pathname.replace(/\/+(api\/v0\/*)?$/, "")}/api/v0/`, url);
  const given = auth ?? inUrl;
  if (given === undefined) return { base, secrets: [] };
  const authorization = toHeader(given);
  assertConfidential(base, "the Kubo node");
  const secrets = [given, authorization, ...authorization.split(" "), ...given.split(":")];
  return {
    base,
    authorization,
    secrets: secrets.filter((secret) => secret.length > 3 && !/^(basic|bearer)$/i.test(secret)),
  };
}

function parseUrl(text: string): URL {
  const match = MULTIADDR.exec(text.trim());
  if (match !== null) {
    const [, host = "", port = "", scheme = "http"] = match;
    return new URL(`${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`);
  }
  if (URL.canParse(text) && /^https?:/.test(text)) return new URL(text);
  const takes = "a URL such as http://127.0.0.1:5001, or a multiaddr such as /ip4/127.0.0.1/tcp/5001";
  throw new ProvenanceError("OPTION_INVALID", `KUBO_API_URL takes ${takes}.`);
}

function toHeader(auth: string): string {
  const [, scheme = "bearer", value = ""] = /^(?:(basic|bearer)[: ] *)?(.*)$/is.exec(auth.trim()) as RegExpExecArray;
  if (value === "" || !/^[\x21-\x7e ]+$/.test(value)) {
    const takes = "bearer:TOKEN, basic:USER:PASSWORD or basic:BASE64, in printable ASCII";
    throw new ProvenanceError("OPTION_INVALID", `KUBO_API_AUTH takes ${takes}; what it holds is not shown.`);
  }
  if (scheme.toLowerCase() === "bearer") return `Bearer ${value}`;
  return `Basic ${value.includes(":") ? toBase64(toUtf8(value)) : value}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

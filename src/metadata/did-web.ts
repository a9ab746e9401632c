/** Where a did:web stands. */
export interface DidWeb {
  readonly did: string;
  /** Host, and port where one is named: `example.org`. */
  readonly host: string;
  /** As people read it: the host, and the path where there is one: `example.org/labs/vision`. */
  readonly name: string;
  /** Where its document is. */
  readonly url: string;
}

const MAX_LENGTH = 512;
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
// In the path: what needs no escape, and the bytes of other scripts; an escaped dot or slash would lead elsewhere.
const SEGMENT = "(?:[A-Za-z0-9._~-]|%[89A-F][0-9A-F])+";
const FORM = new RegExp(`^did:web:(${LABEL}(?:\\.${LABEL})*)(?:%3A([1-9]\\d{0,4}))?((?::${SEGMENT})*)$`);

/**
 * Reads a did:web in the one way it is written here: host in lower case, other scripts as punycode, no IP address, no
 * default port, nothing in the path that leads elsewhere.
 *
 * @returns undefined for anything else
 * @see https://w3c-ccg.github.io/did-method-web/
 */
export function parseDidWeb(did: string): DidWeb | undefined {
  const [, domain, port, rest = ""] = (did.length <= MAX_LENGTH && FORM.exec(did)) || [];
  if (domain === undefined || domain.length > 253) return undefined;
  const host = port === undefined ? domain : `${domain}:${port}`;
  const path = rest.replaceAll(":", "/");
  const url = `https://${host}${path === "" ? "/.well-known" : path}/did.json`;
  // A URL that is read otherwise than it is written names another place: an address, a port that goes without saying, a "..".
  if (!URL.canParse(url) || new URL(url).href !== url || /(?:^|\.)\d+$/.test(domain)) return undefined;
  try {
    decodeURIComponent(path);
  } catch {
    return undefined;
  }
  return { did, host, name: `${host}${path}`, url };
}

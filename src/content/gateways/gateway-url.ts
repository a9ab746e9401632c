import { ProvenanceError } from "../../base/errors.ts";

/**
 * Public gateways that serve single blocks, asked where nobody names others. What they answer is checked, so that they
 * are trusted with nothing but the knowledge of what is read.
 */
export const PUBLIC_GATEWAYS: readonly string[] = ["https://trustless-gateway.link", "https://4everland.io"];

/**
 * Reads the address of a gateway: `https://host`, with a path before `/ipfs/` and a query (a token of the gateway)
 * where it has them; a name alone means https.
 *
 * @throws {ProvenanceError} `OPTION_INVALID`; the address may hold a key, so that it is not shown
 */
export function parseGatewayUrl(text: string): URL {
  const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || /%(?![0-9a-f]{2})/i.test(url.username + url.password)) {
    throw new ProvenanceError("OPTION_INVALID", "A gateway is written as https://host; one that was given is not.");
  }
  url.pathname = url.pathname.replace(/\/+$/, "").replace(/\/ipfs$/, "");
  url.hash = "";
  return url;
}

/** How a gateway is called: without user, password and query, which may be secret. */
export function nameGateway({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname === "/" ? "" : pathname}`;
}

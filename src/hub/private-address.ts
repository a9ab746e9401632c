import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/**
 * Tells whether a host is one of this machine or of a private network: what a stranger's redirect must not lead to.
 * A name is looked up; one that cannot be found is not private, and nothing can be fetched from it either.
 */
export async function isPrivateHost(hostname: string): Promise<boolean> {
  const host = hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0) return !isPublicAddress(host);
  if (host === "localhost" || host.endsWith(".localhost")) return true;
  const addresses = await lookup(host, { all: true }).catch(() => []);
  return addresses.some(({ address }) => !isPublicAddress(address));
}

function isPublicAddress(text: string): boolean {
  return ipaddr.process(text).range() === "unicast";
}

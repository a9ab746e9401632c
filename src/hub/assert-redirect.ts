import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { ProvenanceError } from "../base/errors.ts";
import { hostOf, isLinkLocalAddress, isPrivateHost, isPublicAddress } from "../base/public-address.ts";

/** Looks up the addresses of a host name; it throws where there are none. */
export type LookupAddresses = (host: string) => Promise<readonly string[]>;

const lookupAddresses: LookupAddresses = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address);

/**
 * Makes sure that a redirect may be followed: to a scheme no weaker, and from a Hub of the public internet only to
 * others there. To an address of the link it never leads, whatever the Hub is.
 *
 * @param home - the Hub as the user named it
 * @throws {ProvenanceError} `HUB_ANSWER_INVALID`; what `lookupName` throws for a name that cannot be looked up
 */
export async function assertRedirect(url: URL, home: URL, lookupName = lookupAddresses): Promise<void> {
  if (url.origin === home.origin) return;
  const isSafe = url.protocol === "https:" || (url.protocol === "http:" && home.protocol === "http:");
  if (isSafe && (await mayLeadTo(hostOf(url), hostOf(home), lookupName))) return;
  throw new ProvenanceError("HUB_ANSWER_INVALID", `The Hub redirects to ${url.origin}, which is not followed.`);
}

async function mayLeadTo(host: string, home: string, lookupName: LookupAddresses): Promise<boolean> {
  const addresses = await addressesOf(host, lookupName);
  if (addresses.length === 0 || addresses.some(isLinkLocalAddress)) return false;
  if (!isPrivateHost(host) && addresses.every(isPublicAddress)) return true;
  return isPrivateHost(home) || !(await addressesOf(home, lookupName)).every(isPublicAddress);
}

async function addressesOf(host: string, lookupName: LookupAddresses): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  // Not every system knows that all of these are this machine.
  return host === "localhost" || host.endsWith(".localhost") ? ["127.0.0.1"] : lookupName(host);
}

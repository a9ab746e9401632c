import { type LookupAddress, lookup as lookupHost } from "node:dns";
import { type LookupFunction, isIP } from "node:net";
import { ProvenanceError } from "../errors.ts";
import { hostOf, isLinkLocalAddress, isPrivateHost, isPublicAddress } from "./public-address.ts";

/** Decides which machines may be connected to for one service. */
export interface AddressGuard {
  /** Why a URL must not be asked; undefined when it may be. Host names are decided when they are looked up. */
  readonly faultOf: (url: URL) => string | undefined;
  /** Looks a name up for a connection, and fails where the answer is an address that must not be connected to. */
  readonly lookup: LookupFunction;
}

/** How a name is looked up: as `dns.lookup` with `all` does. */
export type LookupAll = (
  host: string,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const lookupAll: LookupAll = (host, done) => lookupHost(host, { all: true }, done);

/**
 * Guards the connections to a stranger's service: they go to the public internet alone, except to the very host that the
 * user named when that is a private one, and to names below it. What counts is the address at the time of connecting, so
 * that a name whose answer changes gains nothing.
 *
 * @param home - the service as the user named it
 */
export function guardAddresses(home: URL, lookupName?: LookupAll): AddressGuard {
  const own = hostOf(home);
  const mayBePrivate = (host: string) => isPrivateHost(own) && (host === own || host.endsWith(`.${own}`));
  return guard((host, address) => mayBePrivate(host) || isPublicAddress(address), lookupName);
}

/**
 * Guards the connections to the user's own service: it may be anywhere, and so may what it leads to where it is on a
 * private network; one on the public internet leads to others there alone. To an address of the link nothing leads.
 *
 * @param home - the service as the user named it
 */
export function guardRedirects(home: URL, lookupName?: LookupAll): AddressGuard {
  const own = hostOf(home);
  let isPrivate = isPrivateHost(own);
  return guard((host, address) => {
    if (host !== own) return isPublicAddress(address) || (isPrivate && !isLinkLocalAddress(address));
    isPrivate ||= !isPublicAddress(address);
    return true;
  }, lookupName);
}

function guard(mayConnect: (host: string, address: string) => boolean, lookupName = lookupAll): AddressGuard {
  return {
    faultOf: (url) => {
      if (url.protocol !== "http:" && url.protocol !== "https:") return `${url.protocol} is no web address`;
      const host = hostOf(url);
      return isIP(host) === 0 || mayConnect(host, host) ? undefined : `${host} is no public address`;
    },
    lookup: (host, options, callback) => {
      // Not every system knows that all of these are this machine.
      lookupName(host.endsWith(".localhost") ? "localhost" : host, (error, found) => {
        const addresses = found?.filter(({ family }) => !options.family || isFamily(options.family, family)) ?? [];
        const refused = addresses.find(({ address }) => !mayConnect(host, address));
        const [first] = addresses;
        if (error) callback(error, "");
        else if (refused !== undefined) callback(notPublic(host, refused.address), "");
        else if (first === undefined) callback(new Error(`${host} has no address`), "");
        else if (options.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      });
    },
  };
}

function notPublic(host: string, address: string): ProvenanceError {
  return new ProvenanceError("STORE_FAILED", `${host} leads to ${address}, no public address`);
}

function isFamily(wanted: number | "IPv4" | "IPv6", family: number): boolean {
  return wanted === family || wanted === `IPv${family}`;
}

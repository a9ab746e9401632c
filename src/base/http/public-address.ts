import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** The host of a URL as it is looked up: without the brackets of IPv6. */
export function hostOf({ hostname }: URL): string {
  return hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
}

/**
 * Tells whether an IP address is one of the public internet: not loopback, private, link-local, carrier-grade NAT,
 * multicast or reserved, whether written as IPv4, mapped into IPv6, or behind the prefix of a NAT64.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.range() === "unicast";
  const ipv6 = parsed as ipaddr.IPv6;
  // In networks without IPv4, every IPv4 host of the internet has an address of this form.
  if (ipv6.range() === "rfc6052") return isPublicAddress(ipaddr.fromByteArray(ipv6.toByteArray().slice(-4)).toString());
  return ipv6.range() === "unicast";
}

/**
 * Tells whether an IP address belongs to the link alone, 169.254/16 or fe80::/10, in whatever way it is written: there
 * clouds answer every process with the machine's own credentials.
 */
export function isLinkLocalAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== "rfc6052") return parsed.range() === "linkLocal";
  return isLinkLocalAddress(ipaddr.fromByteArray(parsed.toByteArray().slice(-4)).toString());
}

// No public name server answers for these: RFC 6761, 6762, 8375, and ICANN's reservation of "internal".
const PRIVATE_SUFFIXES = [".localhost", ".local", ".internal", ".home.arpa"];

/**
 * Tells whether who wrote a host name or an address meant a machine of their own: an address that is not public, a name
 * without a dot, or one below a name that is reserved for private use.
 */
export function isPrivateHost(host: string): boolean {
  if (isIP(host) !== 0) return !isPublicAddress(host);
  return !host.includes(".") || PRIVATE_SUFFIXES.some((suffix) => host.endsWith(suffix));
}

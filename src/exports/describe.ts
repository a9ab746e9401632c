import { sha1 } from "@noble/hashes/legacy.js";
import { concatBytes, fromHex, toDigits, toUtf8 } from "../base/bytes.ts";
import { rawCidOfDigest, toIpfsUri } from "../content/cid.ts";
import type { StatusStatement } from "../registry/statuses.ts";
import type { ExportedModel } from "./exported-model.ts";

// RFC 9562, appendix: names that are URLs.
const URL_NAMESPACE = "6ba7b8119dad11d180b400c04fd430c8";

/** A UUID of version 5 (RFC 9562) of a URI: the same name has the same one everywhere. */
export function uuidOf(uri: string): string {
  const bytes = sha1(concatBytes([fromHex(URL_NAMESPACE), toUtf8(uri)])).slice(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return toDigits(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** A time of the chain (Unix, in seconds) as ISO 8601 in UTC, to the second. */
export function toIsoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

/** Where the metadata of a record is. */
export function metadataUri({ record }: Pick<ExportedModel, "record">): string {
  return toIpfsUri(rawCidOfDigest(record.metadataDigest));
}

/** The version of a model: as its metadata say, else as was emitted. */
export function versionOf({ metadata, event }: Pick<ExportedModel, "metadata" | "event">): string | undefined {
  return metadata.provenance.version ?? (event?.version === "" ? undefined : event?.version);
}

/** What was said of a model, in a sentence for people. The reason is a stranger's text. */
export function describeStatus({ status, account, time, reason }: StatusStatement): string {
  const why = reason === "" ? ", without a reason" : `: ${reason}`;
  return `${status === "active" ? "active again" : status} since ${toIsoTime(time)}, said by ${account}${why}`;
}

/** Names an account as a DID. @see https://github.com/w3c-ccg/did-pkh */
export function toDidPkh(chainId: bigint, account: string): string {
  return `did:pkh:eip155:${chainId}:${account}`;
}

/** Whether something is so, in a word; what was not found out is unknown, never no. */
export function describeAnswer(answer: boolean | undefined): "yes" | "no" | "unknown" {
  return answer === undefined ? "unknown" : answer ? "yes" : "no";
}

/** Writes an address that a stranger stated so that it is an IRI reference (RFC 3987): what cannot stand in one is escaped. */
export function toIriReference(text: string): string {
  const [head = "", ...fragments] = text
    .replaceAll(/%(?![0-9a-f]{2})/gi, "%25")
    .replaceAll(/[^A-Za-z0-9._~:/?#@!$&'()*+,;=%-]/gu, (character) => encodeURIComponent(character))
    .split("#");
  const address = fragments.length === 0 ? head : `${head}#${fragments.join("%23")}`;
  if (/^[a-z][a-z0-9+.-]*:/i.test(address) && URL.canParse(address)) return address;
  // No address at all: what is left is a relative one, in which a colon or two slashes would begin something else.
  return address.replaceAll(":", "%3A").replace(/^\/+/, "");
}

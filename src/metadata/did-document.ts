import { isRecord } from "../base/is-record.ts";
import { parseAddress } from "../base/address.ts";
import { ProvenanceError } from "../base/errors.ts";
import { clip, parseUntrustedJson } from "./json-limits.ts";

/** The longest document of a DID that is read, in bytes. */
export const DID_DOCUMENT_MAX_BYTES = 256 * 1024;
const MAX_METHODS = 1000;
// Where a verification method may stand in full.
const LISTS = [
  "verificationMethod",
  "authentication",
  "assertionMethod",
  "keyAgreement",
  "capabilityInvocation",
  "capabilityDelegation",
] as const;

/** An account that a document lists. */
export interface ListedAccount {
  readonly chainId: bigint;
  /** With EIP-55 checksum. */
  readonly account: string;
  /** When its owner says that it ends, or was taken back: Unix time in seconds. */
  readonly until?: number;
}

/**
 * Reads which accounts the document of a DID lists: each `blockchainAccountId` of a verification method, in CAIP-10. What a
 * method says that is not understood makes it none that is listed, and no other.
 *
 * @throws {ProvenanceError} `METADATA_INVALID`, `METADATA_TOO_LARGE` for what is no document of this DID: it says nothing
 * @see https://www.w3.org/TR/did-core/ section 5.2, https://www.w3.org/TR/cid-1.0/ section 2.2 for `expires` and `revoked`
 */
export function readDidDocument(bytes: Uint8Array, did: string): readonly ListedAccount[] {
  const json = parseUntrustedJson(bytes, DID_DOCUMENT_MAX_BYTES, "It");
  if (!isRecord(json)) throw invalid("it is no object");
  if (json["id"] !== did) throw invalid(`it is of ${describe(json["id"])}`);
  const methods: unknown[] = [];
  for (const name of LISTS) {
    const list = json[name] ?? [];
    if (!Array.isArray(list)) throw invalid(`its ${name} is no list`);
    methods.push(...(list as unknown[]));
  }
  if (methods.length > MAX_METHODS) throw invalid(`it has more than ${MAX_METHODS} verification methods`);
  const accounts = methods.flatMap((method) => (isRecord(method) ? readMethod(method) : []));
  return joinSame(accounts);
}

function readMethod({ blockchainAccountId: id, revoked, expires }: Record<string, unknown>): ListedAccount[] {
  const match = typeof id === "string" ? /^eip155:([1-9]\d{0,31}):(0x[0-9a-fA-F]{40})$/.exec(id) : null;
  const account = parseAddress(match?.[2] ?? "");
  if (match === null || account === undefined) return [];
  const chainId = BigInt(match[1] as string);
  const ends = [revoked, expires].filter((value) => value !== undefined && value !== null);
  if (ends.length === 0) return [{ chainId, account }];
  const times = ends.map((value) => (typeof value === "string" ? Date.parse(value) / 1000 : NaN));
  // An end that cannot be read may have come.
  return [{ chainId, account, until: times.some(Number.isNaN) ? 0 : Math.floor(Math.min(...times)) }];
}

/** An account that stands twice is listed as long as one of both says. */
function joinSame(accounts: readonly ListedAccount[]): ListedAccount[] {
  const joined = new Map<string, ListedAccount>();
  for (const one of accounts) {
    const key = `${one.chainId}:${one.account}`;
    const before = joined.get(key);
    const isLonger = before?.until !== undefined && (one.until === undefined || one.until > before.until);
    if (before === undefined || isLonger) joined.set(key, one);
  }
  return [...joined.values()];
}

function describe(id: unknown): string {
  return typeof id === "string" ? JSON.stringify(clip(id)) : "no DID";
}

function invalid(fault: string): ProvenanceError {
  return new ProvenanceError("METADATA_INVALID", `The document is not one of this DID: ${fault}.`);
}

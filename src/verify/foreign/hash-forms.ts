import { CID } from "multiformats/cid";
import { base58btc } from "multiformats/bases/base58";
import { decode as decodeMultihash } from "multiformats/hashes/digest";
import { SHA2_256 } from "../../content/cid.ts";

/** What a text in somebody's metadata may be a hash by. */
export type ForeignHash =
  | {
      /** 32 bytes of a hash over a file's content. */
      readonly kind: "digest";
      readonly digest: Uint8Array;
      /** As the text says; any of them where it says nothing. */
      readonly algorithms: readonly ("sha256" | "keccak256")[];
    }
  | { readonly kind: "cid"; readonly cid: CID };

const DIGEST_BYTES = 32;
const KECCAK_256 = 0x1b;
const ANY = ["sha256", "keccak256"] as const;
// Longer texts are no hashes.
const MAX_LENGTH = 200;

/**
 * Reads a text as a hash in every form that people write one in: hex with or without 0x, base64, a multihash in hex or base58, a
 * CID, with or without the name of the algorithm before it.
 *
 * @returns what it may be; empty where it is none of these
 */
export function readForeignHash(text: string): ForeignHash[] {
  const trimmed = text.trim();
  if (trimmed.length > MAX_LENGTH) return [];
  const named = /^(sha-?256|sha2-256|keccak-?256)\s*[:=-]\s*(.+)$/i.exec(trimmed);
  const algorithms = named === null ? ANY : ([/^sha/i.test(named[1] as string) ? "sha256" : "keccak256"] as const);
  const value = (named?.[2] ?? trimmed).trim();
  const digest = readHex(value) ?? readBase64(value);
  const found: ForeignHash[] = digest === undefined ? [] : [{ kind: "digest", digest, algorithms }];
  const multihash = readMultihash(value);
  if (multihash !== undefined) found.push(multihash);
  const cid = readCid(value);
  if (cid !== undefined) found.push({ kind: "cid", cid });
  return found;
}

function readHex(text: string): Uint8Array | undefined {
  return /^(0x)?[0-9a-f]{64}$/i.test(text) ? Buffer.from(text.replace(/^0x/i, ""), "hex") : undefined;
}

function readBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return undefined;
  const bytes = Buffer.from(text, /[_-]/.test(text) ? "base64url" : "base64");
  return bytes.length === DIGEST_BYTES ? bytes : undefined;
}

/** A multihash names its algorithm; in base58 one of SHA-256 begins with Qm, as a CIDv0 does. */
function readMultihash(text: string): ForeignHash | undefined {
  try {
    const bytes = /^(0x)?[0-9a-f]{68}$/i.test(text)
      ? Buffer.from(text.replace(/^0x/i, ""), "hex")
      : base58btc.baseDecode(text);
    const { code, digest } = decodeMultihash(bytes);
    if (digest.length !== DIGEST_BYTES) return undefined;
    if (code === SHA2_256) return { kind: "digest", digest, algorithms: ["sha256"] };
    return code === KECCAK_256 ? { kind: "digest", digest, algorithms: ["keccak256"] } : undefined;
  } catch {
    return undefined;
  }
}

/** A CID, also at the end of `ipfs://` or of a gateway's address. */
function readCid(text: string): CID | undefined {
  const inside = /(?:^|\/ipfs\/|^ipfs:\/\/(?:ipfs\/)?)([A-Za-z0-9]{46,120})(?:[/?#].*)?$/.exec(text)?.[1];
  if (inside === undefined) return undefined;
  try {
    return CID.parse(inside);
  } catch {
    return undefined;
  }
}

import { base58btc } from "multiformats/bases/base58";
import { base64url } from "multiformats/bases/base64";
import { concatBytes, fromHex, toDigits } from "./bytes.ts";

/** A public key as JOSE has it (RFC 7517), as far as curves go that are known here. */
export interface PublicJwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y?: string;
}

interface Kind {
  readonly crv: string;
  /** Multicodec of the public key, as a varint. */
  readonly prefix: readonly [number, number];
  /** Bytes of a coordinate. */
  readonly size: number;
}

// https://www.w3.org/TR/cid-1.0/#Multikey, as of 2025-05.
const KINDS: readonly Kind[] = [
  { crv: "Ed25519", prefix: [0xed, 0x01], size: 32 },
  { crv: "P-256", prefix: [0x80, 0x24], size: 32 },
  { crv: "P-384", prefix: [0x81, 0x24], size: 48 },
  { crv: "P-521", prefix: [0x82, 0x24], size: 66 },
];

/** Writes a public key as a Multikey: what follows `did:key:`. @throws {TypeError} for another kind of key */
export function toMultikey({ crv, x, y }: PublicJwk): string {
  const kind = KINDS.find((known) => known.crv === crv);
  if (kind === undefined) throw new TypeError(`There is no Multikey for ${crv} keys here.`);
  const at = decode(x);
  // A point is written by one coordinate and the sign of the other (SEC 1, section 2.3.3).
  const sign = y === undefined ? [] : [2 + ((decode(y).at(-1) as number) & 1)];
  return base58btc.encode(concatBytes([Uint8Array.from([...kind.prefix, ...sign]), at]));
}

/** Reads what a Multikey says: the kind of key, and its bytes; an EC point is compressed. Undefined: no key that is known here. */
export function readMultikey(text: string): { readonly crv: string; readonly bytes: Uint8Array } | undefined {
  let all: Uint8Array;
  try {
    all = base58btc.decode(text);
  } catch {
    return undefined; // no Multikey at all
  }
  const kind = KINDS.find(({ prefix }) => prefix.every((byte, i) => all[i] === byte));
  if (kind === undefined) return undefined;
  const bytes = all.slice(2);
  return bytes.length === kind.size + (kind.crv === "Ed25519" ? 0 : 1) ? { crv: kind.crv, bytes } : undefined;
}

/** The key as JOSE has it; undefined: no key that is known here, or one whose point is not written out. */
export function toJwk(multikey: string): PublicJwk | undefined {
  const key = readMultikey(multikey);
  if (key?.crv === "Ed25519") return { kty: "OKP", crv: key.crv, x: encode(key.bytes) };
  if (key?.crv !== "P-256") return undefined;
  const x = key.bytes.slice(1);
  const y = findY(toNumber(x), (key.bytes[0] as number) & 1);
  return y === undefined ? undefined : { kty: "EC", crv: key.crv, x: encode(x), y: encode(y) };
}

// SEC 2, section 2.4.2.
const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/** The other coordinate of a point on P-256, by its last bit; undefined where there is no such point. */
function findY(x: bigint, odd: number): Uint8Array | undefined {
  const square = (x ** 3n - 3n * x + B) % P;
  let root = 1n;
  for (let base = ((square % P) + P) % P, e = (P + 1n) / 4n; e > 0n; e >>= 1n) {
    if (e & 1n) root = (root * base) % P;
    base = (base * base) % P;
  }
  if ((((root * root - square) % P) + P) % P !== 0n || x >= P) return undefined;
  const y = Number(root & 1n) === odd ? root : P - root;
  return fromHex(`0x${y.toString(16).padStart(64, "0")}`);
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${toDigits(bytes)}`);
}

function encode(bytes: Uint8Array): string {
  return base64url.encode(bytes).slice(1);
}

function decode(text: string): Uint8Array {
  return base64url.decode(`u${text}`);
}

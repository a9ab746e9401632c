import { type KeyObject, createECDH, createHash, createHmac, createPublicKey, verify } from "node:crypto";
import { ProvenanceError } from "../../base/errors.ts";
import { hashOfKey } from "./ec-key.ts";

interface Curve {
  /** Order of the group. */
  readonly n: bigint;
  /** Bytes of a number below it. */
  readonly size: number;
}

// SEC 2, sections 2.4.2, 2.5.1 and 2.6.1.
const CURVES: Readonly<Record<string, Curve>> = {
  prime256v1: { n: BigInt("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"), size: 32 },
  secp384r1: {
    n: BigInt("0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"),
    size: 48,
  },
  secp521r1: {
    n: BigInt(`0x01ff${"f".repeat(62)}fa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409`),
    size: 66,
  },
};

/**
 * Signs with ECDSA so that the same key and bytes have the same signature every time. Node's own `sign` takes a random number;
 * here that number follows from the key and the bytes (RFC 6979), and the point is Node's.
 *
 * @param key - private, on P-256, P-384 or P-521; the hash is the one that goes with its curve
 * @param encoding - `raw`: r and s one after the other, as JOSE has them
 * @throws {ProvenanceError} `OPTION_INVALID` for another key
 */
export function signDeterministic(key: KeyObject, bytes: Uint8Array, encoding: "der" | "raw" = "der"): Buffer {
  const { namedCurve = "" } = key.asymmetricKeyDetails ?? {};
  const curve = CURVES[namedCurve];
  const hash = hashOfKey(key);
  if (curve === undefined || hash === undefined) {
    throw new ProvenanceError(
      "OPTION_INVALID",
      `A ${namedCurve || "strange"} key cannot sign: it takes P-256, P-384 or P-521.`,
    );
  }
  const { n, size } = curve;
  const d = toNumber(Buffer.from(key.export({ format: "jwk" }).d as string, "base64url"));
  const digest = createHash(hash).update(bytes).digest();
  const e = truncate(digest, n);
  for (const k of candidates(hash, d, e % n, curve)) {
    const ecdh = createECDH(namedCurve);
    ecdh.setPrivateKey(toBytes(k, size));
    const r = toNumber(ecdh.getPublicKey().subarray(1, 1 + size)) % n;
    const s = (power(k, n - 2n, n) * (e + r * d)) % n;
    if (r === 0n || s === 0n) continue;
    const raw = Buffer.concat([toBytes(r, size), toBytes(s, size)]);
    assertVerifies(key, bytes, raw, hash);
    return encoding === "raw" ? raw : toDer(r, s);
  }
  throw new Error("unreachable: there is always another candidate");
}

/** The numbers to try, in the order of RFC 6979, section 3.2. */
function* candidates(hash: string, d: bigint, z: bigint, { n, size }: Curve): Generator<bigint> {
  const hmac = (key: Uint8Array, ...parts: Uint8Array[]) => createHmac(hash, key).update(Buffer.concat(parts)).digest();
  const seed = Buffer.concat([toBytes(d, size), toBytes(z, size)]);
  const { length } = createHash(hash).digest();
  let v = Buffer.alloc(length, 1);
  let k = Buffer.alloc(length, 0);
  for (const mark of [0, 1]) {
    k = hmac(k, v, Buffer.of(mark), seed);
    v = hmac(k, v);
  }
  for (;;) {
    let t = Buffer.alloc(0);
    while (t.length < size) {
      v = hmac(k, v);
      t = Buffer.concat([t, v]);
    }
    const candidate = truncate(t, n);
    if (candidate > 0n && candidate < n) yield candidate;
    k = hmac(k, v, Buffer.of(0));
    v = hmac(k, v);
  }
}

/** Its leftmost bits, as many as the group's order has. */
function truncate(bytes: Uint8Array, n: bigint): bigint {
  const excess = bytes.length * 8 - n.toString(2).length;
  return excess > 0 ? toNumber(bytes) >> BigInt(excess) : toNumber(bytes);
}

/** A fault of the machine while it signs could give the key away. */
function assertVerifies(key: KeyObject, bytes: Uint8Array, signature: Buffer, hash: string): void {
  if (verify(hash, bytes, { key: createPublicKey(key), dsaEncoding: "ieee-p1363" }, signature)) return;
  throw new Error("A signature that was just made does not verify: this machine computes wrongly.");
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let b = base % modulus, e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * b) % modulus;
    b = (b * b) % modulus;
  }
  return result;
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex") || "0"}`);
}

function toBytes(number: bigint, size: number): Buffer {
  return Buffer.from(number.toString(16).padStart(2 * size, "0"), "hex");
}

/** SEQUENCE of two INTEGERs. */
function toDer(...numbers: bigint[]): Buffer {
  const integers = numbers.map((number) => {
    const hex = number.toString(16);
    const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
    const unsigned = (bytes[0] as number) & 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
    return Buffer.concat([Buffer.of(2, unsigned.length), unsigned]);
  });
  const body = Buffer.concat(integers);
  return Buffer.concat([body.length > 127 ? Buffer.of(0x30, 0x81, body.length) : Buffer.of(0x30, body.length), body]);
}

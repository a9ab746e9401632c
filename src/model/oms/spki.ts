import { fromBase64, sha256, toBase64, toDigits, toUtf8 } from "../../base/bytes.ts";
import { childrenOf, readDer } from "./der.ts";
import { signedForms } from "./signed-forms.ts";

/** A curve that OMS knows, as WebCrypto calls it and its hash. @see OMS algorithm registry, "Signing Key Types" */
interface Curve {
  readonly name: string;
  readonly hash: string;
  /** Bytes of a coordinate, and of each number of a signature. */
  readonly width: number;
}

// By their OIDs in DER.
const CURVES: Readonly<Record<string, Curve>> = {
  "2a8648ce3d030107": { name: "P-256", hash: "SHA-256", width: 32 },
  "2b81040022": { name: "P-384", hash: "SHA-384", width: 48 },
  "2b81040023": { name: "P-521", hash: "SHA-512", width: 66 },
};
const EC_KEY = "2a8648ce3d0201";
const PEM = /-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----/;
const [TAG_INTEGER, TAG_SEQUENCE, TAG_VERSION] = [0x02, 0x30, 0xa0];
const LINE = 64;

// The same in Node and in browsers.
type Subtle = typeof globalThis.crypto.subtle;

/** Public keys as they are carried: the DER of a SubjectPublicKeyInfo. @returns undefined for what is none */
export function spkiOfPem(pem: string): Uint8Array | undefined {
  const body = PEM.exec(pem)?.[1]?.replaceAll(/\s/g, "");
  return body === undefined ? undefined : fromBase64(body);
}

/** That of an X.509 certificate. @throws {RangeError} if its DER is broken */
export function spkiOfCertificate(certificate: Uint8Array): Uint8Array | undefined {
  const fields = childrenOf(childrenOf(readDer(certificate)[0])[0]);
  const key = fields[fields[0]?.tag === TAG_VERSION ? 6 : 5];
  return key?.tag === TAG_SEQUENCE ? key.bytes : undefined;
}

/** The hint by which a bundle names a key: SHA-256 of its PEM, as 64 hex digits. */
export function hintOfSpki(spki: Uint8Array): string {
  const lines = toBase64(spki).match(new RegExp(`.{1,${LINE}}`, "g")) ?? [];
  const pem = ["-----BEGIN PUBLIC KEY-----", ...lines, "-----END PUBLIC KEY-----", ""].join("\n");
  return toDigits(sha256(toUtf8(pem)));
}

/** Tells whether a key can be used: one of a kind that OMS does not know is not looked into. */
export async function isUsableSpki(spki: Uint8Array): Promise<boolean> {
  const subtle = requireSubtle();
  try {
    const curve = curveOf(spki);
    if (curve !== undefined) await importSpki(subtle, spki, curve);
    return true;
  } catch {
    return false;
  }
}

/**
 * Tells whether a DER signature over a payload is a key's, in any form that clients have signed.
 *
 * @param isByCertificate - clients before 1.0 used SHA-256 with certificates of any curve
 * @returns false, too, for keys of a kind that OMS does not know
 * @throws {TypeError} where there is no WebCrypto: a page that came over an open connection has none
 */
export async function isSignedBySpki(
  spki: Uint8Array,
  { payload, signature }: { readonly payload: Uint8Array; readonly signature: Uint8Array },
  isByCertificate: boolean,
): Promise<boolean> {
  const curve = curveOf(spki);
  if (curve === undefined) return false;
  const subtle = requireSubtle();
  const key = await importSpki(subtle, spki, curve);
  const raw = toRawSignature(signature, curve.width);
  if (raw === undefined) return false;
  for (const { hash, bytes } of signedForms(payload, curve.hash, isByCertificate ? "SHA-256" : curve.hash)) {
    if (await subtle.verify({ name: "ECDSA", hash }, key, raw, Uint8Array.from(bytes))) return true;
  }
  return false;
}

function requireSubtle(): Subtle {
  const { subtle } = globalThis.crypto as Partial<typeof globalThis.crypto>;
  if (subtle === undefined) throw new TypeError("There is no WebCrypto here.");
  return subtle;
}

function importSpki(subtle: Subtle, spki: Uint8Array, { name }: Curve): ReturnType<Subtle["importKey"]> {
  return subtle.importKey("spki", Uint8Array.from(spki), { name: "ECDSA", namedCurve: name }, false, ["verify"]);
}

function curveOf(spki: Uint8Array): Curve | undefined {
  const [kind, curve] = childrenOf(childrenOf(readDer(spki)[0])[0]).map(({ content }) => toDigits(content));
  return kind === EC_KEY ? CURVES[curve ?? ""] : undefined;
}

/** From two DER numbers to two of a fixed width, as WebCrypto takes them. */
function toRawSignature(signature: Uint8Array, width: number): Uint8Array<ArrayBuffer> | undefined {
  try {
    const [whole, ...more] = readDer(signature);
    const numbers = childrenOf(whole);
    if (more.length > 0 || whole?.tag !== TAG_SEQUENCE || numbers.length !== 2) return undefined;
    const raw = new Uint8Array(2 * width);
    for (const [i, { tag, content }] of numbers.entries()) {
      const digits = content[0] === 0 ? content.subarray(1) : content;
      if (tag !== TAG_INTEGER || digits.length > width) return undefined;
      raw.set(digits, (i + 1) * width - digits.length);
    }
    return raw;
  } catch {
    return undefined;
  }
}

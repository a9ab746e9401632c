import { Buffer } from "buffer";
import { IN_TOTO_PAYLOAD_TYPE, encodePreAuthentication } from "../../base/dsse.ts";
import type { EcHash, VerifyingKey } from "./carried-key.ts";
import { readDer, writeDer } from "./der.ts";

/** Of the curves of OMS. */
const COORDINATE_BYTES: Readonly<Record<string, number>> = { "P-256": 32, "P-384": 48, "P-521": 66 };
// Escaping may make four of a byte, and whoever sends a forged bundle chooses how many there are.
const LEGACY_MAX_BYTES = 64 * 1024 * 1024;

/**
 * Encodes a payload as release 0.2.0 of the Python client did: another version word, and the payload as
 * Python prints bytes. For verifying what it signed; nothing is signed so any more.
 */
export function encodeLegacyPreAuthentication(payload: Uint8Array): Buffer {
  const header = `DSSEV1 ${IN_TOTO_PAYLOAD_TYPE.length} ${IN_TOTO_PAYLOAD_TYPE} ${payload.length} `;
  return Buffer.from(header + pythonRepr(payload));
}

/**
 * Tells whether a DER signature over a payload is the key's, in today's or in the legacy encoding.
 *
 * @param hash - the hash of today's encoding; `legacyHash` that of the other
 */
export async function isSignedBy(
  key: VerifyingKey,
  payload: Uint8Array,
  signature: Uint8Array,
  hash: EcHash,
  legacyHash: EcHash,
): Promise<boolean> {
  const { namedCurve = "" } = key.algorithm as { readonly namedCurve?: string };
  const raw = toRawSignature(signature, COORDINATE_BYTES[namedCurve] ?? 0);
  if (raw === undefined) return false;
  const verify = async (name: EcHash, bytes: Uint8Array) =>
    crypto.subtle.verify({ name: "ECDSA", hash: name.replace("sha", "SHA-") }, key, raw, Uint8Array.from(bytes));
  if (await verify(hash, encodePreAuthentication(payload))) return true;
  return payload.length <= LEGACY_MAX_BYTES && verify(legacyHash, encodeLegacyPreAuthentication(payload));
}

/** r and s one after the other, as WebCrypto takes them; undefined for what is no signature in DER. */
function toRawSignature(der: Uint8Array, size: number): Uint8Array<ArrayBuffer> | undefined {
  try {
    const [signature] = readDer(Buffer.from(der));
    const numbers = readDer(signature?.content ?? Buffer.alloc(0));
    const again = writeDer(0x30, Buffer.concat(numbers.map(({ content }) => writeDer(0x02, content))));
    if (numbers.length !== 2 || !again.equals(Buffer.from(der))) return undefined;
    const raw = new Uint8Array(2 * size);
    for (const [i, { content }] of numbers.entries()) {
      const [first = 0, second = 0] = content;
      // Of a number there is one way to be written, and none is negative.
      if (content.length === 0 || first >= 0x80 || (first === 0 && content.length > 1 && second < 0x80))
        return undefined;
      const digits = first === 0 ? content.subarray(1) : content;
      if (digits.length > size) return undefined;
      raw.set(digits, (i + 1) * size - digits.length);
    }
    return raw;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const PYTHON_ESCAPES: Readonly<Record<string, string>> = { "\t": "\\t", "\n": "\\n", "\r": "\\r", "\\": "\\\\" };

/** Writes bytes as Python prints them. */
function pythonRepr(bytes: Uint8Array): string {
  const quote = bytes.includes(39) && !bytes.includes(34) ? '"' : "'";
  const text = Buffer.from(bytes).toString("latin1");
  const escaped = text.replaceAll(/[^\x20-\x7e]|["'\\]/g, (character) => {
    if (character === '"' || character === "'") return character === quote ? `\\${character}` : character;
    return PYTHON_ESCAPES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return `b${quote}${escaped}${quote}`;
}

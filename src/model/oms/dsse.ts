import { type KeyObject, verify } from "node:crypto";
import { IN_TOTO_PAYLOAD_TYPE, encodePreAuthentication } from "../../base/dsse.ts";

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
export function isSignedBy(
  key: KeyObject,
  payload: Uint8Array,
  signature: Uint8Array,
  hash: string,
  legacyHash: string,
): boolean {
  if (verify(hash, encodePreAuthentication(payload), key, signature)) return true;
  if (payload.length > LEGACY_MAX_BYTES) return false;
  return verify(legacyHash, encodeLegacyPreAuthentication(payload), key, signature);
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

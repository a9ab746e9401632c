import { toUtf8 } from "../../base/bytes.ts";
import { IN_TOTO_PAYLOAD_TYPE, encodePreAuthentication } from "../../base/dsse.ts";

// Escaping may make four of a byte, and whoever sends a forged bundle chooses how many there are.
const LEGACY_MAX_BYTES = 64 * 1024 * 1024;

/**
 * Encodes a payload as release 0.2.0 of the Python client did: another version word, and the payload as
 * Python prints bytes. For verifying what it signed; nothing is signed so any more.
 */
export function encodeLegacyPreAuthentication(payload: Uint8Array): Uint8Array {
  const header = `DSSEV1 ${IN_TOTO_PAYLOAD_TYPE.length} ${IN_TOTO_PAYLOAD_TYPE} ${payload.length} `;
  return toUtf8(header + pythonRepr(payload));
}

/**
 * The forms in which clients have signed a payload, each with its hash: today's, then that of release 0.2.0. They are made
 * one after the other, as they are asked for.
 *
 * @param hash - the hash of today's encoding; `legacyHash` that of the other
 */
export function* signedForms<Hash>(
  payload: Uint8Array,
  hash: Hash,
  legacyHash: Hash,
): Generator<{ readonly hash: Hash; readonly bytes: Uint8Array }> {
  yield { hash, bytes: encodePreAuthentication(payload) };
  if (payload.length <= LEGACY_MAX_BYTES) yield { hash: legacyHash, bytes: encodeLegacyPreAuthentication(payload) };
}

const PYTHON_ESCAPES: Readonly<Record<string, string>> = { "\t": "\\t", "\n": "\\n", "\r": "\\r", "\\": "\\\\" };

/** Writes bytes as Python prints them. */
function pythonRepr(bytes: Uint8Array): string {
  const quote = bytes.includes(39) && !bytes.includes(34) ? '"' : "'";
  const text = toLatin1(bytes);
  const escaped = text.replaceAll(/[^\x20-\x7e]|["'\\]/g, (character) => {
    if (character === '"' || character === "'") return character === quote ? `\\${character}` : character;
    return PYTHON_ESCAPES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return `b${quote}${escaped}${quote}`;
}

const PART = 8192;

/** A character for each byte. */
function toLatin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += PART) text += String.fromCharCode(...bytes.subarray(at, at + PART));
  return text;
}

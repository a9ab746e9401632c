import { sha256 as portableSha256 } from "@noble/hashes/sha2.js";
import { base64pad } from "multiformats/bases/base64";

/** A SHA-256 of bytes that come one after the other. */
export interface Sha256 {
  update(bytes: Uint8Array): unknown;
  /** 32 bytes. */
  digest(): Uint8Array;
}

// Node's own is many times as fast. It is asked for at run time, so that what uses this runs in a browser as well.
const nodeCrypto = (globalThis as { process?: Partial<NodeJS.Process> }).process?.getBuiltinModule?.("node:crypto");

/** Begins a SHA-256. */
export function createSha256(): Sha256 {
  return nodeCrypto?.createHash("sha256") ?? portableSha256.create();
}

/** SHA-256 of bytes: 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const hash = createSha256();
  hash.update(bytes);
  return hash.digest();
}

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Encodes bytes as hex digits, without 0x. */
export function toDigits(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += DIGITS[byte];
  return text;
}

/** The bytes of hex, with or without 0x; of an odd number of digits the last does not count. */
export function fromHex(hex: string): Uint8Array {
  const start = hex.startsWith("0x") ? 2 : 0;
  const bytes = new Uint8Array((hex.length - start) >> 1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(start + 2 * i, start + 2 * i + 2), 16);
  return bytes;
}

/** The bytes of a text in UTF-8; a lone surrogate becomes U+FFFD. */
export function toUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

const encoder = new TextEncoder();

/** Encodes bytes in base64, padded. @see RFC 4648, section 4 */
export function toBase64(bytes: Uint8Array): string {
  return base64pad.baseEncode(bytes);
}

/** The bytes of padded base64. @throws {SyntaxError} for what is none */
export function fromBase64(text: string): Uint8Array {
  return base64pad.baseDecode(text);
}

/** Joins bytes. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Orders bytes as unsigned numbers; of two that begin alike the shorter comes first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

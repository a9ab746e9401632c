import { toDigits } from "./bytes.ts";

/** Hexadecimal with a leading 0x; a digest is 0x and 64 lower-case digits (32 bytes). */
export type Hex = `0x${string}`;

/** 32 zero bytes: "not given". */
export const ZERO_DIGEST: Hex = `0x${"0".repeat(64)}`;

/** Encodes bytes as 0x-hex. */
export function toHex(bytes: Uint8Array): Hex {
  return `0x${toDigits(bytes)}`;
}

/** Encodes a non-negative integer below 2^256 as 0x-hex of 32 bytes: the form in which a token id is written. */
export function toHex32(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, "0")}`;
}

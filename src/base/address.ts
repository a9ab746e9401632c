import { keccak_256 } from "@noble/hashes/sha3.js";
import { toDigits, toUtf8 } from "./bytes.ts";

// Every command reads options, and most need nothing else of ethers: loading it would take longer than
// hashing a small model.

/** Reads an address and gives it its EIP-55 checksum; undefined when it is none, or carries a wrong checksum. */
export function parseAddress(text: string): string | undefined {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) return undefined;
  const digits = text.slice(2).toLowerCase();
  const hash = toDigits(keccak_256(toUtf8(digits)));
  const checksummed = digits.replaceAll(/[a-f]/g, (letter, at: number) =>
    Number.parseInt(hash[at] as string, 16) >= 8 ? letter.toUpperCase() : letter,
  );
  const sameCase = text.slice(2) === digits || text.slice(2) === digits.toUpperCase();
  return sameCase || text.slice(2) === checksummed ? `0x${checksummed}` : undefined;
}

import { keccak_256 } from "@noble/hashes/sha3.js";

// Every command reads options, and most need nothing else of ethers: loading it would take longer than
// hashing a small model.

const ETHER_DECIMALS = 18;
const GWEI_DECIMALS = 9;

/** Reads an address and gives it its EIP-55 checksum; undefined when it is none, or carries a wrong checksum. */
export function parseAddress(text: string): string | undefined {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) return undefined;
  const digits = text.slice(2).toLowerCase();
  const hash = Buffer.from(keccak_256(Buffer.from(digits))).toString("hex");
  const checksummed = digits.replaceAll(/[a-f]/g, (letter, at: number) =>
    Number.parseInt(hash[at] as string, 16) >= 8 ? letter.toUpperCase() : letter,
  );
  const sameCase = text.slice(2) === digits || text.slice(2) === digits.toUpperCase();
  return sameCase || text.slice(2) === checksummed ? `0x${checksummed}` : undefined;
}

/** Reads an amount of ether as wei; undefined when it is no decimal number of at most 18 places. */
export function parseEther(text: string): bigint | undefined {
  return parseDecimal(text, ETHER_DECIMALS);
}

/** Reads an amount of gwei as wei; undefined when it is no decimal number of at most 9 places. */
export function parseGwei(text: string): bigint | undefined {
  return parseDecimal(text, GWEI_DECIMALS);
}

function parseDecimal(text: string, decimals: number): bigint | undefined {
  const match = /^(\d{1,30})(?:\.(\d+))?$/.exec(text);
  if (match === null || (match[2]?.length ?? 0) > decimals) return undefined;
  return BigInt((match[1] as string) + (match[2] ?? "").padEnd(decimals, "0"));
}

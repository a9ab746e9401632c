import { ProvenanceError } from "../base/errors.ts";

const TOKEN_ID = /^(0x[0-9a-f]{1,64}|\d{1,78})$/i;

/**
 * Reads a token id as people write it: decimal or 0x-hex.
 *
 * @returns undefined for what is none
 * @throws {ProvenanceError} `OPTION_INVALID` for one that no token can have
 */
export function parseTokenId(text: string): bigint | undefined {
  if (!TOKEN_ID.test(text)) return undefined;
  const id = BigInt(text);
  if (id < 1n << 256n) return id;
  throw new ProvenanceError("OPTION_INVALID", `${text} is no token id: it is above 2^256.`);
}

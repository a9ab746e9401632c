const MOST = (1n << 256n) - 1n;

/**
 * Adds to a sum of amounts. A currency is a contract of strangers, and may report the largest number again and again: the sum
 * stays within 256 bits, for one that the database cannot keep would end the indexing of all others.
 */
export function addAmount(sum: bigint, amount: bigint): bigint {
  const next = sum + amount;
  return next > MOST ? MOST : next < 0n ? 0n : next;
}

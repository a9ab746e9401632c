import type { Provider } from "ethers";
import { askTransactionsOf } from "./ask-node.ts";

/** A transaction that an account sent, as a block holds it. */
export interface SentCall {
  readonly hash: string;
  readonly to: string;
  /** 0x-hex. */
  readonly data: string;
  readonly value: bigint;
}

// Nodes keep the counts of accounts for about so many blocks; what is older is not looked for.
const MOST_BLOCKS = 8192;

/**
 * Finds the transaction that used a nonce, in whichever block it is: with about twice as many questions as the number of blocks
 * since has binary digits.
 *
 * @returns undefined where the node does not tell, or it is too long ago
 * @throws what the provider throws
 */
export async function findReplacement(
  provider: Provider,
  { from, nonce }: { readonly from: string; readonly nonce: number },
): Promise<SentCall | undefined> {
  const isUsed = async (block: number) => (await provider.getTransactionCount(from, block)) > nonce;
  let used = await provider.getBlockNumber();
  let back = 1;
  let unused = Math.max(0, used - back);
  while (await isUsed(unused)) {
    if (unused === 0 || back > MOST_BLOCKS) return undefined;
    used = unused;
    back *= 2;
    unused = Math.max(0, used - back);
  }
  while (used - unused > 1) {
    const middle = Math.floor((used + unused) / 2);
    if (await isUsed(middle)) used = middle;
    else unused = middle;
  }
  const found = await askTransactionsOf(provider, used);
  return found.find((one) => one.from === from.toLowerCase() && one.nonce === nonce);
}

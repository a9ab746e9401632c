import type { Provider } from "ethers";
import type { Attempt } from "../journal/journal-schema.ts";

/** A transaction that is in a block. */
export interface MinedTransaction {
  readonly transactionHash: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly gasUsed: bigint;
}

/** Where what was sent is now. The attempt is the newest that may still be mined. */
export type SentState =
  | { readonly kind: "none" }
  | { readonly kind: "mined" | "reverted"; readonly attempt: Attempt; readonly transaction: MinedTransaction }
  /** The node knows it, and it is in no block. */
  | { readonly kind: "pending"; readonly attempt: Attempt }
  /** The node knows another with its nonce that is in no block. */
  | { readonly kind: "occupied"; readonly attempt: Attempt }
  /** The node knows none with its nonce. */
  | { readonly kind: "dropped"; readonly attempt: Attempt }
  /** Another with its nonce is in a block: it can no longer be mined. */
  | { readonly kind: "replaced"; readonly attempt: Attempt };

/**
 * Asks a node what became of what was sent. At one nonce at most one transaction is ever mined; all attempts that are
 * alive have the same.
 *
 * @throws what the provider throws
 */
export async function inspectSent(provider: Provider, attempts: readonly Attempt[]): Promise<SentState> {
  const alive = attempts.filter(({ outcome }) => outcome === undefined);
  const newest = alive.at(-1);
  // Asked before the receipts: a nonce that was used by one of ours then has a receipt.
  const used = newest === undefined ? 0 : await provider.getTransactionCount(newest.from, "latest");
  let reverted: SentState | undefined;
  for (const attempt of attempts.toReversed()) {
    if (attempt.hash === undefined) continue;
    const receipt = await provider.getTransactionReceipt(attempt.hash);
    if (receipt === null) continue;
    const { hash, blockNumber, blockHash, gasUsed } = receipt;
    const transaction = { transactionHash: hash, blockNumber, blockHash, gasUsed };
    if (receipt.status !== 0) return { kind: "mined", attempt, transaction };
    if (attempt.outcome === undefined) reverted = { kind: "reverted", attempt, transaction };
  }
  if (reverted !== undefined) return reverted;
  if (newest === undefined) return { kind: "none" };
  if (used > newest.nonce) return { kind: "replaced", attempt: newest };
  for (const attempt of alive.toReversed()) {
    if (attempt.hash !== undefined && (await provider.getTransaction(attempt.hash)) !== null) {
      return { kind: "pending", attempt };
    }
  }
  const pending = await provider.getTransactionCount(newest.from, "pending");
  return { kind: pending > newest.nonce ? "occupied" : "dropped", attempt: newest };
}

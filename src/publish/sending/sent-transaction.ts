import type { Provider } from "ethers";
import type { Attempt } from "../journal/journal-schema.ts";
import { type MinedTransaction, askIsKnown, askReceipt } from "./ask-node.ts";

export type { MinedTransaction } from "./ask-node.ts";

/** Where what was sent is now. The attempt is the newest that may still be mined. */
export type SentState =
  | { readonly kind: "none" }
  | { readonly kind: "mined" | "reverted"; readonly attempt: Attempt; readonly transaction: MinedTransaction }
  /** The node knows it, and there is no whole receipt yet. */
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
    const receipt = await askReceipt(provider, attempt.hash);
    if (receipt === undefined) continue;
    const { succeeded, ...transaction } = receipt;
    if (succeeded) return { kind: "mined", attempt, transaction };
    if (attempt.outcome === undefined) reverted = { kind: "reverted", attempt, transaction };
  }
  if (reverted !== undefined) return reverted;
  if (newest === undefined) return { kind: "none" };
  for (const attempt of alive.toReversed()) {
    if (attempt.hash !== undefined && (await askIsKnown(provider, attempt.hash))) return { kind: "pending", attempt };
  }
  if (used > newest.nonce) return { kind: "replaced", attempt: newest };
  const pending = await provider.getTransactionCount(newest.from, "pending");
  return { kind: pending > newest.nonce ? "occupied" : "dropped", attempt: newest };
}

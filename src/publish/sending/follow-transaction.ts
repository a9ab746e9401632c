import { ProvenanceError } from "../../base/errors.ts";
import type { Attempt } from "../journal/journal-schema.ts";
import { toChainError } from "../../registry/chain-error.ts";
import { askBlockHash } from "./ask-node.ts";
import { followReplacement, waitForWallet } from "./follow-wallet.ts";
import { WalletSigner } from "./wallet-signer.ts";
import { type Unsent, broadcastAgain } from "./send-transaction.ts";
import { DEFAULT_WAIT_SECONDS, SYSTEM_CLOCK, type Sender, type Sending, markOutcome } from "./sending.ts";
import { type MinedTransaction, type SentState, inspectSent } from "./sent-transaction.ts";

/** How a transaction ended. */
export type Followed =
  | { readonly kind: "mined" | "reverted"; readonly transaction: MinedTransaction }
  /** It is not where it was, and has to be sent in a new form: in the place of this attempt. */
  | { readonly kind: "dropped"; readonly attempt: Attempt }
  /** Nothing of what was sent can be mined any more. */
  | { readonly kind: "over" };

const FIRST_POLL_MILLISECONDS = 50;
const LAST_POLL_MILLISECONDS = 4_000;
// Behind one URL there may be nodes of which one knows the count of an account, and another not yet the receipt.
const RECEIPT_MILLISECONDS = 2_000;

/**
 * Waits until what was sent is as deep in the chain as was asked. A transaction that the node does not have is broadcast
 * again as it is; one whose block left the chain is waited for again. A node that does not answer, or takes nothing for now,
 * is asked again until the time is up. What a person's wallet sent is only waited for: where it was replaced in the wallet, the
 * same call is followed on, and another one ends this.
 *
 * @param unsent - why the node may not have taken it
 * @throws {ProvenanceError} `TRANSACTION_PENDING` or `CHAIN_UNREACHABLE` when the time is up, `CHAIN_MISMATCH`,
 *   `TRANSACTION_REFUSED`, and what the log throws
 */
export async function followTransaction(sending: Sending, unsent?: Unsent): Promise<Followed> {
  const { waitSeconds = DEFAULT_WAIT_SECONDS, clock = SYSTEM_CLOCK } = sending.sender.options;
  const deadline = clock.now() + waitSeconds * 1000;
  const seen: Seen = { blockHash: undefined, replacedAt: undefined, unknownAt: undefined, unsent };
  for (let pause = FIRST_POLL_MILLISECONDS; ; pause = Math.min(pause * 1.5, LAST_POLL_MILLISECONDS)) {
    const { followed, why } = await look(sending, seen);
    if (followed !== undefined) return followed;
    if (clock.now() >= deadline) throw why;
    await clock.sleep(pause);
  }
}

/** What was seen before. */
interface Seen {
  /** The block in which the transaction was last seen. */
  blockHash: string | undefined;
  /** Since when its nonce is used by another. */
  replacedAt: number | undefined;
  unsent: Unsent | undefined;
  /** Since when the node knows nothing of it. */
  unknownAt: number | undefined;
}

/** Looks once. @returns how it ended, or what to say if there is no time for another look */
async function look(sending: Sending, seen: Seen): Promise<{ followed?: Followed; why: ProvenanceError }> {
  const { sender, log, call } = sending;
  try {
    const state = await inspectSent(sender.provider, log.entry.sent);
    if (seen.blockHash !== undefined && !(state.kind === "mined" && state.transaction.blockHash === seen.blockHash)) {
      sender.warn(`The block ${seen.blockHash} with the transaction is no longer part of the chain: waiting again.`);
      seen.blockHash = undefined;
    }
    if (state.kind !== "replaced") seen.replacedAt = undefined;
    const followed = await act(state, sending, seen);
    return { ...(followed && { followed }), why: describeWait(state, sender, seen) };
  } catch (error) {
    const failure = toChainError(error, call.contractInterface);
    // No contract is asked here: an answer that cannot be read is the node's.
    if (failure.code !== "CHAIN_UNREACHABLE" && failure.code !== "REGISTRY_NOT_FOUND") throw failure;
    const text = `A transaction was sent, and then: ${failure.message} Run again: nothing is done twice.`;
    return { why: new ProvenanceError("CHAIN_UNREACHABLE", text, { cause: failure }) };
  }
}

async function act(state: SentState, sending: Sending, seen: Seen): Promise<Followed | undefined> {
  const { log, sender } = sending;
  switch (state.kind) {
    case "none":
      return { kind: "over" };
    case "pending":
      seen.unsent = undefined;
      return undefined;
    case "occupied":
      return undefined;
    case "dropped":
      if (sender.signer instanceof WalletSigner) return waitForWallet(state.attempt, sender, seen);
      seen.unsent = await broadcastAgain(state.attempt, sending);
      return seen.unsent?.kind === "fee-too-low" ? { kind: "dropped", attempt: state.attempt } : undefined;
    case "replaced": {
      const now = (sender.options.clock ?? SYSTEM_CLOCK).now();
      seen.replacedAt ??= now;
      if (now - seen.replacedAt < RECEIPT_MILLISECONDS) return undefined;
      if (sender.signer instanceof WalletSigner) return followReplacement(state.attempt, sending);
      await markOutcome(log, state.attempt, "replaced");
      return { kind: "over" };
    }
    case "reverted":
      await markOutcome(log, state.attempt, "reverted");
      return { kind: "reverted", transaction: state.transaction };
    case "mined": {
      seen.blockHash = state.transaction.blockHash;
      const isDeep = await isDeepEnough(state.transaction, sender);
      return isDeep ? { kind: "mined", transaction: state.transaction } : undefined;
    }
  }
}

async function isDeepEnough({ blockNumber, blockHash }: MinedTransaction, sender: Sender): Promise<boolean> {
  const { confirmations = 1 } = sender.options;
  const { provider } = sender;
  if ((await provider.getBlockNumber()) - blockNumber + 1 < confirmations) return false;
  // Receipts come from an index: the block itself says whether it is still part of the chain.
  return (await askBlockHash(provider, blockNumber)) === blockHash;
}

function describeWait(state: SentState, { options, signer }: Sender, { unsent }: Seen): ProvenanceError {
  const isWallet = signer instanceof WalletSigner;
  const { waitSeconds = DEFAULT_WAIT_SECONDS, confirmations = 1 } = options;
  const after = `after ${waitSeconds} seconds. Run again to wait on`;
  const what = () => {
    if (state.kind === "mined") {
      return `The transaction ${state.transaction.transactionHash} is in block ${state.transaction.blockNumber}, but not ${confirmations} deep ${after}.`;
    }
    if (state.kind === "occupied") {
      return `Another transaction with the nonce ${state.attempt.nonce} of ${state.attempt.from} is not mined ${after}.`;
    }
    if (isWallet) {
      const hash = "attempt" in state ? (state.attempt.hash ?? "") : "";
      return `The transaction ${hash} is not mined ${after}; speed it up in the wallet where its fee is too low.`;
    }
    const hash = state.kind === "pending" || state.kind === "dropped" ? (state.attempt.hash ?? "") : "";
    if (unsent !== undefined && unsent.words !== "") {
      return `The node has not taken the transaction ${hash} (it says: ${unsent.words}) ${after}: the same one is sent again.`;
    }
    return `The transaction ${hash} is not mined ${after}; it is replaced by a dearer one where the network asks more by then.`;
  };
  return new ProvenanceError("TRANSACTION_PENDING", what());
}

import { ProvenanceError } from "../base/errors.ts";
import { toChainError } from "../registry/chain-error.ts";
import type { Attempt } from "./journal/journal-schema.ts";
import { suggestFees } from "./sending/fees.ts";
import { type Followed, followTransaction } from "./sending/follow-transaction.ts";
import { type Unsent, sendTransaction } from "./sending/send-transaction.ts";
import { type Sender, type Sending, digestCall, markOutcome } from "./sending/sending.ts";
import { WalletSigner } from "./sending/wallet-signer.ts";
import { type MinedTransaction, type SentState, inspectSent } from "./sending/sent-transaction.ts";
import { type TransactionCost, estimateTransaction } from "./sending/transaction-cost.ts";

// A nonce that somebody else took, a block that left the chain: each costs a round.
const MAX_ROUNDS = 5;
// A node that signs may forget a transaction whose bytes are not known here.
const MAX_REPLACEMENTS = 3;

/** A call that is to be mined once. */
export interface Settling extends Sending {
  readonly from: string;
  /** Called with what a transaction will cost, and which it replaces, before it is sent; it throws to stop. */
  readonly beforeSending: (cost: TransactionCost, replaces?: Attempt) => Promise<void>;
  /** Tells whether the chain holds already what the call makes, whoever made it. */
  readonly isDone?: () => Promise<boolean>;
  /** Called in each round with where what was sent is now, before anything more is. */
  readonly onRound?: (state: SentState) => Promise<void>;
}

/** How a call ended. */
export type Settled =
  | { readonly kind: "mined" | "reverted"; readonly transaction: MinedTransaction }
  /** The chain holds what it makes, without a transaction that is known here. */
  | { readonly kind: "done" };

/** Asks the node where what was sent is now. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export async function inspectLog({ sender, log, call }: Sending): Promise<SentState> {
  return inspectSent(sender.provider, log.entry.sent).catch((error: unknown) => {
    throw toChainError(error, call.contractInterface);
  });
}

/** Tells whether something of what was sent is mined, or may still be. */
export function isAlive({ kind }: SentState): boolean {
  return kind === "pending" || kind === "occupied" || kind === "dropped" || kind === "mined";
}

/**
 * The one way to send: sends a call, or goes on with what an earlier run sent of it, and waits. As long as an attempt may
 * still be mined no other nonce is taken; an attempt whose nonce was used by something else is begun again.
 *
 * @throws {ProvenanceError} `TRANSACTION_PENDING` where another call was sent that may still be mined, or others use the
 *   account at the same time; `COST_TOO_HIGH`, `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`, `CHAIN_MISMATCH`; what the log and
 *   the callbacks throw
 */
export async function settle(given: Settling): Promise<Settled> {
  const settling = { ...given, beforeSending: askOnce(given.beforeSending) };
  const { isDone = () => Promise.resolve(false), onRound } = settling;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (await isDone()) return { kind: "done" };
    try {
      const state = await inspectLog(settling);
      await onRound?.(state);
      const ended = await settleOnce(settling, state);
      if (ended.kind === "mined" || (ended.kind === "reverted" && !(await isDone()))) return ended;
    } catch (error) {
      // What the contract refuses may be there by now, by a transaction that was not known a moment ago.
      if (!mayBeDone(error, settling.sender) || !(await isDone())) throw error;
      return { kind: "done" };
    }
  }
  const text = `The account ${settling.from} is used by others at the same time: ${MAX_ROUNDS} nonces in turn were taken. Run again.`;
  throw new ProvenanceError("TRANSACTION_PENDING", text);
}

/** What a wallet was waited for in vain may be done, too: not each tells a hash that a node knows. */
function mayBeDone(error: unknown, { signer }: Sender): boolean {
  if (!(error instanceof ProvenanceError)) return false;
  return (
    error.code === "TRANSACTION_REFUSED" || (error.code === "TRANSACTION_PENDING" && signer instanceof WalletSigner)
  );
}

/** Settles a call that only its own transaction can do. @throws {ProvenanceError} as {@link settle}; `TRANSACTION_REFUSED` for one that reverted */
export async function settleCall(settling: Settling): Promise<MinedTransaction | undefined> {
  const settled = await settle(settling);
  if (settled.kind === "done") return undefined;
  if (settled.kind === "reverted") throw await explainReverted(settling, settled.transaction);
  return settled.transaction;
}

/** Says why a transaction did not succeed: the call is tried again for its reason. */
export async function explainReverted(
  { sender, from, call }: Pick<Settling, "sender" | "from" | "call">,
  { transactionHash, blockNumber }: MinedTransaction,
): Promise<ProvenanceError> {
  const reason = await estimateTransaction(sender.provider, from, call).then(
    () => "It would succeed now: run again.",
    (error: Error) => error.message,
  );
  const text = `The transaction ${transactionHash} was mined in block ${blockNumber} and did not succeed. ${reason}`;
  return new ProvenanceError("TRANSACTION_REFUSED", text);
}

/** `over`: nothing that was sent can be mined any more, and it has to be begun again. */
type Ended = Exclude<Followed, { kind: "dropped" }>;

async function settleOnce(settling: Settling, state: SentState): Promise<Ended> {
  const { log, from, call } = settling;
  if (settling.sender.signer instanceof WalletSigner) return settleByWallet(settling, state);
  if (!isAlive(state) || !("attempt" in state)) return sendAndEnd(settling);
  const isOurs = state.attempt.from === from;
  if (state.kind === "dropped" && !isOurs) {
    await markOutcome(log, state.attempt, "replaced"); // The key that could replace it is not at hand.
    return { kind: "over" };
  }
  const differs = state.attempt.call !== digestCall(call.data);
  if (differs && state.kind !== "dropped") throw otherUnderWay();
  if (differs || (state.kind === "pending" && isOurs && (await isPricedOut(settling, state.attempt)))) {
    return sendAndEnd(settling, state.attempt);
  }
  return endOf(settling);
}

/** A wallet is asked once; what it sent is followed, and never sent again unasked. */
async function settleByWallet(settling: Settling, state: SentState): Promise<Ended> {
  const { log, from, call } = settling;
  if (!("attempt" in state)) return sendAndEnd(settling);
  const { attempt } = state;
  const differs = attempt.call !== digestCall(call.data);
  // The node knows of nothing, and the wallet told nothing, or something else is wanted by now.
  if (state.kind === "dropped" && (attempt.hash === undefined || differs || attempt.from !== from)) {
    await markOutcome(log, attempt, "replaced");
    return sendAndEnd(settling);
  }
  if (differs && isAlive(state)) throw otherUnderWay();
  return endOf(settling);
}

function otherUnderWay(): ProvenanceError {
  return new ProvenanceError(
    "TRANSACTION_PENDING",
    "An earlier run sent a transaction that mints this model with other metadata or for another owner, and it may still " +
      "be mined. Run again with the options of that run to wait for it.",
  );
}

async function sendAndEnd(settling: Settling, replaces?: Attempt): Promise<Ended> {
  return endOf(settling, await send(settling, replaces));
}

async function send(settling: Settling, replaces?: Attempt): Promise<Unsent | undefined> {
  const { sender, from, call, beforeSending } = settling;
  const { maxFeePerGas } = sender.options;
  const cost = await estimateTransaction(sender.provider, from, call, {
    ...(maxFeePerGas !== undefined && { maxFeePerGas }),
    ...(replaces && { replaces }),
  });
  await beforeSending(cost, replaces);
  return sendTransaction(settling, cost, replaces);
}

/** Waits; what the node will have no more is replaced, some times. */
async function endOf(settling: Settling, unsent?: Unsent): Promise<Ended> {
  let followed = await followTransaction(settling, unsent);
  for (let count = 0; followed.kind === "dropped" && count < MAX_REPLACEMENTS; count++) {
    followed = await followTransaction(settling, await send(settling, followed.attempt));
  }
  return followed.kind === "dropped" ? { kind: "over" } : followed;
}

/**
 * Tells whether a transaction that a node waits for offers less than blocks ask by now: it is not mined until it is
 * replaced, or they ask less again.
 */
async function isPricedOut({ sender, call }: Sending, { maxFeePerGas }: Attempt): Promise<boolean> {
  const { baseFee } = await suggestFees(sender.provider).catch((error: unknown) => {
    throw toChainError(error, call.contractInterface);
  });
  return BigInt(maxFeePerGas) < baseFee;
}

/** Asks again only for more than was agreed upon: one of the transactions at a nonce is paid for. */
function askOnce(ask: Settling["beforeSending"]): Settling["beforeSending"] {
  let agreed = -1n;
  return async (cost, replaces) => {
    if (cost.worstCost <= agreed) return;
    await ask(cost, replaces);
    agreed = cost.worstCost;
  };
}

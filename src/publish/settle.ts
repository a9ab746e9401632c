import { toChainError } from "../registry/chain-error.ts";
import { type Followed, followTransaction, markOutcome } from "./sending/follow-transaction.ts";
import { isPricedOut } from "./sending/priced-out.ts";
import { sendTransaction } from "./sending/send-transaction.ts";
import { type SentLog, type Sender, digestCall } from "./sending/sending.ts";
import { type SentState, inspectSent } from "./sending/sent-transaction.ts";
import { type TransactionCost, estimateTransaction } from "./sending/transaction-cost.ts";
import { ProvenanceError } from "../base/errors.ts";
import type { Attempt } from "./journal/journal-schema.ts";

/** A call that is to be mined once. */
export interface Settling {
  readonly sender: Sender;
  readonly log: SentLog;
  readonly from: string;
  /** 0x-hex. */
  readonly data: string;
  /** Called with what a transaction will cost, and which it replaces, before it is sent; it throws to stop. */
  readonly beforeSending: (cost: TransactionCost, replaces?: Attempt) => Promise<void>;
}

/** Asks the node where what was sent is now. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export async function inspectLog({ sender, log }: Pick<Settling, "sender" | "log">): Promise<SentState> {
  const { provider, contract } = sender.registry;
  return inspectSent(provider, log.entry.sent).catch((error: unknown) => {
    throw toChainError(error, contract.interface);
  });
}

/** Tells whether something of what was sent is mined, or may still be. */
export function isAlive({ kind }: SentState): boolean {
  return kind === "pending" || kind === "occupied" || kind === "dropped" || kind === "mined";
}

/**
 * Sends a call, or goes on with what an earlier run sent of it, and waits.
 *
 * @returns how it ended; `over`: nothing that was sent can be mined any more, and it has to be begun again
 * @throws {ProvenanceError} `TRANSACTION_PENDING` also where another call was sent that may still be mined; and as
 *   `estimateTransaction`, `sendTransaction` and `followTransaction`
 */
export async function settle(settling: Settling, state: SentState): Promise<Followed> {
  const { sender, log, from, data } = settling;
  if (!isAlive(state) || !("attempt" in state)) {
    await send(settling);
    return endOf(settling);
  }
  if (state.kind === "dropped" && state.attempt.from !== from) {
    await markOutcome(log, state.attempt, "replaced"); // The key that could replace it is not at hand.
    return { kind: "over" };
  }
  const differs = state.attempt.call !== digestCall(data);
  if (differs && state.kind !== "dropped") {
    throw new ProvenanceError(
      "TRANSACTION_PENDING",
      "An earlier run sent a transaction that mints this model with other metadata or for another owner, and it may still " +
        "be mined. Run again with the options of that run to wait for it.",
    );
  }
  if (differs || (state.kind === "pending" && (await isPricedOut(sender, state.attempt)))) {
    await send(settling, state.attempt);
  }
  return endOf(settling);
}

/** Waits; what the node will have no more is replaced once. */
async function endOf(settling: Settling): Promise<Followed> {
  const followed = await followTransaction(settling.sender, settling.log);
  if (followed.kind !== "dropped") return followed;
  await send(settling, followed.attempt);
  return followTransaction(settling.sender, settling.log);
}

async function send({ sender, log, from, data, beforeSending }: Settling, replaces?: Attempt): Promise<void> {
  const { maxFeePerGas } = sender.options;
  const cost = await estimateTransaction(sender.registry, from, data, {
    ...(maxFeePerGas !== undefined && { maxFeePerGas }),
    ...(replaces && { replaces }),
  });
  await beforeSending(cost, replaces);
  await sendTransaction({ data, cost }, sender, log, replaces);
}

import { readAnchor } from "../registry/batches/anchors.ts";
import { toChainError } from "../registry/chain-error.ts";
import { type Followed, followTransaction } from "../publish/sending/follow-transaction.ts";
import { isPricedOut } from "../publish/sending/priced-out.ts";
import { sendTransaction } from "../publish/sending/send-transaction.ts";
import type { SentLog, Sender } from "../publish/sending/sending.ts";
import { type MinedTransaction, inspectSent } from "../publish/sending/sent-transaction.ts";
import { type TransactionCost, assertAffordable, estimateTransaction } from "../publish/sending/transaction-cost.ts";
import { ProvenanceError } from "../base/errors.ts";
import type { Attempt } from "../publish/journal/journal-schema.ts";
import type { PlannedBatch } from "./plan-batch.ts";
import type { RecordModelsContext } from "./recording.ts";

// A nonce that somebody else took, a block that left the chain: each costs a round.
const MAX_ROUNDS = 5;
const ALIVE = new Set(["pending", "occupied", "dropped", "mined"]);

/**
 * Anchors a batch, from wherever an earlier run stopped: what that run sent is found, in a block or on its way there,
 * before anything is sent. What waits there and offers less than blocks ask by now is replaced at its nonce.
 *
 * @param prepare - called before each sending with what it will take; it asks, and pins what the transaction names
 * @returns undefined where the batch turns out to be anchored without a transaction of ours that is known
 * @throws {ProvenanceError} `TRANSACTION_REFUSED`, `TRANSACTION_PENDING`, `COST_TOO_HIGH`, `CHAIN_UNREACHABLE`,
 *   `CHAIN_MISMATCH`, and whatever `prepare` throws
 */
export async function sendBatch(
  { root, contentDigest, count }: PlannedBatch,
  creator: string,
  context: RecordModelsContext,
  prepare: (cost: TransactionCost) => Promise<void>,
): Promise<MinedTransaction | undefined> {
  const { registry, sending } = context;
  const { contract, provider } = registry;
  const data = contract.interface.encodeFunctionData("anchorBatch", [root, contentDigest, count]);
  const sender = toSender(context);
  const log: SentLog = context.state.sentLog(root);
  const send = async (replaces?: Attempt): Promise<Followed> => {
    const cap = sending?.maxFeePerGas;
    const options = { ...(cap !== undefined && { maxFeePerGas: cap }), ...(replaces && { replaces }) };
    const cost = await estimateTransaction(registry, creator, data, options);
    assertAffordable(creator, cost);
    await prepare(cost);
    await sendTransaction({ data, cost }, sender, log, replaces);
    return followTransaction(sender, log);
  };
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const state = await inspectSent(provider, log.entry.sent).catch((error: unknown) => {
      throw toChainError(error, contract.interface);
    });
    const isStuck =
      state.kind === "pending" && state.attempt.from === creator && (await isPricedOut(context, state.attempt));
    let followed = isStuck
      ? await send(state.attempt)
      : ALIVE.has(state.kind)
        ? await followTransaction(sender, log)
        : await send();
    if (followed.kind === "dropped") followed = await send(followed.attempt);
    if (followed.kind === "mined") return followed.transaction;
    if ((await readAnchor(registry, root, creator)) !== undefined) return undefined;
  }
  const text = `The account ${creator} is used by others at the same time: ${MAX_ROUNDS} nonces in turn were taken. Run again.`;
  throw new ProvenanceError("TRANSACTION_PENDING", text);
}

function toSender({ registry, signer, warn, onSent, publisher, sending = {} }: RecordModelsContext): Sender {
  return {
    registry,
    signer,
    warn,
    onSent,
    options: sending,
    exclusive: async (account, work) =>
      publisher === undefined ? work() : publisher.withAccount(registry.chainId, account, work),
  };
}

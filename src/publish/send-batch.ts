import type { Followed } from "../chain/follow-transaction.ts";
import { followTransaction, markOutcome } from "../chain/follow-transaction.ts";
import { batchCall } from "../chain/mint-batch.ts";
import { toSubmission } from "../chain/mint.ts";
import { readSigned } from "../chain/send-transaction.ts";
import { digestCall } from "../chain/sending.ts";
import type { TransactionCost } from "../chain/transaction-cost.ts";
import type { Hex } from "../hex.ts";
import type { Attempt, BatchEntry, ModelEntry } from "../state/journal-schema.ts";
import type { Journal } from "../state/journal.ts";
import type { PublisherState, StatePlace } from "../state/publisher-state.ts";
import { type MintContext, toSender } from "./mint-context.ts";
import type { PreparedModel } from "./prepare-model.ts";
import { type Settling, inspectLog, isAlive, settle } from "./settle.ts";

/** A model that is ready to be minted, and its journal, whose lock the caller holds. */
export interface ReadyModel {
  readonly prepared: PreparedModel;
  readonly journal: Journal<ModelEntry>;
}

/** Where batches are sent from. */
export interface BatchSending {
  readonly context: MintContext;
  readonly state: PublisherState;
  readonly place: StatePlace;
  readonly from: string;
  /** Called with what a transaction will cost and for how many tokens, before it is sent; it throws to stop. */
  readonly beforeSending: (cost: TransactionCost, tokens: number, replaces?: Attempt) => Promise<void>;
}

/** Encodes the one call that mints many models, in this order. @returns 0x-hex */
export function encodeBatch(models: readonly PreparedModel[], { context, from }: BatchSending): string {
  const submissions = models.map(({ built }) =>
    toSubmission(built.metadata.provenance, built.metadataDigest, () => undefined),
  );
  return batchCall(context.registry, context.to ?? from, submissions).data;
}

/**
 * Mints many models in one transaction. The transaction has a journal of its own, to which those of the models point;
 * all of it is on the disk before anything is sent.
 *
 * @throws {ProvenanceError} as `settle`
 */
export async function sendBatch(models: readonly ReadyModel[], sending: BatchSending): Promise<Followed> {
  const { state, place } = sending;
  const data = encodeBatch(
    models.map(({ prepared }) => prepared),
    sending,
  );
  const batch = digestCall(data);
  const digests = models.map(({ prepared }) => prepared.model.modelDigest);
  const release = await state.lockModel(place, batch, sending.context.onWait);
  try {
    const log = await state.openBatch(place, batch, digests);
    await log.update({ modelDigests: digests });
    for (const { prepared, journal } of models) {
      const { metadataDigest, block } = prepared.built;
      const signed = { metadataDigest, metadata: Buffer.from(block.bytes).toString("utf8") };
      await journal.update({ signed, batch, mined: undefined });
    }
    const settling = toSettling(log, data, sending);
    return await settle(settling, await inspectLog(settling));
  } finally {
    await release();
  }
}

/**
 * Goes on with the transaction of a batch that an earlier run sent, until it is mined or can no longer be. Whether its
 * models have tokens the chain says afterwards.
 *
 * @throws {ProvenanceError} as `settle`
 */
export async function settleEarlierBatch(batch: Hex, sending: BatchSending): Promise<void> {
  const { state, place, context } = sending;
  const release = await state.lockModel(place, batch, context.onWait);
  try {
    const log = await state.openBatch(place, batch, []);
    const sender = toSender(context);
    const found = await inspectLog({ sender, log });
    if (!isAlive(found) || !("attempt" in found)) return;
    const { raw } = found.attempt;
    if (raw !== undefined) {
      await settle(toSettling(log, readSigned(raw, found.attempt, context.registry), sending), found);
      return;
    }
    const followed = await followTransaction(sender, log);
    // What a wallet signed cannot be made again from here: its models are sent anew, at the same nonce.
    if (followed.kind === "dropped") await markOutcome(log, followed.attempt, "replaced");
  } finally {
    await release();
  }
}

function toSettling(log: Journal<BatchEntry>, data: string, { context, from, beforeSending }: BatchSending): Settling {
  return {
    sender: toSender(context),
    log,
    from,
    data,
    beforeSending: async (cost, replaces) => beforeSending(cost, log.entry.modelDigests.length, replaces),
  };
}

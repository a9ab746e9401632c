import { followTransaction } from "./sending/follow-transaction.ts";
import { batchCall, countFitting } from "./sending/mint-batch.ts";
import { toSubmission } from "../registry/to-submission.ts";
import { readSigned } from "./sending/send-transaction.ts";
import { type Sending, digestCall, markOutcome } from "./sending/sending.ts";
import type { MinedTransaction } from "./sending/sent-transaction.ts";
import { readModelRecord } from "../registry/model-record.ts";
import type { Registry } from "../registry/registry.ts";
import type { ModelSubmission } from "../registry/submission.ts";
import type { TransactionCost } from "./sending/transaction-cost.ts";
import { ProvenanceError } from "../base/errors.ts";
import type { Hex } from "../base/hex.ts";
import type { Attempt, BatchEntry, ModelEntry } from "./journal/journal-schema.ts";
import type { Journal } from "./journal/journal.ts";
import type { PublisherState, StatePlace } from "./journal/publisher-state.ts";
import type { MintContext } from "./mint-context.ts";
import type { PreparedModel } from "./prepare-model.ts";
import { type Settled, type Settling, inspectLog, isAlive, settle } from "./settle.ts";
import { callOf, toSender } from "./transact.ts";

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

/** What the contract takes of a model. */
export function submissionOf({ prepared }: Pick<ReadyModel, "prepared">): ModelSubmission {
  const { metadata, metadataDigest } = prepared.built;
  return toSubmission(metadata.provenance, metadataDigest, () => undefined); // Warned of when it was described.
}

/** Tells how many of the first models one transaction holds. Errors as `countFitting`. */
export async function countFirst(models: readonly ReadyModel[], { context, from }: BatchSending): Promise<number> {
  return countFitting(context.registry, from, context.to ?? from, models.map(submissionOf));
}

/**
 * Mints many models in one transaction. The transaction has a journal of its own, to which those of the models point;
 * all of it is on the disk before anything is sent.
 *
 * @returns how it ended; `done`: one of them has a token already
 * @throws {ProvenanceError} as `settle`
 */
export async function sendBatch(models: readonly ReadyModel[], sending: BatchSending): Promise<Settled> {
  const { state, place } = sending;
  const { registry, to = sending.from } = sending.context;
  const { data } = batchCall(registry, to, models.map(submissionOf));
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
    return await settle({ ...toSettling(log, data, sending), isDone: async () => hasToken(models, registry) });
  } finally {
    await release();
  }
}

/**
 * Goes on with the transaction of a batch that an earlier run sent, until it is mined or can no longer be. What the
 * contract refuses by now is not sent again: its models are minted in another way.
 *
 * @returns how it was mined; undefined if it was not
 * @throws {ProvenanceError} as `settle`, but for `TRANSACTION_REFUSED`
 */
export async function settleEarlierBatch(batch: Hex, sending: BatchSending): Promise<MinedTransaction | undefined> {
  const { state, place, context } = sending;
  const release = await state.lockModel(place, batch, context.onWait);
  try {
    const log = await state.openBatch(place, batch, []);
    const found = await inspectLog(toSettling(log, "0x", sending));
    if (!isAlive(found) || !("attempt" in found)) return undefined;
    const { raw } = found.attempt;
    if (raw === undefined) return await followForeign(toSettling(log, "0x", sending), log);
    const where = { to: context.registry.address, chainId: context.registry.chainId };
    const settled = await settle(toSettling(log, readSigned(raw, found.attempt, where), sending));
    return settled.kind === "mined" ? settled.transaction : undefined;
  } catch (error) {
    if (error instanceof ProvenanceError && error.code === "TRANSACTION_REFUSED") return undefined;
    throw error;
  } finally {
    await release();
  }
}

/** What a wallet signed cannot be made again from here: if it was dropped, its models are sent anew, at the same nonce. */
async function followForeign(sending: Sending, log: Journal<BatchEntry>): Promise<MinedTransaction | undefined> {
  const followed = await followTransaction(sending);
  if (followed.kind === "dropped") await markOutcome(log, followed.attempt, "replaced");
  return followed.kind === "mined" ? followed.transaction : undefined;
}

async function hasToken(models: readonly ReadyModel[], registry: Registry): Promise<boolean> {
  for (const { prepared } of models) {
    if ((await readModelRecord(registry, BigInt(prepared.model.modelDigest))) !== undefined) return true;
  }
  return false;
}

function toSettling(log: Journal<BatchEntry>, data: string, { context, from, beforeSending }: BatchSending): Settling {
  return {
    sender: toSender(context.registry, context),
    log,
    from,
    call: callOf(context.registry, data),
    beforeSending: async (cost, replaces) => beforeSending(cost, log.entry.modelDigests.length, replaces),
  };
}

import type { HashedModel } from "../model/hash-model.ts";
import { readModelRecord } from "../registry/model-record.ts";
import type { MinedTransaction } from "./sending/sent-transaction.ts";
import { assertAffordable } from "./sending/transaction-cost.ts";
import type { Hex } from "../base/hex.ts";
import type { ModelEntry } from "./journal/journal-schema.ts";
import { describeForMint } from "./describe-for-mint.ts";
import type { Journal } from "./journal/journal.ts";
import { type PublisherState, type StatePlace, memoryState } from "./journal/publisher-state.ts";
import type { MintContext, MintedModel } from "./mint-context.ts";
import { mintModel, writeMined } from "./mint-model.ts";
import { type PreparedModel, type PublishRequest, hashForRecord } from "./prepare-model.ts";
import { readPlace } from "./read-place.ts";
import { settleEarlierBatch } from "./send-batch.ts";

/** What {@link publishModel} needs: everything that minting does, and who is told on the way. */
export interface PublishModelContext extends MintContext {
  /** Called when the model is hashed, before anything is written down; it throws to stop. */
  readonly onHashed?: (model: HashedModel) => Promise<void>;
}

/** A model that was published. */
export interface PublishedModel {
  readonly prepared: PreparedModel;
  readonly minted: MintedModel;
}

/**
 * Publishes a model: hash, describe and sign, pin, mint. Every step is written into the state before the next begins,
 * so that a run that was interrupted anywhere is finished by running again, and ends in one token. Processes that
 * publish the same model at once take turns.
 *
 * @throws {ProvenanceError} as `prepareModel` and `mintModel`; `STATE_DAMAGED`, `STATE_FAILED`
 * @example
 * const { minted } = await publishModel({ modelPath: "./my-model", statements: { license: "MIT" } }, context);
 */
export async function publishModel(request: PublishRequest, context: PublishModelContext): Promise<PublishedModel> {
  const state = context.state ?? memoryState();
  const hashed = await hashForRecord(request, context);
  const { model } = hashed;
  await context.onHashed?.(model);
  const place = await readPlace(context.registry);
  const release = await state.lockModel(place, model.modelDigest, context.onWait);
  try {
    const journal = await state.openModel(place, model.modelDigest);
    await journal.update({ hashed: describeHashed(model) });
    const prepared = await describeForMint(context)(hashed, request, journal);
    const transaction = await settleItsBatch(prepared, journal, { ...context, state }, place);
    const minted = await mintModel(prepared, { ...context, state }, journal);
    if (transaction === undefined || minted.transaction !== undefined) return { prepared, minted };
    await writeMined(journal, transaction);
    return { prepared, minted: { ...minted, transaction } };
  } finally {
    await release();
  }
}

/** An earlier run may have sent the model in a batch, and it may still be minted with that. */
async function settleItsBatch(
  prepared: PreparedModel,
  { entry }: Journal<ModelEntry>,
  context: MintContext & { readonly state: PublisherState },
  place: StatePlace,
): Promise<MinedTransaction | undefined> {
  if (entry.batch === undefined) return undefined;
  const record = await readModelRecord(context.registry, BigInt(prepared.model.modelDigest));
  if (entry.mined !== undefined && record !== undefined) return undefined;
  const from = await context.signer.getAddress();
  const to = context.to ?? from;
  const { state } = context;
  return settleEarlierBatch(entry.batch as Hex, {
    context,
    state,
    place,
    from,
    beforeSending: async (cost, count, replaces) => {
      await context.confirm({ models: [prepared], count, from, to, ...cost, ...(replaces && { replaces }) });
      assertAffordable(from, cost, context.registry.chainId);
    },
  });
}

/** What a journal keeps of a model that was hashed. */
export function describeHashed({ path, manifestRoot, resources }: HashedModel) {
  return { path, manifestRoot, files: resources.length, bytes: resources.reduce((sum, { size }) => sum + size, 0) };
}

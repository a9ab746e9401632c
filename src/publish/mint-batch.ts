import { type BatchLimits, estimateBatch } from "./sending/mint-batch.ts";
import { assertMinter } from "./mint.ts";
import { toSubmission } from "../registry/to-submission.ts";
import { type ModelRecord, readModelRecord } from "../registry/model-record.ts";
import type { MinedTransaction } from "./sending/sent-transaction.ts";
import { assertAffordable } from "./sending/transaction-cost.ts";
import { ProvenanceError } from "../base/errors.ts";
import { assertParentsKnown } from "./check-parents.ts";
import { assertSameMetadata, uriOfRecord } from "./compare-record.ts";
import type { MintContext, MintedModel } from "./mint-context.ts";
import { pinRecorded } from "./pin-recorded.ts";
import { pinMetadata } from "./pin-metadata.ts";
import type { PreparedModel, PublishContext } from "./prepare-model.ts";
import { readPlace } from "./read-place.ts";
import { type BatchSending, type ReadyModel, sendBatch } from "./send-batch.ts";
import { memoryState } from "./journal/publisher-state.ts";

/** What {@link mintBatch} needs beyond the prepared models. */
export interface MintBatchContext extends Omit<MintContext, "state"> {
  readonly limits?: BatchLimits;
}

/** The tokens of a batch, in the order of its models. */
export interface MintedBatch {
  readonly models: readonly MintedModel[];
  /** Undefined when all tokens were there before. */
  readonly transaction?: MinedTransaction;
}

/**
 * Pins the metadata of many models and mints their tokens in one transaction: all of them, or none. Models that are minted
 * already with the same metadata are left out and returned as they are, so that what was refused in part can be run again.
 * Nothing is remembered between runs: `publishBatch` does that, and divides what does not fit.
 *
 * @param models - of distinct digests; a parent stands before its children
 * @throws {ProvenanceError} `BATCH_TOO_LARGE` with the number of models that fit, before anything is pinned; `OPTION_INVALID`
 *   for a model that is given twice, `OPTION_MISSING` for none, `ALREADY_MINTED` (with other metadata), `NOT_MINTER`,
 *   `PARENT_UNKNOWN`, `STORE_FAILED`, `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`, and whatever `confirm` throws
 */
export async function mintBatch(models: readonly PreparedModel[], context: MintBatchContext): Promise<MintedBatch> {
  const { registry, signer, warn } = context;
  assertDistinct(models);
  const existing = new Map<PreparedModel, MintedModel>();
  for (const prepared of models) {
    const record = await readModelRecord(registry, BigInt(prepared.model.modelDigest));
    if (record !== undefined) existing.set(prepared, await reportExisting(prepared, record, context));
  }
  const missing = models.filter((prepared) => !existing.has(prepared));
  if (models.length > 0 && missing.length === 0) return { models: [...existing.values()] };

  const from = await signer.getAddress();
  await assertMinter(registry, from);
  const before = new Set<string>();
  for (const prepared of missing) {
    await assertParentsKnown(prepared.built.metadata.provenance, registry, before);
    before.add(prepared.model.modelDigest);
  }
  const to = context.to ?? from;
  const submissions = missing.map(({ built }) => toSubmission(built.metadata.provenance, built.metadataDigest, warn));
  await estimateBatch(registry, from, to, submissions, context.limits);
  const transaction = await sendMissing(missing, context, from);
  const minted = models.map(async (prepared) => existing.get(prepared) ?? readMinted(prepared, context, transaction));
  return { models: await Promise.all(minted), transaction };
}

async function sendMissing(missing: readonly PreparedModel[], context: MintBatchContext, from: string) {
  const state = memoryState();
  const place = await readPlace(context.registry);
  const models: ReadyModel[] = [];
  for (const prepared of missing) {
    models.push({ prepared, journal: await state.openModel(place, prepared.model.modelDigest) });
  }
  const beforeSending: BatchSending["beforeSending"] = async (cost, count, replaces) => {
    const to = context.to ?? from;
    await context.confirm({ models: missing, count, from, to, ...cost, ...(replaces && { replaces }) });
    assertAffordable(from, cost, context.registry.chainId);
    for (const { prepared, journal } of models)
      await pinRecorded(prepared.built, context.store, journal, context.pinning);
  };
  const settled = await sendBatch(models, { context, state, place, from, beforeSending });
  if (settled.kind === "mined") return settled.transaction;
  if (settled.kind === "reverted") {
    const { transactionHash, blockNumber } = settled.transaction;
    const text = `The transaction ${transactionHash} was mined in block ${blockNumber} and did not succeed. Run again to learn why.`;
    throw new ProvenanceError("TRANSACTION_REFUSED", text);
  }
  const text = "Some of the models were minted by somebody else meanwhile. Run again: nothing is minted twice.";
  throw new ProvenanceError("TRANSACTION_PENDING", text);
}

/** A model that is minted already, if it says the same: what it names is pinned all the same. */
async function reportExisting(
  { built }: PreparedModel,
  record: ModelRecord,
  { store, reading = store }: MintBatchContext,
): Promise<MintedModel> {
  await assertSameMetadata(built, record, reading);
  if (record.metadataDigest === built.metadataDigest) await pinMetadata(built, store);
  return { tokenId: record.tokenId, uri: uriOfRecord(record), record };
}

/** Makes sure that no model is given twice. @throws {ProvenanceError} `OPTION_INVALID` */
export function assertDistinct(models: readonly PreparedModel[]): void {
  const paths = new Map<string, string>();
  for (const { model } of models) {
    const other = paths.get(model.modelDigest);
    if (other !== undefined) {
      const text = `${other} and ${model.path} are the same model, ${model.modelDigest}. Leave one out.`;
      throw new ProvenanceError("OPTION_INVALID", text);
    }
    paths.set(model.modelDigest, model.path);
  }
}

async function readMinted(
  { built, model }: PreparedModel,
  { registry }: PublishContext,
  transaction: MinedTransaction,
): Promise<MintedModel> {
  const tokenId = BigInt(model.modelDigest);
  const record = await readModelRecord(registry, tokenId);
  if (record !== undefined) return { tokenId, uri: built.uri, record, transaction };
  const text = `The node mined ${transaction.transactionHash} and does not know the tokens yet. Run again: nothing is done twice.`;
  throw new ProvenanceError("CHAIN_UNREACHABLE", text);
}

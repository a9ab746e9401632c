import { readModelRecord } from "../registry/model-record.ts";
import { toSubmission } from "../registry/to-submission.ts";
import type { MinedTransaction } from "./sending/sent-transaction.ts";
import { ProvenanceError } from "../base/errors.ts";
import type { Hex } from "../base/hex.ts";
import { mapAtOnce } from "../base/concurrency.ts";
import { type BatchItem, type ReadyItem, advance, openItems, type PublishBatchContext } from "./batch-item.ts";
import { describeForMint } from "./describe-for-mint.ts";
import { mintModel, writeMined } from "./mint-model.ts";
import { type HashedRequest, hashForRecord } from "./prepare-model.ts";
import { describeHashed } from "./publish-model.ts";
import { type BatchSending, settleEarlierBatch } from "./send-batch.ts";
import { inspectLog, isAlive } from "./settle.ts";
import type { MintContext } from "./mint-context.ts";
import { callOf, toSender } from "./transact.ts";

const DEFAULT_CONCURRENCY = 4;

/** How many models are worked at once. */
export function concurrencyOf({ concurrency = DEFAULT_CONCURRENCY }: PublishBatchContext): number {
  return concurrency;
}

/** Hashes the models. One that is twice in the list is refused the second time. */
export async function hashItems(items: readonly BatchItem[], context: PublishBatchContext): Promise<void> {
  await mapAtOnce(items, concurrencyOf(context), async (item) =>
    advance(item, async () => {
      item.hashed = await hashForRecord(item.request, context);
      await context.onHashed?.(item.hashed.model);
    }),
  );
  const first = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const model = item.hashed?.model;
    if (model === undefined) continue;
    const before = first.get(model.modelDigest);
    if (before === undefined) first.set(model.modelDigest, index);
    else {
      const text = `${model.path} is the same model as entry ${before + 1} of the list (${model.modelDigest}). Name it once.`;
      item.result = { status: "failed", error: new ProvenanceError("OPTION_INVALID", text) };
    }
  }
}

/** Opens the journals, in the order of the digests: two batches that share models do not wait for each other for ever. */
export async function openJournals(
  items: readonly BatchItem[],
  { state, place, context }: BatchSending,
): Promise<void> {
  const hashed = items.filter(({ hashed: read, result }) => read !== undefined && result === undefined);
  const digestOf = (item: BatchItem) => item.hashed?.model.modelDigest as Hex;
  for (const item of hashed.toSorted((a, b) => (digestOf(a) < digestOf(b) ? -1 : 1))) {
    const digest = digestOf(item);
    item.release = await state.lockModel(place, digest, context.onWait);
    await advance(item, async () => {
      item.journal = await state.openModel(place, digest);
      await item.journal.update({ hashed: describeHashed((item.hashed as HashedRequest).model) });
    });
  }
}

/** Builds and signs the metadata, one after the other: a wallet may ask for each. */
export async function describeItems(items: readonly BatchItem[], context: PublishBatchContext): Promise<void> {
  const describe = describeForMint(context);
  for (const item of items) {
    const { hashed, journal, request } = item;
    if (hashed === undefined || journal === undefined) continue;
    await advance(item, async () => {
      const prepared = await describe(hashed, request, journal);
      const { metadata, metadataDigest } = prepared.built;
      toSubmission(metadata.provenance, metadataDigest, context.warn); // Refuses what the contract has no room for.
      item.prepared = prepared;
    });
  }
}

/** Ends what earlier runs began: models that have tokens, and those whose transaction may still be mined. */
export async function settleEarlier(items: readonly BatchItem[], sending: BatchSending): Promise<void> {
  const { registry } = sending.context;
  const asking = { sender: toSender(registry, sending.context), call: callOf(registry, "0x") };
  const mined = await settleBatches(openItems(items), sending);
  for (const item of openItems(items)) {
    const { journal } = item;
    if (!(await hasToken(item, sending)) && !isAlive(await inspectLog({ ...asking, log: journal }))) continue;
    const transaction = mined.get(journal.entry.batch ?? "");
    await advance(item, async () => {
      await endBySingle(item, sending);
      if (transaction !== undefined) await endMinted(item, transaction);
    });
  }
}

/** Waits for the transactions of batches that earlier runs sent. @returns those that were mined, by batch */
async function settleBatches(items: readonly ReadyItem[], sending: BatchSending) {
  const batches = new Set<string>();
  for (const item of items) {
    const { batch, mined } = item.journal.entry;
    // What was written down as mined is looked at again only if its block left the chain.
    if (batch !== undefined && (mined === undefined || !(await hasToken(item, sending)))) batches.add(batch);
  }
  const found = new Map<string, MinedTransaction>();
  for (const batch of batches) {
    const transaction = await settleEarlierBatch(batch as Hex, sending);
    if (transaction !== undefined) found.set(batch, transaction);
  }
  return found;
}

/** Its token is of a batch that an earlier run sent, and did not live to write down as mined. */
async function endMinted(item: ReadyItem, transaction: MinedTransaction): Promise<void> {
  const { result } = item as BatchItem;
  if (result?.status !== "existing") return;
  await writeMined(item.journal, transaction);
  item.result = { ...result, status: "minted", minted: { ...result.minted, transaction } };
}

/** Ends a model by itself: reports its token, follows its transaction, or mints it. */
export async function endBySingle(item: ReadyItem, { context, beforeSending }: BatchSending): Promise<void> {
  const { prepared, journal } = item;
  const confirm: MintContext["confirm"] = async (plan) => beforeSending(plan, plan.count, plan.replaces);
  const minted = await mintModel(prepared, { ...context, confirm }, journal);
  item.result = { status: minted.transaction === undefined ? "existing" : "minted", prepared, minted };
}

async function hasToken({ prepared }: ReadyItem, { context }: BatchSending): Promise<boolean> {
  return (await readModelRecord(context.registry, BigInt(prepared.model.modelDigest))) !== undefined;
}

import { readModelRecord } from "../chain/model-record.ts";
import { ProvenanceError } from "../errors.ts";
import type { Hex } from "../hex.ts";
import { mapLimited } from "../map-limited.ts";
import { type BatchItem, type ReadyItem, advance, openItems } from "./batch-item.ts";
import { mintModel } from "./mint-model.ts";
import { type HashedRequest, describeModel, hashForRecord } from "./prepare-model.ts";
import type { PublishBatchContext } from "./publish-batch.ts";
import { describeHashed, parseSigned } from "./publish-model.ts";
import { type BatchSending, settleEarlierBatch } from "./send-batch.ts";
import { inspectLog, isAlive } from "./settle.ts";
import { type MintContext, toSender } from "./mint-context.ts";

const DEFAULT_CONCURRENCY = 4;

/** How many models are worked at once. */
export function concurrencyOf({ concurrency = DEFAULT_CONCURRENCY }: PublishBatchContext): number {
  return concurrency;
}

/** Hashes the models. One that is twice in the list is refused the second time. */
export async function hashItems(items: readonly BatchItem[], context: PublishBatchContext): Promise<void> {
  await mapLimited(items, concurrencyOf(context), async (item) =>
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
  for (const item of items) {
    const { hashed, journal, request } = item;
    if (hashed === undefined || journal === undefined) continue;
    await advance(item, async () => {
      const signed = parseSigned(journal.entry.signed?.metadata);
      item.prepared = await describeModel(hashed, request, context, signed);
    });
  }
}

/** Ends what earlier runs began: models that have tokens, and those whose transaction may still be mined. */
export async function settleEarlier(items: readonly BatchItem[], sending: BatchSending): Promise<void> {
  const { context } = sending;
  const unknown: ReadyItem[] = [];
  for (const item of openItems(items)) {
    if (await hasToken(item, sending)) await advance(item, async () => endBySingle(item, sending));
    else unknown.push(item);
  }
  const batches = new Set(unknown.flatMap(({ journal }) => journal.entry.batch ?? []));
  for (const batch of batches) await settleEarlierBatch(batch as Hex, sending);
  for (const item of unknown) {
    const isUnderWay = isAlive(await inspectLog({ sender: toSender(context), log: item.journal }));
    const isThere = item.journal.entry.batch !== undefined && (await hasToken(item, sending));
    if (isUnderWay || isThere) await advance(item, async () => endBySingle(item, sending));
  }
}

/** Ends a model by itself: reports its token, follows its transaction, or mints it. */
export async function endBySingle(item: ReadyItem, { context, beforeSending }: BatchSending): Promise<void> {
  const { prepared, journal } = item;
  const confirm: MintContext["confirm"] = async (plan) => beforeSending(plan, plan.tokens, plan.replaces);
  const minted = await mintModel(prepared, { ...context, confirm }, journal);
  item.result = { status: minted.transaction === undefined ? "existing" : "minted", prepared, minted };
}

async function hasToken({ prepared }: ReadyItem, { context }: BatchSending): Promise<boolean> {
  return (await readModelRecord(context.registry, BigInt(prepared.model.modelDigest))) !== undefined;
}

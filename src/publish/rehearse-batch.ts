import { assertMinter } from "./mint.ts";
import { readModelRecord } from "../registry/model-record.ts";
import type { TransactionCost } from "./sending/transaction-cost.ts";
import { memoryState } from "./journal/publisher-state.ts";
import { type BatchItem, type BatchResult, advance, openItems, type PublishBatchContext } from "./batch-item.ts";
import { concurrencyOf, describeItems, hashItems, openJournals } from "./batch-steps.ts";
import { assertSameMetadata, uriOfRecord } from "./compare-record.ts";
import { estimateItems, failOrphans, orderItems } from "./plan-batch.ts";
import type { PreparedModel, PublishRequest } from "./prepare-model.ts";
import { readPlace } from "./read-place.ts";

/** What would become of one model of a batch. */
export type RehearsedResult = BatchResult | { readonly status: "to-mint"; readonly prepared: PreparedModel };

/** What publishing a batch would do. */
export interface BatchRehearsal {
  /** In the order of the requests. */
  readonly results: readonly RehearsedResult[];
  /** The most that all of them may cost together; undefined where nothing would be sent. */
  readonly cost?: TransactionCost;
}

/**
 * Does all of `publishBatch` that leaves no trace: hashes, describes and signs, looks for tokens, and estimates. Nothing is
 * written, pinned or sent; `confirm` is called with the plan, so that it can refuse its cost.
 *
 * @throws {ProvenanceError} as `publishBatch`
 */
export async function rehearseBatch(
  requests: readonly PublishRequest[],
  context: PublishBatchContext,
): Promise<BatchRehearsal> {
  const items = requests.map((request): BatchItem => ({ request }));
  const { registry, signer } = context;
  const from = await signer.getAddress();
  const place = await readPlace(registry);
  const sending = { context, state: memoryState(), place, from, beforeSending: () => Promise.resolve() };
  await hashItems(items, context);
  await openJournals(items, sending);
  await describeItems(items, context);
  await findTokens(items, context);
  if (openItems(items).length > 0) await assertMinter(registry, from);
  await failOrphans(orderItems(items), items, context);
  const cost = await estimateItems(items, context, from, concurrencyOf(context));
  const ordered = orderItems(items);
  await failOrphans(ordered, items, context); // Of what an estimate refused.
  if (cost !== undefined) {
    const models = openItems(ordered).map(({ prepared }) => prepared);
    await context.confirm({ models, count: models.length, from, to: context.to ?? from, ...cost });
  }
  const results = items.map(({ result, prepared }): RehearsedResult => {
    return result ?? { status: "to-mint", prepared: prepared as PreparedModel };
  });
  return { results, ...(cost && { cost }) };
}

async function findTokens(items: readonly BatchItem[], context: PublishBatchContext): Promise<void> {
  for (const item of openItems(items)) {
    const { prepared } = item;
    const tokenId = BigInt(prepared.model.modelDigest);
    const record = await readModelRecord(context.registry, tokenId);
    if (record === undefined) continue;
    await advance(item, async () => {
      await assertSameMetadata(prepared.built, record, context.reading ?? context.store);
      item.result = { status: "existing", prepared, minted: { tokenId, uri: uriOfRecord(record), record } };
    });
  }
}

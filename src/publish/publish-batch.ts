import { assertMinter } from "./mint.ts";
import { memoryState } from "./journal/publisher-state.ts";
import { type BatchItem, type BatchResult, type PublishBatchContext, openItems } from "./batch-item.ts";
import { beginBudget } from "./batch-budget.ts";
import { describeItems, hashItems, openJournals, settleEarlier } from "./batch-steps.ts";
import { mintItems } from "./mint-items.ts";
import { failOrphans, orderItems } from "./plan-batch.ts";
import type { PublishRequest } from "./prepare-model.ts";
import { readPlace } from "./read-place.ts";

export type { BatchResult, PublishBatchContext } from "./batch-item.ts";

/**
 * Publishes many models, with as few transactions as they fit in. A model that fails does not keep the others; what
 * concerns all of them (the node, the disk, the account) stops the run, and running again goes on from there. A model may
 * name another of the list as its parent: it is minted after it, in the same transaction or a later one.
 *
 * @returns what became of each, in their order
 * @throws {ProvenanceError} what concerns all models: `NOT_MINTER`, `COST_TOO_HIGH`, `TRANSACTION_PENDING`,
 *   `CHAIN_UNREACHABLE`, `CHAIN_MISMATCH`, `STATE_FAILED`, and whatever `confirm` throws
 */
export async function publishBatch(
  requests: readonly PublishRequest[],
  context: PublishBatchContext,
): Promise<readonly BatchResult[]> {
  const items = requests.map((request): BatchItem => ({ request }));
  const report = createReport(items, context);
  const { state = memoryState(), registry, signer } = context;
  const from = await signer.getAddress();
  const budget = beginBudget(items, context, from);
  const sending = { context, state, place: await readPlace(registry), from, beforeSending: budget.spend };
  try {
    await hashItems(items, context);
    await openJournals(items, sending);
    await describeItems(items, context);
    await settleEarlier(items, sending);
    await report();
    if (openItems(items).length > 0) await assertMinter(registry, from);
    const ordered = orderItems(items);
    await failOrphans(ordered, items, context);
    await budget.agree();
    await failOrphans(ordered, items, context); // Of what an estimate refused.
    await mintItems(ordered, sending, context, report);
    await report();
    return items.map(({ result }) => result as BatchResult);
  } finally {
    for (const { release } of items) await release?.();
  }
}

/** Tells what became of models, of each once. */
function createReport(items: readonly BatchItem[], { onResult }: PublishBatchContext): () => Promise<void> {
  const told = new Set<BatchItem>();
  return async () => {
    for (const [index, item] of items.entries()) {
      if (item.result === undefined || told.has(item)) continue;
      told.add(item);
      await onResult?.(index, item.result);
    }
  };
}

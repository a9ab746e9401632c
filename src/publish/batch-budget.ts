import { type TransactionCost, assertAffordable } from "./sending/transaction-cost.ts";
import type { Attempt } from "./journal/journal-schema.ts";
import { type BatchItem, openItems, type PublishBatchContext } from "./batch-item.ts";
import { concurrencyOf } from "./batch-steps.ts";
import { estimateItems } from "./plan-batch.ts";

/** What may be spent on a batch: agreed upon once, before anything leaves the machine. */
export interface BatchBudget {
  /** Estimates all that is left to be minted, and asks for it. */
  readonly agree: () => Promise<void>;
  /** Takes what a transaction may cost from what was agreed upon; where that is not enough, it asks again. */
  readonly spend: (cost: TransactionCost, count: number, replaces?: Attempt) => Promise<void>;
}

/** Begins with nothing agreed upon. */
export function beginBudget(items: readonly BatchItem[], context: PublishBatchContext, from: string): BatchBudget {
  const to = context.to ?? from;
  let left = 0n;
  let spent = 0n;
  const ask = async (cost: TransactionCost, count: number, replaces?: Attempt) => {
    const models = openItems(items).map(({ prepared }) => prepared);
    // What was spent counts as well where a limit was set for the whole.
    const total = { ...cost, worstCost: spent + cost.worstCost };
    await context.confirm({ models, count, from, to, ...total, ...(replaces && { replaces }) });
    assertAffordable(from, cost, context.registry.chainId);
    left = cost.worstCost;
  };
  return {
    agree: async () => {
      const cost = await estimateItems(items, context, from, concurrencyOf(context));
      if (cost !== undefined) await ask(cost, openItems(items).length);
    },
    spend: async (cost, count, replaces) => {
      if (cost.worstCost > left) await ask(cost, count, replaces);
      left -= cost.worstCost;
      spent += cost.worstCost;
    },
  };
}

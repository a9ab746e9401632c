import { encodePrepared } from "./mint.ts";
import { type TransactionCost, estimateTransaction } from "./sending/transaction-cost.ts";
import { ProvenanceError } from "../base/errors.ts";
import { mapAtOnce } from "../base/concurrency.ts";
import { type BatchItem, type ReadyItem, advance, openItems } from "./batch-item.ts";
import { assertParentsKnown } from "./check-parents.ts";
import type { MintContext } from "./mint-context.ts";
import { callOf } from "./transact.ts";

/**
 * Puts the models that are to be minted in an order in which every parent stands before its children, and otherwise in the
 * order of the list. Models whose parents come from them in turn fail.
 */
export function orderItems(items: readonly BatchItem[]): ReadyItem[] {
  const ordered: ReadyItem[] = [];
  let left = openItems(items);
  while (left.length > 0) {
    const waiting = new Set<string>(left.map(({ prepared }) => prepared.model.modelDigest));
    const isFree = ({ prepared }: ReadyItem) => !parentsOf(prepared).some((tokenId) => waiting.has(tokenId));
    const free = left.filter(isFree);
    if (free.length === 0) break;
    ordered.push(...free);
    left = left.filter((item) => !isFree(item));
  }
  for (const item of left) {
    const text = `The parents of ${item.request.modelPath} come from it in turn: none of them can be minted before the others.`;
    item.result = { status: "failed", error: new ProvenanceError("PARENT_UNKNOWN", text) };
  }
  return ordered;
}

/** Ends models with a parent that is neither in the registry nor to be minted before them. They are in order. */
export async function failOrphans(
  these: readonly ReadyItem[],
  items: readonly BatchItem[],
  { registry }: MintContext,
): Promise<void> {
  const before = new Set<string>(openItems(items).map(({ prepared }) => prepared.model.modelDigest));
  for (const item of these) {
    const { built, model } = item.prepared;
    await advance(item, async () => assertParentsKnown(built.metadata.provenance, registry, before));
    if (item.result !== undefined) before.delete(model.modelDigest);
  }
}

/**
 * Estimates each model that can be minted alone, so that one that is refused does not take others with it. A model that
 * cannot be estimated yet, for a parent of it is in the list, counts as the dearest of the others.
 *
 * @returns what they will cost at most, each as if it were minted alone; undefined where nothing is left. Together they
 *   take about a third less.
 */
export async function estimateItems(
  items: readonly BatchItem[],
  context: MintContext,
  from: string,
  concurrency: number,
): Promise<TransactionCost | undefined> {
  let dearest: TransactionCost | undefined;
  const { maxFeePerGas } = context.sending ?? {};
  const open = openItems(items);
  const waiting = new Set<string>(open.map(({ prepared }) => prepared.model.modelDigest));
  const alone = open.filter(({ prepared }) => !parentsOf(prepared).some((tokenId) => waiting.has(tokenId)));
  await mapAtOnce(alone, concurrency, async (item) =>
    advance(item, async () => {
      const data = encodePrepared(context.registry, context.to ?? from, item.prepared, () => undefined);
      const call = callOf(context.registry, data);
      const options = maxFeePerGas === undefined ? {} : { maxFeePerGas };
      const cost = await estimateTransaction(context.registry.provider, from, call, options);
      item.cost = cost;
      if (dearest === undefined || cost.worstCost > dearest.worstCost) dearest = cost;
    }),
  );
  if (dearest === undefined) return undefined;
  const total = { gas: 0n, dataGas: 0n, dataFee: 0n, operatorFee: 0n };
  for (const item of openItems(items)) {
    const { gas, dataGas = 0n, dataFee, operatorFee = 0n } = (item.cost ??= dearest);
    total.gas += gas;
    total.dataGas += dataGas;
    total.dataFee += dataFee;
    total.operatorFee += operatorFee;
  }
  const { dataGas, operatorFee, ...sum } = total;
  return {
    ...dearest,
    ...sum,
    ...(dearest.dataGas !== undefined && { dataGas }),
    ...(operatorFee > 0n && { operatorFee }),
    worstCost: total.gas * dearest.maxFeePerGas + total.dataFee + operatorFee,
  };
}

function parentsOf({ built }: ReadyItem["prepared"]): string[] {
  return (built.metadata.provenance.parents ?? []).map(({ tokenId }) => tokenId);
}

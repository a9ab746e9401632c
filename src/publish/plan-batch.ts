import { encodeMint, toSubmission } from "../chain/mint.ts";
import { TRANSACTION_GAS_CAP, type TransactionCost, estimateTransaction } from "../chain/transaction-cost.ts";
import { mapLimited } from "../map-limited.ts";
import { type BatchItem, type ReadyItem, advance, openItems } from "./batch-item.ts";
import { assertParentsKnown } from "./check-parents.ts";
import type { MintContext } from "./mint-context.ts";

// What nodes keep of one transaction (128 KiB in go-ethereum), less what is around the submissions.
const MAX_CALL_BYTES = 120 * 1024;
// An estimate of the whole may be a little above the sum of the parts.
const GROUP_GAS = (TRANSACTION_GAS_CAP * 9n) / 10n;

/** The models whose parents are all in the registry by now: they can be minted. */
export function listMintable(items: readonly BatchItem[]): ReadyItem[] {
  const open = openItems(items);
  const waiting = new Set<string>(open.map(({ prepared }) => prepared.model.modelDigest));
  return open.filter(({ prepared }) => !parentsOf(prepared).some((tokenId) => waiting.has(tokenId)));
}

/** Makes sure that every parent is in the registry or may come before the model. @throws {ProvenanceError} `PARENT_UNKNOWN` */
export async function assertParentsReachable(
  { prepared }: ReadyItem,
  items: readonly BatchItem[],
  { registry }: MintContext,
): Promise<void> {
  const inBatch = new Set<string>(openItems(items).map((item) => item.prepared.model.modelDigest));
  await assertParentsKnown(prepared.built.metadata.provenance, registry, inBatch);
}

/**
 * Estimates each model that can be minted alone, so that one that is refused does not take others with it.
 *
 * @returns what one transaction after the other will cost at most, all together; undefined where nothing is left. What
 *   cannot be estimated yet counts as the dearest of the others.
 */
export async function estimateItems(
  items: readonly BatchItem[],
  context: MintContext,
  from: string,
  concurrency: number,
): Promise<TransactionCost | undefined> {
  const costs: TransactionCost[] = [];
  const { maxFeePerGas } = context.sending ?? {};
  await mapLimited(listMintable(items), concurrency, async (item) =>
    advance(item, async () => {
      const data = encodeItem(item, context, from);
      const options = maxFeePerGas === undefined ? {} : { maxFeePerGas };
      const cost = await estimateTransaction(context.registry, from, data, options);
      item.gas = cost.gas;
      costs.push(cost);
    }),
  );
  const dearest = costs.toSorted((a, b) => Number(b.worstCost - a.worstCost))[0];
  if (dearest === undefined) return undefined;
  const gas = openItems(items).reduce((sum, item) => sum + (item.gas ?? dearest.gas), 0n);
  return { ...dearest, gas, worstCost: gas * dearest.maxFeePerGas };
}

/** Divides models into groups of which each fits one transaction, in their order. */
export function groupItems(items: readonly ReadyItem[], context: MintContext, from: string): ReadyItem[][] {
  const groups: ReadyItem[][] = [];
  let gas = 0n;
  let bytes = 0;
  for (const item of items) {
    const itemBytes = encodeItem(item, context, from).length / 2;
    const itemGas = item.gas ?? 0n;
    const group = groups.at(-1);
    if (group === undefined || gas + itemGas > GROUP_GAS || bytes + itemBytes > MAX_CALL_BYTES) {
      groups.push([item]);
      [gas, bytes] = [itemGas, itemBytes];
    } else {
      group.push(item);
      [gas, bytes] = [gas + itemGas, bytes + itemBytes];
    }
  }
  return groups;
}

function encodeItem({ prepared }: ReadyItem, { registry, to }: MintContext, from: string): string {
  const { metadata, metadataDigest } = prepared.built;
  return encodeMint(
    registry,
    to ?? from,
    toSubmission(metadata.provenance, metadataDigest, () => undefined),
  );
}

function parentsOf({ built }: ReadyItem["prepared"]): string[] {
  return (built.metadata.provenance.parents ?? []).map(({ tokenId }) => tokenId);
}

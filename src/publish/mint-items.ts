import { readModelRecord } from "../registry/model-record.ts";
import type { MinedTransaction } from "./sending/sent-transaction.ts";
import { ProvenanceError } from "../base/errors.ts";
import { mapAtOnce } from "../base/concurrency.ts";
import { type ReadyItem, advance, openItems, type PublishBatchContext } from "./batch-item.ts";
import { concurrencyOf, endBySingle } from "./batch-steps.ts";
import { waitForRecord, writeMined } from "./mint-model.ts";
import { pinRecorded } from "./pin-recorded.ts";
import { failOrphans } from "./plan-batch.ts";
import { type BatchSending, countFirst, sendBatch } from "./send-batch.ts";

// A nonce that somebody else took costs a try.
const MAX_TRIES = 5;

/**
 * Pins and mints models, with as few transactions as they fit in. Afterwards each has its result.
 *
 * @param items - parents before their children
 * @param onGroup - called when the results of a transaction are known
 */
export async function mintItems(
  items: readonly ReadyItem[],
  sending: BatchSending,
  context: PublishBatchContext,
  onGroup: () => Promise<void>,
): Promise<void> {
  await mapAtOnce(items, concurrencyOf(context), async (item) =>
    advance(item, async () => pinRecorded(item.prepared.built, context.store, item.journal, context.pinning)),
  );
  for (let left = openItems(items); left.length > 0; left = openItems(items)) {
    const anchored = left.findIndex(({ prepared }) => prepared.anchored !== undefined);
    // A model of an anchored batch takes a transaction of its own.
    const plain = anchored < 0 ? left : left.slice(0, anchored);
    // At least one: what cannot be minted is told when it is tried alone.
    const group = left.slice(0, Math.max(1, plain.length === 0 ? 1 : await countFirst(plain, sending)));
    await mintGroup(group, sending);
    // What was to be built on a model that failed cannot be minted either.
    await failOrphans(openItems(items), items, context);
    await onGroup();
  }
}

async function mintGroup(group: readonly ReadyItem[], sending: BatchSending): Promise<void> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const open = openItems(group);
    const [first] = open;
    if (first === undefined) return;
    if (open.length === 1) {
      await advance(first, async () => endBySingle(first, sending));
      return;
    }
    const transaction = await tryBatch(open, sending);
    if (transaction === "refused") {
      // One of them is to blame: it is found by halving, and told alone.
      const middle = Math.ceil(open.length / 2);
      await mintGroup(open.slice(0, middle), sending);
      await mintGroup(open.slice(middle), sending);
      return;
    }
    if (transaction !== "done") await writeTokens(open, transaction, sending);
    else await endRecorded(open, sending);
  }
  const text = `The account ${sending.from} is used by others at the same time: ${MAX_TRIES} nonces in turn were taken. Run again.`;
  throw new ProvenanceError("TRANSACTION_PENDING", text);
}

/** Sends a group. @returns how it was mined; `refused`: the contract will not have it; `done`: some of them have tokens */
async function tryBatch(
  open: readonly ReadyItem[],
  sending: BatchSending,
): Promise<MinedTransaction | "refused" | "done"> {
  try {
    const settled = await sendBatch(open, sending);
    if (settled.kind === "mined") return settled.transaction;
    return settled.kind === "reverted" ? "refused" : "done";
  } catch (error) {
    if (error instanceof ProvenanceError && error.code === "TRANSACTION_REFUSED") return "refused";
    throw error;
  }
}

async function writeTokens(
  open: readonly ReadyItem[],
  transaction: MinedTransaction,
  { context }: BatchSending,
): Promise<void> {
  for (const item of open) {
    const { prepared, journal } = item;
    const tokenId = BigInt(item.prepared.model.modelDigest);
    const record = await waitForRecord(tokenId, context, transaction);
    await writeMined(journal, transaction);
    item.result = { status: "minted", prepared, minted: { tokenId, uri: prepared.built.uri, record, transaction } };
  }
}

/** Somebody else may have minted some of them meanwhile. */
async function endRecorded(open: readonly ReadyItem[], sending: BatchSending): Promise<void> {
  for (const item of open) {
    if ((await readModelRecord(sending.context.registry, BigInt(item.prepared.model.modelDigest))) === undefined)
      continue;
    await advance(item, async () => endBySingle(item, sending));
  }
}

import { type Anchor, readAnchor } from "../registry/batches/anchors.ts";
import { assertMinter } from "./mint.ts";
import type { Registry } from "../registry/registry.ts";
import type { MinedTransaction } from "./sending/sent-transaction.ts";
import { encodeAnchor } from "./send-anchor.ts";
import { assertAffordable } from "./sending/transaction-cost.ts";
import { type TransactionContext, callOf, transactUnless } from "./transact.ts";
import { ProvenanceError } from "../base/errors.ts";
import type { ContentStore } from "../content/content-store.ts";
import type { Batch } from "./build-batch.ts";
import { assertParentsKnown } from "./check-parents.ts";
import { pinFile } from "./pin-metadata.ts";
import type { RecordPlan } from "./record-plan.ts";

/** What {@link anchorBatch} needs beyond the batch. */
export interface AnchorBatchContext extends Omit<TransactionContext, "confirm"> {
  readonly registry: Registry;
  readonly store: ContentStore;
  /** Called with the plan before anything is pinned or sent; it throws to stop. */
  readonly confirm?: (plan: RecordPlan) => Promise<void>;
}

/** A batch on the chain. */
export interface AnchoredBatch {
  readonly anchor: Anchor;
  /** Undefined when it was anchored before. */
  readonly transaction?: MinedTransaction;
}

/**
 * Pins the directory of a batch and anchors its root: every model of it is provably recorded from this block on. A batch that
 * the signer anchored before is pinned again and returned as it is.
 *
 * @throws {ProvenanceError} `SIGNER_MISMATCH` if another account signed a model's metadata, `NOT_MINTER`, `PARENT_UNKNOWN` for a
 *   parent that is neither recorded nor in the batch (its child could never be minted), `STORE_FAILED`,
 *   `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`, and whatever `confirm` throws
 */
export async function anchorBatch(batch: Batch, context: AnchorBatchContext): Promise<AnchoredBatch> {
  const { registry, signer, store } = context;
  const { root, contentDigest, models } = batch;
  const creator = await signer.getAddress();
  assertSigned(batch, creator);
  const existing = await readAnchor(registry, root, creator);
  if (existing !== undefined) {
    await pinBatch(batch, store);
    return { anchor: existing };
  }
  await assertMinter(registry, creator);
  const members = new Set<string>(models.map(({ model }) => model.modelDigest));
  for (const prepared of models) await assertParentsKnown(prepared.built.metadata.provenance, registry, members);

  const call = callOf(registry, encodeAnchor(registry, { root, contentDigest, count: models.length }));
  const isAnchored = async () => (await readAnchor(registry, root, creator)) !== undefined;
  const transaction = await transactUnless(isAnchored, registry, call, {
    ...context,
    confirm: async ({ call: _, ...cost }) => {
      assertAffordable(creator, cost, registry.chainId);
      await context.confirm?.({ ...cost, count: models.length, models, root });
      await pinBatch(batch, store);
    },
  });
  const anchor = await readAnchor(registry, root, creator);
  if (anchor !== undefined) return { anchor, ...(transaction && { transaction }) };
  const text = `The node mined ${transaction?.transactionHash ?? "the transaction"} and does not know the batch yet. Run again: nothing is done twice.`;
  throw new ProvenanceError("CHAIN_UNREACHABLE", text);
}

/** Pins the directory of a batch and what the metadata in it name. @throws {ProvenanceError} `STORE_FAILED` */
export async function pinBatch({ cid, blocks, attachments }: Batch, store: ContentStore): Promise<void> {
  for (const file of attachments) await pinFile(file, store);
  await store.pin(cid, blocks);
}

function assertSigned({ models }: Batch, creator: string): void {
  for (const { built, model } of models) {
    const { signer } = built.metadata.signature;
    if (signer === creator) continue;
    const text = `${signer} signed the metadata of ${model.path}, and ${creator} would anchor it. Prepare it with the account that anchors.`;
    throw new ProvenanceError("SIGNER_MISMATCH", text);
  }
}

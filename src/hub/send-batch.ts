import { readAnchor } from "../registry/batches/anchors.ts";
import type { MinedTransaction } from "../publish/sending/sent-transaction.ts";
import { type TransactionCost, assertAffordable } from "../publish/sending/transaction-cost.ts";
import { settleCall } from "../publish/settle.ts";
import { callOf, toSender } from "../publish/transact.ts";
import type { PlannedBatch } from "./plan-batch.ts";
import type { RecordModelsContext } from "./recording.ts";

/**
 * Anchors a batch, from wherever an earlier run stopped: what that run sent is found, in a block or on its way there,
 * before anything is sent.
 *
 * @param prepare - called before each sending with what it will take; it asks, and pins what the transaction names
 * @returns undefined where the batch turns out to be anchored without a transaction of ours that is known
 * @throws {ProvenanceError} as `settle`, and whatever `prepare` throws
 */
export async function sendBatch(
  { root, contentDigest, count }: PlannedBatch,
  creator: string,
  context: RecordModelsContext,
  prepare: (cost: TransactionCost) => Promise<void>,
): Promise<MinedTransaction | undefined> {
  const { registry, state, publisher, ...asked } = context;
  const data = registry.contract.interface.encodeFunctionData("anchorBatch", [root, contentDigest, count]);
  return settleCall({
    sender: toSender(registry, { ...asked, ...(publisher && { state: publisher }) }),
    log: state.sentLog(root),
    from: creator,
    call: callOf(registry, data),
    isDone: async () => (await readAnchor(registry, root, creator)) !== undefined,
    beforeSending: async (cost) => {
      assertAffordable(creator, cost, registry.chainId);
      await prepare(cost);
    },
  });
}

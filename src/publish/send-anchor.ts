import type { Hex } from "../base/hex.ts";
import { readAnchor } from "../registry/batches/anchors.ts";
import type { Registry } from "../registry/registry.ts";
import type { SentLog } from "./sending/sending.ts";
import type { MinedTransaction } from "./sending/sent-transaction.ts";
import { type TransactionCost, assertAffordable } from "./sending/transaction-cost.ts";
import { settleCall } from "./settle.ts";
import { type TransactionContext, callOf, toSender } from "./transact.ts";

/** What is recorded of a batch. */
export interface AnchorRequest {
  readonly root: Hex;
  /** The digest inside the CID of the batch's directory. */
  readonly contentDigest: Hex;
  readonly count: number;
}

/**
 * Anchors a batch, from wherever an earlier run stopped: what that run sent is found, in a block or on its way there,
 * before anything is sent.
 *
 * @param log - what was sent of it
 * @param prepare - called before each sending with what it will take; it asks, and pins what the transaction names
 * @returns undefined where the batch turns out to be anchored without a transaction that is known here
 * @throws {ProvenanceError} as `settle`, and whatever `prepare` throws
 */
export async function sendAnchor(
  registry: Registry,
  request: AnchorRequest,
  context: Omit<TransactionContext, "confirm">,
  log: SentLog,
  prepare: (cost: TransactionCost) => Promise<void>,
): Promise<MinedTransaction | undefined> {
  const from = await context.signer.getAddress();
  return settleCall({
    sender: toSender(registry, context),
    log,
    from,
    call: callOf(registry, encodeAnchor(registry, request)),
    isDone: async () => (await readAnchor(registry, request.root, from)) !== undefined,
    beforeSending: async (cost) => {
      assertAffordable(from, cost, registry.chainId);
      await prepare(cost);
    },
  });
}

/** Encodes the call that anchors a batch. @returns 0x-hex */
export function encodeAnchor({ contract }: Registry, { root, contentDigest, count }: AnchorRequest): string {
  return contract.interface.encodeFunctionData("anchorBatch", [root, contentDigest, count]);
}

import { ProvenanceError, type ProvenanceErrorCode } from "../base/errors.ts";
import type { ModelEntry } from "./journal/journal-schema.ts";
import type { Journal } from "./journal/journal.ts";
import type { Release } from "../base/lock.ts";
import type { MintedModel } from "./mint-context.ts";
import type { HashedRequest, PreparedModel, PublishRequest } from "./prepare-model.ts";
import type { PublishModelContext } from "./publish-model.ts";
import type { TransactionCost } from "./sending/transaction-cost.ts";

/** What became of one model of a batch. */
export type BatchResult =
  | { readonly status: "minted" | "existing"; readonly prepared: PreparedModel; readonly minted: MintedModel }
  | { readonly status: "failed"; readonly error: ProvenanceError };

/** What `publishBatch` needs beyond what one model does. */
export interface PublishBatchContext extends PublishModelContext {
  /** Models that are hashed, estimated or pinned at once; 4 when it is left out. */
  readonly concurrency?: number;
  /** Called as soon as it is known what became of a model. */
  readonly onResult?: (index: number, result: BatchResult) => Promise<void>;
}

/** One model of a batch under way; its parts appear one after the other. */
export interface BatchItem {
  readonly request: PublishRequest;
  hashed?: HashedRequest;
  release?: Release;
  journal?: Journal<ModelEntry>;
  prepared?: PreparedModel;
  /** What minting it alone takes; as the dearest of the others as long as a parent in the same batch is not minted. */
  cost?: TransactionCost;
  result?: BatchResult;
}

/** A model that is described, and not minted yet. */
export type ReadyItem = BatchItem & Required<Pick<BatchItem, "journal" | "prepared">>;

// These concern every model: the node, the account, the state folder, a limit that was set. All else concerns one.
const OF_ALL_MODELS: ReadonlySet<ProvenanceErrorCode> = new Set<ProvenanceErrorCode>([
  "CONFIRMATION_MISSING",
  "INTERRUPTED",
  "STATE_FAILED",
  "STORE_NOT_PUBLIC",
  "REGISTRY_NOT_CONFIGURED",
  "REGISTRY_NOT_FOUND",
  "CHAIN_MISMATCH",
  "CHAIN_UNREACHABLE",
  "SIGNER_MISSING",
  "SIGNER_MISMATCH",
  "SIGNATURE_REFUSED",
  "NOT_MINTER",
  "COST_TOO_HIGH",
  "TRANSACTION_PENDING",
]);

/** Does a step of one model, unless that has ended. A failure that concerns it alone ends it; what concerns all goes through. */
export async function advance(item: BatchItem, step: () => Promise<void>): Promise<void> {
  if (item.result !== undefined) return;
  try {
    await step();
  } catch (error) {
    if (!(error instanceof ProvenanceError) || OF_ALL_MODELS.has(error.code)) throw error;
    item.result = { status: "failed", error };
  }
}

/** The models that have not ended, in the order of the list. */
export function openItems(items: readonly BatchItem[]): ReadyItem[] {
  return items.filter((item): item is ReadyItem => item.result === undefined && item.prepared !== undefined);
}

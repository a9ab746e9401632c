import { ProvenanceError, type ProvenanceErrorCode } from "../errors.ts";
import type { ModelEntry } from "../state/journal-schema.ts";
import type { Journal } from "../state/journal.ts";
import type { Release } from "../state/lock.ts";
import type { MintedModel } from "./mint-context.ts";
import type { HashedRequest, PreparedModel, PublishRequest } from "./prepare-model.ts";

/** What became of one model of a batch. */
export type BatchResult =
  | { readonly status: "minted" | "existing"; readonly prepared: PreparedModel; readonly minted: MintedModel }
  | { readonly status: "failed"; readonly error: ProvenanceError };

/** One model of a batch under way; its parts appear one after the other. */
export interface BatchItem {
  readonly request: PublishRequest;
  hashed?: HashedRequest;
  release?: Release;
  journal?: Journal<ModelEntry>;
  prepared?: PreparedModel;
  /** Gas that minting it alone takes; undefined as long as a parent in the same batch is not minted. */
  gas?: bigint;
  result?: BatchResult;
}

/** A model that is described, and not minted yet. */
export type ReadyItem = BatchItem & Required<Pick<BatchItem, "journal" | "prepared">>;

// These concern one model, and the others go on. All else (the node, the disk, the account) concerns every model.
const OF_ONE_MODEL: ReadonlySet<ProvenanceErrorCode> = new Set<ProvenanceErrorCode>([
  "MODEL_NOT_FOUND",
  "MODEL_EMPTY",
  "MODEL_UNREADABLE",
  "MODEL_CHANGED",
  "MODEL_INCOMPLETE",
  "MODEL_UNSUPPORTED_ENTRY",
  "MODEL_HEADER_INVALID",
  "RESOURCE_NAME_INVALID",
  "CLAIM_NAME_TAKEN",
  "OPTION_MISSING",
  "OPTION_INVALID",
  "METADATA_TOO_LARGE",
  "METADATA_INVALID",
  "OMS_BUNDLE_INVALID",
  "OMS_UNSUPPORTED",
  "OMS_SIGNATURE_INVALID",
  "OMS_FILES_DIFFER",
  "STORE_FAILED",
  "STATE_DAMAGED",
  "PARENT_UNKNOWN",
  "ALREADY_MINTED",
  "TRANSACTION_REFUSED",
]);

/** Does a step of one model, unless that has ended. A failure that concerns it alone ends it; others go through. */
export async function advance(item: BatchItem, step: () => Promise<void>): Promise<void> {
  if (item.result !== undefined) return;
  try {
    await step();
  } catch (error) {
    if (!(error instanceof ProvenanceError && OF_ONE_MODEL.has(error.code))) throw error;
    item.result = { status: "failed", error };
  }
}

/** The models that have not ended, in the order of the list. */
export function openItems(items: readonly BatchItem[]): ReadyItem[] {
  return items.filter((item): item is ReadyItem => item.result === undefined && item.prepared !== undefined);
}

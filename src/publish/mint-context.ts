import type { ContractCall, SendingOptions } from "./sending/sending.ts";
import type { MinedTransaction } from "./sending/sent-transaction.ts";
import type { ModelRecord } from "../registry/model-record.ts";
import type { PublisherState } from "./journal/publisher-state.ts";
import type { BlockSource, ContentStore } from "../content/content-store.ts";
import type { PinProgress } from "./pin-metadata.ts";
import type { PreparedModel, PublishContext } from "./prepare-model.ts";
import type { RecordPlan } from "./record-plan.ts";

/** What it takes to mint a model: its files are no longer asked for. */
export interface MintableModel extends Pick<PreparedModel, "built" | "anchored"> {
  readonly model: Pick<PreparedModel["model"], "modelDigest">;
}

/** A model's token: just minted, or there before with the same metadata. */
export interface MintedModel {
  readonly tokenId: bigint;
  readonly uri: string;
  readonly record: ModelRecord;
  /** Undefined when the token was there before. */
  readonly transaction?: MinedTransaction;
}

/** What minting needs beyond the prepared model. */
export interface MintContext<Model extends MintableModel = PreparedModel> extends PublishContext {
  readonly store: ContentStore;
  /** Where the metadata of a token that is there already is read from; the store when it is left out. */
  readonly reading?: BlockSource;
  /** Owner of the token; the creator when it is left out. */
  readonly to?: string;
  /** Called with the plan before anything is pinned or sent; it throws to stop. */
  readonly confirm: (plan: RecordPlan<Model>) => Promise<void>;
  /**
   * Called instead of sending, when all that the call names is pinned: a contract account executes it, and whoever does that
   * pays. It throws to stop.
   */
  readonly propose?: (call: ContractCall) => Promise<never>;
  /** Whoever executes the call for a contract account pays: what that account has is not asked. */
  readonly paidElsewhere?: boolean;
  /** Called with the transaction's hash as soon as it is sent. */
  readonly onSent?: (transactionHash: string) => void;
  /** Follows the bytes of a model that is pinned itself. */
  readonly pinning?: PinProgress;
  /** Called with a sentence when another process has to be waited for. */
  readonly onWait?: (text: string) => void;
  readonly sending?: SendingOptions;
  /** What is remembered between runs; nothing when it is left out. */
  readonly state?: PublisherState;
}

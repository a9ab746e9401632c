import type { Hex } from "../base/hex.ts";
import type { Attempt } from "./journal/journal-schema.ts";
import type { PreparedModel } from "./prepare-model.ts";
import type { TransactionCost } from "./sending/transaction-cost.ts";

/** What is about to be recorded, by whichever verb: shown before anything is pinned or sent. */
export interface RecordPlan<Model = PreparedModel> extends TransactionCost {
  /** The account that sends and pays. */
  readonly from: string;
  /** How many models are recorded. */
  readonly count: number;
  /** The models, in the order in which they are recorded, as far as they are at hand. */
  readonly models: readonly Model[];
  /** Who will own the tokens; undefined where a batch is anchored. */
  readonly to?: string;
  /** The root under which the models are anchored; undefined where each becomes a token. */
  readonly root?: Hex;
  /** How long their metadata are together, where the models are not at hand. */
  readonly metadataBytes?: number;
  /** The transaction whose place is taken, if one was sent before. */
  readonly replaces?: Attempt;
}

import type { Signer } from "ethers";
import type { Hex } from "../base/hex.ts";
import type { BlockSource, ContentStore } from "../content/content-store.ts";
import type { PublisherState } from "../publish/journal/publisher-state.ts";
import type { RecordPlan } from "../publish/record-plan.ts";
import type { SendingOptions } from "../publish/sending/sending.ts";
import { type Registry, toCaip10 } from "../registry/registry.ts";
import type { ImportPlace, ImportState } from "./import-state.ts";
import type { Spool } from "./spool.ts";

/** Where and by whom models are recorded. */
export interface RecordModelsContext {
  readonly registry: Registry;
  readonly signer: Signer;
  readonly store: ContentStore;
  /** Where what was pinned elsewhere is read; the store itself when it is left out. */
  readonly reading?: BlockSource;
  readonly spool: Spool;
  readonly state: ImportState;
  /** Keeps processes that use the same account apart; nothing does when it is left out. */
  readonly publisher?: PublisherState;
  readonly sending?: SendingOptions;
  /** Called before anything is pinned or sent; it throws to stop. */
  readonly confirm: (plan: RecordPlan) => Promise<void>;
  readonly onSent: (transactionHash: string) => void;
  readonly warn: (text: string) => void;
}

/** Models that are on the chain now. */
export interface RecordedGroup {
  readonly count: number;
  /** The root of their batch; undefined where they are tokens. */
  readonly root?: Hex;
  /** Undefined where they were recorded before. */
  readonly transactionHash?: string;
}

/** A model that waits in the spool. */
export interface WaitingModel {
  readonly modelDigest: Hex;
  readonly metadataDigest: Hex;
  /** The branch, tag or commit that was asked for: what is watched. */
  readonly reference?: string | undefined;
}

/** Where and by whom models are recorded, as the state names it. */
export async function placeOf({
  registry,
  signer,
}: Pick<RecordModelsContext, "registry" | "signer">): Promise<ImportPlace> {
  return { registry: toCaip10(registry), creator: await signer.getAddress() };
}

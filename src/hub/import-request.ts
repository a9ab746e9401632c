import type { ProvenanceErrorCode } from "../base/errors.ts";
import type { Hub } from "./hub.ts";
import type { ImportState, ModelLine } from "./import-state.ts";
import type { WorkQueue } from "./queue/work-queue.ts";
import type { KnownAs } from "./known-models.ts";
import type { RegistrationKey } from "./read-registrations.ts";
import type { RecordModelsContext, RecordedGroup } from "./recording.ts";
import type { ModelSelection } from "./select-models.ts";

/** Which models are imported, and how. */
export interface ImportRequest {
  readonly selection: ModelSelection;
  /** Private repositories as well. */
  readonly allowPrivate?: boolean;
  /** A folder: every file is fetched into it and compared with its digest. */
  readonly download?: string;
  /** Models of one batch; with 1 each becomes a token of its own. */
  readonly batchSize?: number;
  /** Models that are read at a time. */
  readonly concurrency?: number;
}

/** Where models are read from and recorded, and who is told. */
export interface ImportContext {
  readonly hub: Hub;
  readonly state: ImportState;
  /** Where models are read; this process reads them when it is left out. */
  readonly queue?: WorkQueue;
  /** Where to record them; without it they are only read. */
  readonly recording?: Omit<RecordModelsContext, "state" | "warn">;
  readonly warn: (text: string) => void;
  /** Called for each model in the order of the selection; it is waited for. */
  readonly onModel?: (outcome: ImportOutcome) => Promise<void> | void;
}

/** A model that could not be imported, and why. */
export interface FailedModel {
  readonly status: "failed";
  readonly repository: string;
  readonly code: ProvenanceErrorCode;
  readonly message: string;
}

/** A model that was read, and the branch, tag or commit that was asked for; no reference means the default branch. */
export interface AskedModel {
  readonly model: ModelLine;
  readonly reference?: string | undefined;
}

/** What became of one model: `waiting` ones are recorded with the next batch. */
export type ImportOutcome =
  | (AskedModel & { readonly status: "read" | "waiting" })
  | (AskedModel & { readonly status: "known"; readonly knownAs: KnownAs })
  /** It has the files of one that came before. */
  | (AskedModel & { readonly status: "same"; readonly sameAs: string })
  | FailedModel;

/** What an import did. */
export interface ImportSummary {
  readonly selected: number;
  /** Recorded by this run, what an interrupted run left unfinished included. */
  readonly recorded: readonly RecordedGroup[];
  /** Where the registry holds the models that it holds now, in the order of the selection. */
  readonly registrations: readonly RegistrationKey[];
}

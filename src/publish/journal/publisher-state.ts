import type { Hex } from "../../base/hex.ts";
import { type Journal, memoryJournal } from "./journal.ts";
import {
  type BatchEntry,
  type CallEntry,
  type ModelEntry,
  batchEntrySchema,
  callEntrySchema,
  modelEntrySchema,
} from "./journal-schema.ts";
import type { Release } from "../../base/lock.ts";

/** A registry on a chain: what a journal is about. */
export interface StatePlace {
  readonly chainId: bigint;
  /** Hash of block 0; undefined where the node does not tell. */
  readonly genesis?: Hex;
  readonly registry: string;
}

/** Called with a sentence when another process has to be waited for. */
export type OnWait = (text: string) => void;

/** One call of a contract, by one account. */
export interface CallPlace extends StatePlace {
  /** The account that sends it. */
  readonly from: string;
  /** SHA-256 of its data. */
  readonly call: Hex;
}

/** What was sent of a call. */
export interface CallJournal {
  readonly journal: Journal<CallEntry>;
  /** Forgets it: it ended, and whoever asks for it again wants it anew. */
  readonly forget: () => Promise<void>;
}

/** What a publisher's machine remembers between runs, and keeps processes apart with. */
export interface PublisherState {
  /** Opens the journal of a model. The caller holds the model's lock. */
  openModel(place: StatePlace, modelDigest: Hex): Promise<Journal<ModelEntry>>;
  /** Opens the journal of a batch, named by a digest over its models. */
  openBatch(place: StatePlace, batch: Hex, modelDigests: readonly Hex[]): Promise<Journal<BatchEntry>>;
  /** Does some work with the journal of a call, while no other process sends the same. */
  withCall<T>(place: CallPlace, work: (call: CallJournal) => Promise<T>): Promise<T>;
  /** Waits until no other process publishes this model. */
  lockModel(place: StatePlace, modelDigest: Hex, onWait?: OnWait): Promise<Release>;
  /** Does some work while no other process chooses a nonce of this account. */
  withAccount<T>(chainId: bigint, account: string, work: () => Promise<T>): Promise<T>;
}

/** A state that ends with the process. */
export function memoryState(): PublisherState {
  return {
    openModel: (place, modelDigest) => Promise.resolve(memoryJournal(modelEntrySchema, freshModel(place, modelDigest))),
    openBatch: (place, batch, modelDigests) =>
      Promise.resolve(memoryJournal(batchEntrySchema, freshBatch(place, batch, modelDigests))),
    withCall: async (place, work) =>
      work({ journal: memoryJournal(callEntrySchema, freshCall(place)), forget: () => Promise.resolve() }),
    lockModel: () => Promise.resolve(() => Promise.resolve()),
    withAccount: async (_chainId, _account, work) => work(),
  };
}

/** What the journal of a model says as long as nothing is written. */
export function freshModel(place: StatePlace, modelDigest: Hex): ModelEntry {
  return { ...header(place), modelDigest, pinned: {} };
}

/** The same of a batch. */
export function freshBatch(place: StatePlace, batch: Hex, modelDigests: readonly Hex[]): BatchEntry {
  return { ...header(place), batch, modelDigests: [...modelDigests] };
}

/** The same of a call. */
export function freshCall(place: CallPlace): CallEntry {
  return { ...header(place), call: place.call, from: place.from };
}

function header({ chainId, genesis, registry }: StatePlace) {
  const chain = { chainId: String(chainId), registry, ...(genesis && { genesis }) };
  return { schemaVersion: "1.0" as const, ...chain, sent: [] };
}

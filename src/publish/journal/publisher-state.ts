import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isDevelopmentChain } from "../../registry/development-chain.ts";
import { ProvenanceError } from "../../base/errors.ts";
import type { Hex } from "../../base/hex.ts";
import { Journal, stateDamaged, stateFailed } from "./journal.ts";
import {
  type BatchEntry,
  type CallEntry,
  type ModelEntry,
  batchEntrySchema,
  callEntrySchema,
  modelEntrySchema,
} from "./journal-schema.ts";
import { type Release, acquireLock } from "../../base/lock.ts";
import type { ProcessIdentity } from "../../base/process-identity.ts";

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

/**
 * The state in a folder: `eip155-<chain>-<registry>/<modelDigest>.json` for each model, `batches/` beside them, `calls/` as
 * long as one is under way, and `locks/`. It holds no key. A finished journal may be deleted.
 *
 * Errors: `STATE_DAMAGED`, `STATE_FAILED`, and `CHAIN_MISMATCH` for a journal of another chain with the same id.
 */
export function openStateFolder(path: string): PublisherState {
  const folder = resolve(path);
  const lock = async (name: string, onWait?: (holder: ProcessIdentity) => void): Promise<Release> => {
    const place = join(folder, "locks", name);
    return acquireLock(place, onWait).catch((error: unknown) => {
      throw stateFailed(place, error);
    });
  };
  const open = async <Entry extends AnyEntry>(
    schema: Parameters<typeof Journal.open<Entry>>[0],
    file: string,
    fresh: Entry,
  ): Promise<Journal<Entry>> => {
    const journal = await Journal.open(schema, file, fresh);
    if (subjectOf(journal.entry as Entry) !== subjectOf(fresh)) throw stateDamaged(file, "it is about something else");
    if (isSameChain(journal.entry as Entry, fresh)) return journal;
    if (isDevelopmentChain(BigInt(fresh.chainId))) return new Journal(schema, fresh, file); // It was started again.
    throw new ProvenanceError(
      "CHAIN_MISMATCH",
      `The journal ${file} was written for a chain with the id ${fresh.chainId} and another first block. Check the RPC URL.`,
    );
  };
  return {
    openModel: async (place, modelDigest) =>
      open(modelEntrySchema, join(folder, nameOf(place), `${modelDigest}.json`), freshModel(place, modelDigest)),
    openBatch: async (place, batch, modelDigests) =>
      open(
        batchEntrySchema,
        join(folder, nameOf(place), "batches", `${batch}.json`),
        freshBatch(place, batch, modelDigests),
      ),
    withCall: async (place, work) => {
      const name = `${place.from.toLowerCase()}-${place.call}`;
      const file = join(folder, nameOf(place), "calls", `${name}.json`);
      const release = await lock(`${nameOf(place)}-${name}`);
      try {
        const journal = await open(callEntrySchema, file, freshCall(place));
        return await work({ journal, forget: async () => rm(file, { force: true }) });
      } finally {
        await release();
      }
    },
    lockModel: async (place, modelDigest, onWait) =>
      lock(`${nameOf(place)}-${modelDigest}`, (holder) => onWait?.(describeWait(holder, folder))),
    withAccount: async (chainId, account, work) => {
      const release = await lock(`account-${chainId}-${account.toLowerCase()}`);
      try {
        return await work();
      } finally {
        await release();
      }
    },
  };
}

/** A state that ends with the process. */
export function memoryState(): PublisherState {
  return {
    openModel: (place, modelDigest) => Promise.resolve(new Journal(modelEntrySchema, freshModel(place, modelDigest))),
    openBatch: (place, batch, modelDigests) =>
      Promise.resolve(new Journal(batchEntrySchema, freshBatch(place, batch, modelDigests))),
    withCall: async (place, work) =>
      work({ journal: new Journal(callEntrySchema, freshCall(place)), forget: () => Promise.resolve() }),
    lockModel: () => Promise.resolve(() => Promise.resolve()),
    withAccount: async (_chainId, _account, work) => work(),
  };
}

type AnyEntry = ModelEntry | BatchEntry | CallEntry;

function subjectOf(entry: AnyEntry): string {
  const what =
    "call" in entry ? `${entry.from} ${entry.call}` : "modelDigests" in entry ? entry.batch : entry.modelDigest;
  return `${entry.chainId} ${entry.registry} ${what}`.toLowerCase();
}

function isSameChain(entry: AnyEntry, { genesis }: AnyEntry): boolean {
  return entry.genesis === undefined || genesis === undefined || entry.genesis === genesis;
}

function nameOf({ chainId, registry }: StatePlace): string {
  return `eip155-${chainId}-${registry.toLowerCase()}`;
}

function freshModel(place: StatePlace, modelDigest: Hex): ModelEntry {
  return { ...header(place), modelDigest, pinned: {} };
}

function freshBatch(place: StatePlace, batch: Hex, modelDigests: readonly Hex[]): BatchEntry {
  return { ...header(place), batch, modelDigests: [...modelDigests] };
}

function freshCall(place: CallPlace): CallEntry {
  return { ...header(place), call: place.call, from: place.from };
}

function header({ chainId, genesis, registry }: StatePlace) {
  const chain = { chainId: String(chainId), registry, ...(genesis && { genesis }) };
  return { schemaVersion: "1.0" as const, ...chain, sent: [] };
}

function describeWait({ host, pid }: ProcessIdentity, folder: string): string {
  return `Another process publishes this model (${pid} on ${host}): waiting for it. If that machine is gone, remove ${join(folder, "locks")}.`;
}

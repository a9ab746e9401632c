import {
  type AnyEntry,
  type CallEntry,
  type Hex,
  type Journal,
  type ModelEntry,
  ProvenanceError,
  type PublisherState,
  callEntrySchema,
  compareEntry,
  foreignState,
  freshCall,
  freshModel,
  memoryJournal,
  memoryState,
  modelEntrySchema,
} from "model-provenance-nft/core";
import { STRINGS } from "../strings.ts";
import { openTable } from "./indexed-table.ts";

type Place = Parameters<PublisherState["openModel"]>[0];
type Schema<Entry extends object> = Parameters<typeof memoryJournal<Entry>>[0];

const TEXT = STRINGS.wallet;
const models = openTable<ModelEntry>("sent-models");
const calls = openTable<CallEntry>("sent-calls");

/**
 * What this browser remembers of what it sent, in IndexedDB: each step is on the disk before the next begins, and tabs of the
 * page take turns. It holds no key.
 *
 * Errors: `STATE_FAILED` where nothing can be kept, `STATE_DAMAGED`, `CHAIN_MISMATCH`.
 */
export const pageState: PublisherState = {
  openModel: async (place, modelDigest) =>
    open(modelEntrySchema, models, keyOfModel(place, modelDigest), freshModel(place, modelDigest)),
  openBatch: (place, batch, modelDigests) => memoryState().openBatch(place, batch, modelDigests),
  withCall: async (place, work) => {
    const key = `${nameOf(place)}/${place.from}/${place.call}`.toLowerCase();
    return exclusively(`call ${key}`, async () => {
      const journal = await open(callEntrySchema, calls, key, freshCall(place));
      return work({ journal, forget: async () => calls.remove(key).catch(toFailure) });
    });
  },
  lockModel: async (place, modelDigest) => holdLock(`model ${keyOfModel(place, modelDigest)}`),
  withAccount: async (chainId, account, work) => exclusively(`account ${chainId} ${account.toLowerCase()}`, work),
};

async function open<Entry extends AnyEntry>(
  schema: Schema<Entry>,
  table: { get: (key: string) => Promise<Entry | undefined>; put: (key: string, entry: Entry) => Promise<void> },
  key: string,
  fresh: Entry,
): Promise<Journal<Entry>> {
  const kept = await table.get(key).catch(toFailure);
  const keep = async (entry: Entry) => table.put(key, entry).catch(toFailure);
  if (kept === undefined) return memoryJournal(schema, fresh, keep);
  const parsed = schema.safeParse(kept);
  if (!parsed.success) throw new ProvenanceError("STATE_DAMAGED", TEXT.damaged(key));
  switch (compareEntry(parsed.data, fresh)) {
    case "same":
      return memoryJournal(schema, parsed.data, keep);
    case "restarted":
      return memoryJournal(schema, fresh, keep);
    case "other":
      throw new ProvenanceError("STATE_DAMAGED", TEXT.damaged(key));
    case "foreign":
      throw foreignState(key, fresh);
  }
}

function nameOf({ chainId, registry }: Place): string {
  return `eip155:${chainId}:${registry}`;
}

function keyOfModel(place: Place, modelDigest: Hex): string {
  return `${nameOf(place)}/${modelDigest}`.toLowerCase();
}

function toFailure(cause: unknown): never {
  throw new ProvenanceError("STATE_FAILED", TEXT.notKept, { cause });
}

/** Does some work while no other tab of the page does the same; where a browser has no locks, at once. */
async function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  const release = await holdLock(name);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function holdLock(name: string): Promise<() => Promise<void>> {
  if (!("locks" in navigator)) return () => Promise.resolve();
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, async () => new Promise<void>((end) => resolve(() => Promise.resolve(end()))))
      .catch(reject);
  });
}

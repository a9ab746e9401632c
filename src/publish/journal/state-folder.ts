import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isDevelopmentChain } from "../../registry/development-chain.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { type Release, acquireLock } from "../../base/lock.ts";
import type { ProcessIdentity } from "../../base/process-identity.ts";
import type { Journal } from "./journal.ts";
import { createJournalFile, openJournalFile, stateDamaged, stateFailed } from "./journal-file.ts";
import {
  type BatchEntry,
  type CallEntry,
  type ModelEntry,
  batchEntrySchema,
  callEntrySchema,
  modelEntrySchema,
} from "./journal-schema.ts";
import { type PublisherState, type StatePlace, freshBatch, freshCall, freshModel } from "./publisher-state.ts";

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
    schema: Parameters<typeof openJournalFile<Entry>>[0],
    file: string,
    fresh: Entry,
  ): Promise<Journal<Entry>> => {
    const journal = await openJournalFile(schema, file, fresh);
    if (subjectOf(journal.entry as Entry) !== subjectOf(fresh)) throw stateDamaged(file, "it is about something else");
    if (isSameChain(journal.entry as Entry, fresh)) return journal;
    if (isDevelopmentChain(BigInt(fresh.chainId))) return createJournalFile(schema, fresh, file); // It was started again.
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

function describeWait({ host, pid }: ProcessIdentity, folder: string): string {
  return `Another process publishes this model (${pid} on ${host}): waiting for it. If that machine is gone, remove ${join(folder, "locks")}.`;
}

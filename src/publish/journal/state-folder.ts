import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Release, acquireLock } from "../../base/lock.ts";
import type { ProcessIdentity } from "../../base/process-identity.ts";
import { type AnyEntry, compareEntry, foreignState } from "./compare-entry.ts";
import type { Journal } from "./journal.ts";
import { createJournalFile, openJournalFile, stateDamaged, stateFailed } from "./journal-file.ts";
import { batchEntrySchema, callEntrySchema, modelEntrySchema } from "./journal-schema.ts";
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
    switch (compareEntry(journal.entry as Entry, fresh)) {
      case "same":
        return journal;
      case "restarted":
        return createJournalFile(schema, fresh, file);
      case "other":
        throw stateDamaged(file, "it is about something else");
      case "foreign":
        throw foreignState(file, fresh);
    }
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

function nameOf({ chainId, registry }: StatePlace): string {
  return `eip155-${chainId}-${registry.toLowerCase()}`;
}

function describeWait({ host, pid }: ProcessIdentity, folder: string): string {
  return `Another process publishes this model (${pid} on ${host}): waiting for it. If that machine is gone, remove ${join(folder, "locks")}.`;
}

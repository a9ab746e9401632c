import { setTimeout as sleep } from "node:timers/promises";
import { ProvenanceError } from "../../base/errors.ts";
import type { Hub } from "../hub.ts";
import type { InspectedModel } from "../inspect-model.ts";
import { type WorkResult, fromResult, keyOfWork, toJob } from "./model-result.ts";
import type { QueueDatabase } from "./queue-database.ts";
import type { ModelWork, WorkQueue } from "./work-queue.ts";

/** So many models are with the workers at a time: enough for a hundred of them. */
const AT_ONCE = 2000;
const POLL_MILLISECONDS = 250;
/** Every so many looks it is asked whether jobs were given up. */
const LOOKS = 20;

interface Waiting {
  readonly work: ModelWork;
  readonly resolve: (result: WorkResult) => void;
}

/**
 * Has models read by the workers of a queue, and waits for what they find. What they found before is taken as it is, except
 * for failures: those are tried again.
 */
export function postgresQueue(database: QueueDatabase, hub: Hub): WorkQueue {
  const waiting = new Map<string, Waiting[]>();
  let fresh: string[] = [];
  let following: Promise<void> | undefined;
  let failure: Error | undefined;

  /** Runs as long as somebody waits. */
  const follow = async (): Promise<void> => {
    for (let look = 1; waiting.size > 0; look++) {
      const asked = fresh.splice(0);
      if (asked.length > 0) await put(asked);
      await settle([...waiting.keys()]);
      if (look % LOOKS === 0) await settleAbandoned();
      if (fresh.length === 0 && waiting.size > 0) await sleep(POLL_MILLISECONDS);
    }
  };
  const put = async (keys: readonly string[]) => {
    await database.forgetFailures(keys);
    const known = await database.readResults(keys);
    const jobs = keys.flatMap((key) => {
      const work = waiting.get(key)?.[0]?.work;
      return work === undefined || known.has(key) ? [] : [{ key, data: toJob(hub, work) }];
    });
    await database.put(jobs);
  };
  const settle = async (keys: readonly string[]) => {
    for (const [key, result] of await database.readResults(keys)) {
      for (const { resolve } of waiting.get(key) ?? []) resolve(result);
      waiting.delete(key);
    }
  };
  const settleAbandoned = async () => {
    for (const key of await database.readAbandoned([...waiting.keys()])) {
      const message = "Whoever worked on it ended before it was done, again and again.";
      await database.addResult(key, { ok: false, code: "HUB_ANSWER_INVALID", message });
    }
  };
  const ask = async (key: string, work: ModelWork): Promise<WorkResult> => {
    if (failure !== undefined) throw failure;
    const answer = Promise.withResolvers<WorkResult>();
    const others = waiting.get(key);
    if (others === undefined) {
      waiting.set(key, [{ work, resolve: answer.resolve }]);
      fresh.push(key);
    } else others.push({ work, resolve: answer.resolve });
    following ??= follow().finally(() => (following = undefined));
    // A database that is gone is nobody's answer: all who wait are told.
    const gone = following.then(async () => new Promise<never>(() => undefined));
    return Promise.race([answer.promise, gone]);
  };
  return {
    atOnce: AT_ONCE,
    inspect: async (work): Promise<InspectedModel> => {
      const result = await ask(keyOfWork(hub, work), work);
      if (result.ok) return fromResult(hub, work, result.value);
      throw new ProvenanceError(result.code, result.message);
    },
    close: async () => {
      failure = new ProvenanceError("QUEUE_UNREACHABLE", "The queue is closed.");
      fresh = [];
      waiting.clear();
      await following?.catch(() => undefined);
      await database.close();
    },
  };
}

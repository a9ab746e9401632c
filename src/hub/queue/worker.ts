import { setTimeout as sleep } from "node:timers/promises";
import { ProvenanceError, type ProvenanceErrorCode } from "../../base/errors.ts";
import type { Hub } from "../hub.ts";
import { performJob } from "./model-result.ts";
import type { QueueDatabase, TakenJob } from "./queue-database.ts";

/** How a worker works. */
export interface WorkerOptions {
  /** Models that it reads at a time. */
  readonly atOnce: number;
  /** End when nothing is left to do. */
  readonly drain?: boolean;
  /** Ends it: what it has not finished is handed back. */
  readonly signal: AbortSignal;
  readonly onDone?: (key: string, fault: ProvenanceError | undefined) => void;
}

/** What a worker did. */
export interface WorkerSummary {
  readonly done: number;
  readonly failed: number;
  readonly handedBack: number;
}

const IDLE_MILLISECONDS = 250;
const HEARTBEAT_MILLISECONDS = 3000;
/** Faults of the way, not of the model: somebody tries again. */
const PASSING = new Set<ProvenanceErrorCode>(["HUB_UNREACHABLE", "HUB_RATE_LIMITED"]);

/**
 * Takes models from a queue and reads them, until the signal, or until nothing is left. It needs no key, no registry and no
 * chain: what it finds is a row, and whoever seals a batch signs.
 *
 * @throws {ProvenanceError} `HUB_TOKEN_INVALID`; the database's errors
 */
export async function runWorker(hub: Hub, database: QueueDatabase, options: WorkerOptions): Promise<WorkerSummary> {
  const { atOnce, drain = false, signal, onDone } = options;
  const active = new Map<string, Promise<void>>();
  let [done, failed] = [0, 0];
  let fatal: ProvenanceError | undefined;
  const work = async (job: TakenJob): Promise<void> => {
    try {
      const value = await performJob(hub, job.data);
      await database.finish(job, { ok: true, value });
      done++;
      onDone?.(job.key, undefined);
    } catch (error) {
      if (!(error instanceof ProvenanceError)) throw error;
      if (error.code === "HUB_TOKEN_INVALID") fatal = error;
      if (fatal !== undefined || (PASSING.has(error.code) && !job.isLast))
        return database.giveBack([job.id], error.message);
      await database.finish(job, { ok: false, code: error.code, message: error.message });
      failed++;
      onDone?.(job.key, error);
    }
  };
  const heart = setInterval(
    () => void database.touch([...active.keys()]).catch(() => undefined),
    HEARTBEAT_MILLISECONDS,
  );
  try {
    while (!signal.aborted && fatal === undefined) {
      const jobs = active.size < atOnce ? await database.take(atOnce - active.size) : [];
      for (const job of jobs) {
        // What the database does not take is done again by whoever has the job next.
        const working = work(job).catch(() => undefined);
        active.set(
          job.id,
          working.finally(() => active.delete(job.id)),
        );
      }
      if (jobs.length === 0 && active.size === 0 && drain && (await isEmpty(database))) break;
      const pause = sleep(IDLE_MILLISECONDS, undefined, { signal }).catch(() => undefined);
      if (jobs.length === 0 || active.size >= atOnce) await Promise.race([pause, ...active.values()]);
    }
  } finally {
    clearInterval(heart);
  }
  const left = [...active.keys()];
  await database.giveBack(left, "The worker was stopped.");
  if (fatal !== undefined) throw fatal;
  return { done, failed, handedBack: left.length };
}

async function isEmpty(database: QueueDatabase): Promise<boolean> {
  const { waiting, active } = await database.count();
  return waiting + active === 0;
}

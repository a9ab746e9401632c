import { setTimeout as sleep } from "node:timers/promises";
import { ProvenanceError, type ProvenanceErrorCode } from "../base/errors.ts";
import type { QueueDatabase, TakenJob } from "./queue-database.ts";
import type { QueueName } from "./queue-schema.ts";

/** Does the work of one queue. */
export interface Performer {
  readonly queue: QueueName;
  /** Jobs that it does at a time. */
  readonly atOnce: number;
  /** @throws {ProvenanceError} what the work came to */
  readonly perform: (job: unknown) => Promise<unknown>;
  /** Whether an error is of the way, or of this machine, not of what is asked: somebody tries again. */
  readonly isPassing: (code: ProvenanceErrorCode, job: unknown) => boolean;
}

/** How a worker works. */
export interface WorkerOptions {
  /** End when nothing is left to do. */
  readonly drain?: boolean;
  /** Ends it: what it has not finished is handed back. */
  readonly signal: AbortSignal;
  readonly onDone?: (key: string, fault: Error | undefined) => void;
  /** Told of work that somebody else may be able to do, and of what nobody expected. */
  readonly onHandedBack?: (key: string, fault: Error) => void;
}

/** What a worker did. */
export interface WorkerSummary {
  readonly done: number;
  readonly failed: number;
  readonly handedBack: number;
}

const IDLE_MILLISECONDS = 250;
const HEARTBEAT_MILLISECONDS = 3000;
/** What holds for every job that such a worker would take: it ends, and leaves them to others. */
const FATAL = new Set<ProvenanceErrorCode>(["HUB_TOKEN_INVALID", "WORKER_MISMATCHED"]);

/**
 * Takes work from queues and does it, until the signal, or until nothing is left. It needs no key, no registry and no chain:
 * what it finds is a row, and whoever seals a batch signs.
 *
 * @throws {ProvenanceError} `HUB_TOKEN_INVALID`, `WORKER_MISMATCHED`; the database's errors
 */
export async function runWorker(
  performers: readonly Performer[],
  database: QueueDatabase,
  options: WorkerOptions,
): Promise<WorkerSummary> {
  const fatal = new AbortController();
  const signal = AbortSignal.any([options.signal, fatal.signal]);
  const stations = performers.map(async (performer) =>
    workAt(performer, database, { ...options, signal }, (error) => fatal.abort(error)).catch((error: unknown) => {
      fatal.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(stations);
  const summaries = await Promise.all(stations);
  if (fatal.signal.aborted) throw fatal.signal.reason;
  const sumOf = (key: keyof WorkerSummary) => summaries.reduce((sum, summary) => sum + summary[key], 0);
  return { done: sumOf("done"), failed: sumOf("failed"), handedBack: sumOf("handedBack") };
}

/** The work of one queue. */
async function workAt(
  { queue, atOnce, perform, isPassing }: Performer,
  database: QueueDatabase,
  { drain = false, signal, onDone, onHandedBack }: WorkerOptions,
  onFatal: (fault: Error) => void,
): Promise<WorkerSummary> {
  const active = new Map<string, Promise<void>>();
  /** Jobs that came to no end here. */
  const open = new Set<string>();
  let [done, failed, handedBack] = [0, 0, 0];
  const work = async (job: TakenJob): Promise<void> => {
    const outcome = await perform(job.data).then(
      (value) => ({ value }),
      (fault: Error) => ({ fault }),
    );
    if ("value" in outcome) {
      await database.finish(job, { ok: true, value: outcome.value });
      open.delete(job.id);
      done++;
      return onDone?.(job.key, undefined);
    }
    const { fault } = outcome;
    const code = fault instanceof ProvenanceError ? fault.code : undefined;
    // What fails by being stopped, or because the database is gone, is nobody's fault.
    if (signal.aborted || code === "QUEUE_UNREACHABLE") return;
    if (code !== undefined && FATAL.has(code)) return onFatal(fault);
    open.delete(job.id);
    if (code === undefined || (isPassing(code, job.data) && !job.isLast)) {
      handedBack++;
      onHandedBack?.(job.key, fault);
      return database.giveBack(queue, [job.id], fault.message);
    }
    await database.finish(job, { ok: false, code, message: fault.message });
    failed++;
    onDone?.(job.key, fault);
  };
  const heart = setInterval(
    () => void database.touch(queue, [...active.keys()]).catch(() => undefined),
    HEARTBEAT_MILLISECONDS,
  );
  try {
    while (!signal.aborted) {
      const jobs = active.size < atOnce ? await database.take(queue, atOnce - active.size) : [];
      for (const job of jobs) {
        // What the database does not take is done again by whoever has the job next.
        open.add(job.id);
        const working = work(job).catch(() => undefined);
        active.set(
          job.id,
          working.finally(() => active.delete(job.id)),
        );
      }
      if (jobs.length === 0 && active.size === 0 && drain && !(await database.hasWork(queue))) break;
      const pause = sleep(IDLE_MILLISECONDS, undefined, { signal }).catch(() => undefined);
      if (jobs.length === 0 || active.size >= atOnce) await Promise.race([pause, ...active.values()]);
    }
  } finally {
    clearInterval(heart);
  }
  await database.putBack(queue, [...open]);
  return { done, failed, handedBack: handedBack + open.size };
}

/** A job that another version of this command wrote. */
export function otherVersion(version?: string): ProvenanceError {
  const named = version === undefined ? "another version of this command" : `version ${version} of this command`;
  const text = `A job of the queue was put there by ${named}. Run the same version on all machines: what is recorded depends on it.`;
  return new ProvenanceError("WORKER_MISMATCHED", text);
}

import { availableParallelism } from "node:os";
import { SHARE_ENV, Worker } from "node:worker_threads";
import { ProvenanceError } from "../../base/errors.ts";
import type { HashTask, WorkerReply } from "./hash-worker.ts";

// Compiled code runs the compiled worker; the sources run under a Node that strips types.
const WORKER_URL = new URL(`./hash-worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);
// A thread makes hardly any garbage; without a bound it would keep up to 48 MiB of it.
const LIMITS = { maxYoungGenerationSizeMb: 4 };

// A thread takes 14 MiB; eight hash 13 GB/s, more than disks give.
const MAX_THREADS = 8;

/** How many threads hash where nobody says: the machine's cores, at most eight. */
export function defaultThreads(): number {
  return Math.min(availableParallelism(), MAX_THREADS);
}

/** Threads that hash. Each has one task at a time, and is started with its first; close the pool when the work is done. */
export class WorkerPool {
  /** Number of threads. */
  readonly size: number;
  readonly #workers: (Worker | undefined)[] = [];

  constructor(size: number) {
    this.size = size;
  }

  /**
   * Runs a task on the thread with that index.
   *
   * @throws {ProvenanceError} what the task threw
   */
  async run<Task extends HashTask>(index: number, task: Task): Promise<Extract<WorkerReply, { kind: Task["kind"] }>> {
    const worker = (this.#workers[index] ??= startWorker());
    const reply = await new Promise<WorkerReply>((resolve, reject) => {
      const settle = () => {
        worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      };
      const onMessage = (message: WorkerReply) => (settle(), resolve(message));
      const onError = (error: Error) => (settle(), reject(error));
      const onExit = () => (settle(), reject(new Error("A hashing thread ended before its task.")));
      worker.on("message", onMessage).on("error", onError).on("exit", onExit);
      worker.postMessage(task);
    });
    if (reply.kind !== "error") return reply as Extract<WorkerReply, { kind: Task["kind"] }>;
    throw reply.code === undefined ? new Error(reply.message) : new ProvenanceError(reply.code, reply.message);
  }

  /** Ends all threads, whatever they are doing. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map(async (worker) => worker?.terminate()));
  }
}

function startWorker(): Worker {
  // A thread gets the flags of its process, but for the one with which no file may be run.
  const execArgv = process.execArgv.filter((flag) => !flag.startsWith("--input-type"));
  return new Worker(WORKER_URL, { resourceLimits: LIMITS, env: SHARE_ENV, execArgv });
}

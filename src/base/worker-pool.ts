import { availableParallelism } from "node:os";
import { SHARE_ENV, Worker } from "node:worker_threads";
import { ProvenanceError, type ProvenanceErrorCode } from "./errors.ts";

// A thread makes hardly any garbage; without a bound it would keep up to 48 MiB of it.
const LIMITS = { maxYoungGenerationSizeMb: 4 };

// A thread takes 14 MiB; eight hash 13 GB/s, more than disks give.
const MAX_THREADS = 8;

/** What a thread answers where a task failed. */
export interface WorkerFailure {
  readonly kind: "error";
  readonly code: ProvenanceErrorCode | undefined;
  readonly message: string;
}

interface Kinded {
  readonly kind: string;
}

/** How many threads hash where nobody says: the machine's cores, at most eight. */
export function defaultThreads(): number {
  return Math.min(availableParallelism(), MAX_THREADS);
}

/** What a thread says of an error, to be thrown again by who gave it the task. */
export function toWorkerFailure(error: unknown): WorkerFailure {
  const code = error instanceof ProvenanceError ? error.code : undefined;
  return { kind: "error", code, message: (error as Error).message };
}

/**
 * Threads that run one file. Each has one task at a time, and is started with its first; it answers a task with a reply of
 * the same kind, or with a failure. One that ends before its answer is started again with the next task. Close the pool when
 * the work is done.
 */
export class WorkerPool<AnyTask extends Kinded, Reply extends Kinded> {
  /** Number of threads. */
  readonly size: number;
  readonly #url: URL;
  readonly #workers: (Worker | undefined)[] = [];

  /** @param file - without its extension: compiled code runs the compiled worker, the sources run where Node strips types */
  constructor(size: number, file: URL) {
    this.size = size;
    this.#url = new URL(`${file.href}${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`);
  }

  /**
   * Runs a task on the thread with that index.
   *
   * @throws {ProvenanceError} what the task threw
   */
  async run<Task extends AnyTask>(index: number, task: Task): Promise<Extract<Reply, { kind: Task["kind"] }>> {
    const worker = (this.#workers[index] ??= this.#start(index));
    const reply = await new Promise<Reply | WorkerFailure>((resolve, reject) => {
      const settle = () => {
        worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      };
      const onMessage = (message: Reply | WorkerFailure) => (settle(), resolve(message));
      const onError = (error: Error) => (settle(), reject(error));
      const onExit = () => (settle(), reject(new Error("A thread ended before its task.")));
      worker.on("message", onMessage).on("error", onError).on("exit", onExit);
      worker.postMessage(task);
    });
    if (!isFailure(reply)) return reply as Extract<Reply, { kind: Task["kind"] }>;
    throw reply.code === undefined ? new Error(reply.message) : new ProvenanceError(reply.code, reply.message);
  }

  /** Ends all threads, whatever they are doing. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map(async (worker) => worker?.terminate()));
  }

  #start(index: number): Worker {
    // A thread gets the flags of its process, but for the one with which no file may be run.
    const execArgv = process.execArgv.filter((flag) => !flag.startsWith("--input-type"));
    const worker = new Worker(this.#url, { resourceLimits: LIMITS, env: SHARE_ENV, execArgv });
    const forget = () => {
      if (this.#workers[index] === worker) this.#workers[index] = undefined;
    };
    return worker.on("error", forget).on("exit", forget);
  }
}

function isFailure(reply: Kinded): reply is WorkerFailure {
  return reply.kind === "error";
}

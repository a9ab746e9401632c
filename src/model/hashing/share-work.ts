import { setImmediate as yieldToEvents } from "node:timers/promises";
import type { ByteProgress } from "./steps.ts";
import type { Steps } from "./steps.ts";
import type { HashThreads } from "./hash-threads.ts";

/** How tasks, which are known by their numbers, are done here and in a thread. */
export interface SharedWork {
  /** Does a task on this thread, in turns with whatever else happens on it. */
  readonly here: (task: number, turns: Turns) => Promise<void>;
  /** Does a task in a thread of the pool. @param progress - where the thread adds the bytes it read */
  readonly there: (thread: number, task: number, progress: BigInt64Array<SharedArrayBuffer>) => Promise<void>;
}

const PROGRESS_MILLISECONDS = 100;
// A turn takes two or three milliseconds: signals, timers and the threads' messages wait no longer.
const TURN_BYTES = 4 * 1024 * 1024;
const TURN_FILES = 64;

/** What keeps this thread attentive while it hashes. */
export class Turns {
  readonly #onBytes: ByteProgress;
  #bytes = 0;
  #files = 0;
  #stopped = false;

  constructor(onBytes: ByteProgress) {
    this.#onBytes = onBytes;
  }

  /** True once somebody else has failed: what is done from now on is for nothing. */
  get stopped(): boolean {
    return this.#stopped;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Counts the bytes of a read, and tells whether the turn is over: then `next` has to be awaited. */
  read(bytes: number): boolean {
    this.#onBytes(bytes);
    this.#bytes += bytes;
    return this.#bytes >= TURN_BYTES || ++this.#files >= TURN_FILES;
  }

  async next(): Promise<void> {
    this.#bytes = 0;
    this.#files = 0;
    await yieldToEvents();
  }
}

/** Takes steps, and after each turn lets others have theirs. */
export async function inTurns<Result>(steps: Steps<Result>, turns: Turns): Promise<Result> {
  try {
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      if (turns.read(step.value)) await turns.next();
      if (turns.stopped) throw new Error("Another task failed.");
    }
  } finally {
    steps.return(undefined as never);
  }
}

/**
 * Shares tasks between this thread and those of a pool: each takes the next one as soon as it is free. This thread
 * begins at once; the others need some 50 ms to start.
 *
 * @param threads - how many of the pool take part
 * @throws what the first task threw that failed; the others are not waited for
 */
export async function shareTasks(
  count: number,
  pool: HashThreads,
  threads: number,
  onBytes: ByteProgress,
  { here, there }: SharedWork,
): Promise<void> {
  const progress = new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT));
  const report = () => {
    const bytes = Number(Atomics.exchange(progress, 0, 0n));
    if (bytes > 0) onBytes(bytes);
  };
  const turns = new Turns(onBytes);
  let next = 0;
  const lane = async (run: (task: number) => Promise<void>) => {
    for (let task = next++; task < count && !turns.stopped; task = next++) await run(task);
  };
  const timer = setInterval(report, PROGRESS_MILLISECONDS);
  const lanes: Promise<void>[] = [];
  try {
    for (let thread = 0; thread < Math.min(threads, count - 1); thread++) {
      lanes.push(lane(async (task) => there(thread, task, progress)));
    }
    const own = lane(async (task) => here(task, turns));
    await Promise.all([...lanes, own]).catch(async (error: unknown) => {
      turns.stop();
      await own.catch(() => undefined);
      throw error;
    });
  } finally {
    clearInterval(timer);
    report();
  }
}

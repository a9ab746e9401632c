import { setTimeout as sleep } from "node:timers/promises";
import { ProvenanceError, type ProvenanceErrorCode } from "../base/errors.ts";
import type { QueueDatabase } from "./queue-database.ts";
import type { QueueName } from "./queue-schema.ts";
import type { WorkResult } from "./work-result.ts";

const POLL_MILLISECONDS = 250;
/** Every so many looks it is asked whether jobs were given up, and whether somebody takes them. */
const LOOKS = 20;
const PATIENCE_SECONDS = 3;

interface Asked {
  readonly job: object;
  readonly answer: PromiseWithResolvers<WorkResult>;
}

/** How {@link AskedWork} asks. */
export interface AskedWorkOptions {
  readonly queue: QueueName;
  /** The error of work that nobody finished. */
  readonly abandoned: ProvenanceErrorCode;
  /** Told once, where no worker takes what waits. */
  readonly onNobody: () => void;
}

/**
 * Has work of one queue done by its workers, and waits for what they find. What they found before is taken as it is, except
 * for failures: those are tried again.
 */
export class AskedWork {
  readonly #database: QueueDatabase;
  readonly #queue: QueueName;
  readonly #abandoned: ProvenanceErrorCode;
  readonly #onNobody: () => void;
  readonly #asked = new Map<string, Asked>();
  /** What was not put into the queue yet: what is said of it there is of earlier runs. */
  #fresh = new Set<string>();
  #following: Promise<void> | undefined;
  #isNobodyTold = false;

  constructor(database: QueueDatabase, { queue, abandoned, onNobody }: AskedWorkOptions) {
    this.#database = database;
    this.#queue = queue;
    this.#abandoned = abandoned;
    this.#onNobody = onNobody;
  }

  /**
   * Has a piece of work done, once however often it is asked for.
   *
   * @param key - names it
   * @param job - what the worker is told
   * @throws {ProvenanceError} what the work came to; `QUEUE_UNREACHABLE`; the database's errors
   */
  async ask(key: string, job: object): Promise<unknown> {
    let asked = this.#asked.get(key);
    if (asked === undefined) {
      asked = { job, answer: Promise.withResolvers() };
      asked.answer.promise.catch(() => undefined); // said to who waits
      this.#asked.set(key, asked);
      this.#fresh.add(key);
    }
    this.#following ??= this.#follow();
    const result = await asked.answer.promise;
    if (result.ok) return result.value;
    throw new ProvenanceError(result.code, result.message);
  }

  /** Waits for nothing any more. */
  async close(): Promise<void> {
    this.#failAll(new ProvenanceError("QUEUE_UNREACHABLE", "The queue is closed."));
    await this.#following;
  }

  /** Runs as long as somebody waits. A database that is gone is nobody's answer: all who wait are told. */
  async #follow(): Promise<void> {
    try {
      for (let look = 1; this.#asked.size > 0; look++) {
        await this.#putFresh();
        await this.#settle();
        if (look % LOOKS === 0) await this.#lookForWorkers();
        if (this.#fresh.size === 0 && this.#asked.size > 0) await sleep(POLL_MILLISECONDS);
      }
    } catch (error) {
      this.#failAll(error);
    } finally {
      // In the same turn in which nobody waited: whoever asks in the next one starts it again.
      this.#following = undefined;
    }
  }

  async #putFresh(): Promise<void> {
    const keys = [...this.#fresh];
    if (keys.length === 0) return;
    this.#fresh.clear();
    await this.#database.forgetFailures(this.#queue, keys);
    const known = await this.#database.readResults(keys);
    const jobs = keys.flatMap((key) => {
      const asked = this.#asked.get(key);
      return asked === undefined || known.has(key) ? [] : [{ key, data: asked.job }];
    });
    await this.#database.put(this.#queue, jobs);
  }

  async #settle(): Promise<void> {
    for (const [key, result] of await this.#database.readResults(this.#waiting())) {
      this.#asked.get(key)?.answer.resolve(result);
      this.#asked.delete(key);
    }
  }

  async #lookForWorkers(): Promise<void> {
    if (!this.#isNobodyTold && (await this.#database.isUnattended(this.#queue, PATIENCE_SECONDS))) {
      this.#isNobodyTold = true;
      this.#onNobody();
    }
    for (const key of await this.#database.readAbandoned(this.#queue, this.#waiting())) {
      const message = `Whoever worked on ${key} ended before it was done, again and again. Look at what the workers say.`;
      await this.#database.addResult(this.#queue, key, { ok: false, code: this.#abandoned, message });
    }
  }

  #waiting(): string[] {
    return [...this.#asked.keys()].filter((key) => !this.#fresh.has(key));
  }

  #failAll(error: unknown): void {
    this.#fresh.clear();
    for (const { answer } of this.#asked.values()) answer.reject(error);
    this.#asked.clear();
  }
}

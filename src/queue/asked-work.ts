import { setTimeout as sleep } from "node:timers/promises";
import { ProvenanceError, type ProvenanceErrorCode } from "../base/errors.ts";
import type { QueueDatabase } from "./queue-database.ts";
import type { QueueName } from "./queue-schema.ts";
import type { WorkResult } from "./work-result.ts";

const POLL_MILLISECONDS = 250;
/** Every so many looks it is asked whether jobs were given up. */
const LOOKS = 20;

interface Asked {
  readonly job: object;
  readonly answer: PromiseWithResolvers<WorkResult>;
}

/**
 * Has work of one queue done by its workers, and waits for what they find. What they found before is taken as it is, except
 * for failures: those are tried again.
 */
export class AskedWork {
  readonly #database: QueueDatabase;
  readonly #queue: QueueName;
  readonly #abandoned: ProvenanceErrorCode;
  readonly #asked = new Map<string, Asked>();
  #fresh: string[] = [];
  #following: Promise<void> | undefined;

  /** @param abandoned - the error of work that nobody finished */
  constructor(database: QueueDatabase, queue: QueueName, abandoned: ProvenanceErrorCode) {
    this.#database = database;
    this.#queue = queue;
    this.#abandoned = abandoned;
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
      this.#fresh.push(key);
    }
    this.#following ??= this.#follow().finally(() => (this.#following = undefined));
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
        await this.#put(this.#fresh.splice(0));
        await this.#settle([...this.#asked.keys()]);
        if (look % LOOKS === 0) await this.#settleAbandoned([...this.#asked.keys()]);
        if (this.#fresh.length === 0 && this.#asked.size > 0) await sleep(POLL_MILLISECONDS);
      }
    } catch (error) {
      this.#failAll(error);
    }
  }

  async #put(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#database.forgetFailures(keys);
    const known = await this.#database.readResults(keys);
    const jobs = keys.flatMap((key) => {
      const asked = this.#asked.get(key);
      return asked === undefined || known.has(key) ? [] : [{ key, data: asked.job }];
    });
    await this.#database.put(this.#queue, jobs);
  }

  async #settle(keys: readonly string[]): Promise<void> {
    for (const [key, result] of await this.#database.readResults(keys)) {
      this.#asked.get(key)?.answer.resolve(result);
      this.#asked.delete(key);
    }
  }

  async #settleAbandoned(keys: readonly string[]): Promise<void> {
    for (const key of await this.#database.readAbandoned(this.#queue, keys)) {
      const message = `Whoever worked on ${key} ended before it was done, again and again. Look at what the workers say.`;
      await this.#database.addResult(this.#queue, key, { ok: false, code: this.#abandoned, message });
    }
  }

  #failAll(error: unknown): void {
    this.#fresh = [];
    for (const { answer } of this.#asked.values()) answer.reject(error);
    this.#asked.clear();
  }
}

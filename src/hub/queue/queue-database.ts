import { setTimeout as sleep } from "node:timers/promises";
import type { PgBoss } from "pg-boss";
import { ProvenanceError } from "../../base/errors.ts";
import { loadOptional } from "../../base/optional-package.ts";
import { hideCredentials } from "../../base/url-secrets.ts";
import type { WorkResult } from "./model-result.ts";

/** The queue of models that are to be read. */
export const MODEL_QUEUE = "model";

/** A job that a worker took. */
export interface TakenJob {
  readonly id: string;
  readonly key: string;
  readonly data: unknown;
  /** Whether nobody tries again when this attempt fails. */
  readonly isLast: boolean;
}

/** How far the work has come. */
export interface QueueCounts {
  /** Waiting for a worker. */
  readonly waiting: number;
  readonly active: number;
  readonly done: number;
  /** Failed, by the code of the error. */
  readonly failed: Readonly<Record<string, number>>;
  /** Finished in the last minute. */
  readonly lastMinute: number;
}

// Workers begin at once: one makes the tables, in one transaction, and the others wait.
const SCHEMA = `
SELECT pg_advisory_xact_lock(7308332182897584756);
CREATE SCHEMA IF NOT EXISTS provenance_work;
CREATE TABLE IF NOT EXISTS provenance_work.result (
  key text PRIMARY KEY, ok boolean NOT NULL, value jsonb NOT NULL, at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS result_at ON provenance_work.result (at);
CREATE TABLE IF NOT EXISTS provenance_work.turn (
  account text NOT NULL, bucket text NOT NULL, next timestamptz NOT NULL, PRIMARY KEY (account, bucket)
)`;
const QUEUE = {
  // A key waits or runs once, however many ask for it.
  policy: "exclusive",
  retryLimit: 6,
  retryDelay: 2,
  retryBackoff: true,
  retryDelayMax: 300,
  expireInSeconds: 3600,
  // A worker that was killed gives no sign of life: its jobs go to others.
  heartbeatSeconds: 10,
  deleteAfterSeconds: 3600,
} as const;
const SUPERVISION = 5;
const ATTEMPTS = 60;
const PAUSE = 500;

/**
 * The database of a queue: jobs by pg-boss, and beside them results by what they are of. A result that is there is never
 * replaced, so that work which is done twice changes nothing. Every statement is tried again while the database restarts.
 */
export class QueueDatabase {
  readonly #boss: PgBoss;

  private constructor(boss: PgBoss) {
    this.#boss = boss;
  }

  /**
   * Opens the database, and makes its tables where they are not there.
   *
   * @param url - `postgres://…`, PostgreSQL 15 or newer
   * @throws {ProvenanceError} `QUEUE_UNREACHABLE`, `OPTIONAL_PACKAGE_MISSING`
   */
  static async open(url: string): Promise<QueueDatabase> {
    const load = async () => import("pg-boss");
    const { PgBoss } = await loadOptional(load, "A queue of several machines is kept by pg-boss", "pg-boss");
    const boss = new PgBoss({
      connectionString: url,
      application_name: "model-provenance",
      max: 6,
      superviseIntervalSeconds: SUPERVISION,
      monitorIntervalSeconds: SUPERVISION,
    });
    // What fails is thrown where it was asked for as well; what it does by itself it does again.
    boss.on("error", () => undefined);
    try {
      await boss.start();
      const database = new QueueDatabase(boss);
      await database.query(SCHEMA);
      await boss.createQueue(MODEL_QUEUE, QUEUE);
      return database;
    } catch (cause) {
      await boss.stop({ graceful: false }).catch(() => undefined);
      throw unreachable(url, cause);
    }
  }

  async query(text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
    const { rows } = await patiently(async () => this.#boss.getDb().executeSql(text, [...values]));
    return rows as Record<string, unknown>[];
  }

  async put(jobs: readonly { readonly key: string; readonly data: object }[]): Promise<void> {
    const inserts = jobs.map(({ key, data }) => ({ data, singletonKey: key }));
    await patiently(async () => this.#boss.insert(MODEL_QUEUE, inserts));
  }

  /** Takes jobs that nobody else has. */
  async take(count: number): Promise<TakenJob[]> {
    const jobs = await patiently(async () =>
      this.#boss.fetch<object>(MODEL_QUEUE, { batchSize: count, includeMetadata: true }),
    );
    return jobs.map(({ id, data, singletonKey, retryCount, retryLimit }) => {
      return { id, data, key: singletonKey ?? "", isLast: retryCount >= retryLimit };
    });
  }

  /** Says that jobs are still being worked on. */
  async touch(ids: readonly string[]): Promise<void> {
    await this.#boss.touch(MODEL_QUEUE, [...ids]);
  }

  async finish({ id, key }: TakenJob, result: WorkResult): Promise<void> {
    await this.addResult(key, result);
    await patiently(async () => this.#boss.complete(MODEL_QUEUE, id));
  }

  /** Hands jobs back: somebody takes them later. */
  async giveBack(ids: readonly string[], why: string): Promise<void> {
    if (ids.length > 0) await patiently(async () => this.#boss.fail(MODEL_QUEUE, [...ids], { message: why }));
  }

  async addResult(key: string, { ok, ...value }: WorkResult): Promise<void> {
    // A failure may be followed by a success, of a later run; a success stays.
    await this.query(
      `INSERT INTO provenance_work.result (key, ok, value) VALUES ($1, $2, $3)
       ON CONFLICT (key) DO UPDATE SET ok = EXCLUDED.ok, value = EXCLUDED.value, at = now() WHERE NOT result.ok`,
      [key, ok, JSON.stringify(value)],
    );
  }

  /** The results that there are of some work. */
  async readResults(keys: readonly string[]): Promise<Map<string, WorkResult>> {
    const rows = await this.query("SELECT key, ok, value FROM provenance_work.result WHERE key = ANY($1)", [keys]);
    return new Map(
      rows.map((row) => [String(row["key"]), { ok: row["ok"], ...(row["value"] as object) } as WorkResult]),
    );
  }

  /** Forgets that work failed: it is tried again. */
  async forgetFailures(keys: readonly string[]): Promise<void> {
    await this.query("DELETE FROM provenance_work.result WHERE NOT ok AND key = ANY($1)", [keys]);
  }

  /** The keys of jobs that were given up without a result: whoever worked on them was killed again and again. */
  async readAbandoned(keys: readonly string[]): Promise<string[]> {
    const rows = await this.query(
      "SELECT singleton_key AS key FROM pgboss.job WHERE name = $1 AND state = 'failed' AND singleton_key = ANY($2)",
      [MODEL_QUEUE, keys],
    );
    return rows.map((row) => String(row["key"]));
  }

  async count(): Promise<QueueCounts> {
    const jobs = await this.query(
      "SELECT state::text AS state, count(*) AS count FROM pgboss.job WHERE name = $1 GROUP BY 1",
      [MODEL_QUEUE],
    );
    const results = await this.query(
      `SELECT ok, value->>'code' AS code, count(*) AS count,
         count(*) FILTER (WHERE at > now() - interval '1 minute') AS recent FROM provenance_work.result GROUP BY 1, 2`,
    );
    const sumOf = (states: readonly string[]) =>
      jobs.filter((row) => states.includes(String(row["state"]))).reduce((sum, row) => sum + Number(row["count"]), 0);
    const failed = results.filter((row) => row["ok"] !== true);
    return {
      waiting: sumOf(["created", "retry"]),
      active: sumOf(["active"]),
      done: results.filter((row) => row["ok"] === true).reduce((sum, row) => sum + Number(row["count"]), 0),
      failed: Object.fromEntries(failed.map((row) => [String(row["code"]), Number(row["count"])])),
      lastMinute: results.reduce((sum, row) => sum + Number(row["recent"]), 0),
    };
  }

  async close(): Promise<void> {
    await this.#boss.stop({ graceful: false });
  }
}

/** Does something again while the database cannot be reached: it restarts within half a minute, or does not. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !isOutage(error)) throw error;
      await sleep(PAUSE);
    }
  }
}

// Classes 08 and 57P of PostgreSQL, 53300 (too many connections), and what Node says of connections.
function isOutage(error: unknown): boolean {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  return (
    /^(08|57P|53300|ECONN|EPIPE|ETIMEDOUT)/.test(code) ||
    /connection (terminated|timeout|error)|timeout expired/i.test(message)
  );
}

function unreachable(url: string, cause: unknown): ProvenanceError {
  if (cause instanceof ProvenanceError) return cause;
  const { message, code } = cause as { message?: string; code?: string };
  const text = `The queue ${hideCredentials(url)} cannot be used (${message || code}). It takes postgres://… of PostgreSQL 15 or newer.`;
  return new ProvenanceError("QUEUE_UNREACHABLE", text, { cause });
}

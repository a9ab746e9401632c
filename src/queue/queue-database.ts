import { setTimeout as sleep } from "node:timers/promises";
import type { PgBoss } from "pg-boss";
import { ProvenanceError } from "../base/errors.ts";
import { loadOptional } from "../base/optional-package.ts";
import { hideCredentials } from "../base/url-secrets.ts";
import { QUEUES, QUEUE_OPTIONS, QUEUE_TABLES, type QueueName } from "./queue-schema.ts";
import type { WorkResult } from "./work-result.ts";

/** A job that a worker took. */
export interface TakenJob {
  readonly queue: QueueName;
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
    const { PgBoss } = await loadOptional(load, "A queue of several machines is kept by pg-boss", "pg-boss@~12.38.0");
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
      await database.query(QUEUE_TABLES);
      for (const name of QUEUES) await boss.createQueue(name, QUEUE_OPTIONS[name]);
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

  async put(queue: QueueName, jobs: readonly { readonly key: string; readonly data: object }[]): Promise<void> {
    const inserts = jobs.map(({ key, data }) => ({ data, singletonKey: key }));
    if (inserts.length > 0) await patiently(async () => this.#boss.insert(queue, inserts));
  }

  /** Takes jobs that nobody else has. */
  async take(queue: QueueName, count: number): Promise<TakenJob[]> {
    const jobs = await patiently(async () =>
      this.#boss.fetch<object>(queue, { batchSize: count, includeMetadata: true }),
    );
    return jobs.map(({ id, data, singletonKey, retryCount, retryLimit }) => {
      return { queue, id, data, key: singletonKey ?? "", isLast: retryCount >= retryLimit };
    });
  }

  /** Says that jobs are still being worked on. */
  async touch(queue: QueueName, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#boss.touch(queue, [...ids]);
  }

  async finish({ queue, id, key }: TakenJob, result: WorkResult): Promise<void> {
    await this.addResult(queue, key, result);
    await patiently(async () => this.#boss.complete(queue, id));
  }

  /** Puts jobs back that were not worked on to their end, as if they had not been taken: somebody takes them at once. */
  async putBack(queue: QueueName, ids: readonly string[]): Promise<void> {
    // pg-boss counts an attempt where a job has a time at which it began.
    await this.query(
      `UPDATE pgboss.job SET state = 'retry', started_on = NULL, heartbeat_on = NULL, start_after = now()
         WHERE name = $1 AND id = ANY($2::uuid[]) AND state = 'active'`,
      [queue, ids],
    );
  }

  /** Hands jobs back that failed here: somebody tries them later, so many times. */
  async giveBack(queue: QueueName, ids: readonly string[], why: string): Promise<void> {
    if (ids.length > 0) await patiently(async () => this.#boss.fail(queue, [...ids], { message: why }));
  }

  async addResult(queue: QueueName, key: string, { ok, ...value }: WorkResult): Promise<void> {
    // A failure may be followed by a success, of a later run; a success stays.
    await this.query(
      `INSERT INTO provenance_work.result (key, queue, ok, value) VALUES ($1, $2, $3, $4)
       ON CONFLICT (key) DO UPDATE SET ok = EXCLUDED.ok, value = EXCLUDED.value, at = now() WHERE NOT result.ok`,
      [key, queue, ok, JSON.stringify(value)],
    );
  }

  /** The results that there are of some work. */
  async readResults(keys: readonly string[]): Promise<Map<string, WorkResult>> {
    const rows = await this.query("SELECT key, ok, value FROM provenance_work.result WHERE key = ANY($1)", [keys]);
    return new Map(
      rows.map((row) => [String(row["key"]), { ok: row["ok"], ...(row["value"] as object) } as WorkResult]),
    );
  }

  /** Forgets that work failed or was given up: it is tried again. */
  async forgetFailures(queue: QueueName, keys: readonly string[]): Promise<void> {
    await this.query("DELETE FROM pgboss.job WHERE name = $1 AND state = 'failed' AND singleton_key = ANY($2)", [
      queue,
      keys,
    ]);
    await this.query("DELETE FROM provenance_work.result WHERE NOT ok AND key = ANY($1)", [keys]);
  }

  /** The keys of jobs that were given up without a result: whoever worked on them was killed again and again. */
  async readAbandoned(queue: QueueName, keys: readonly string[]): Promise<string[]> {
    const rows = await this.query(
      "SELECT singleton_key AS key FROM pgboss.job WHERE name = $1 AND state = 'failed' AND singleton_key = ANY($2)",
      [queue, keys],
    );
    return rows.map((row) => String(row["key"]));
  }

  /** Whether nobody works on a queue in which something could have been taken for so long. */
  async isUnattended(queue: QueueName, seconds: number): Promise<boolean> {
    const [row] = await this.query(
      `SELECT bool_or(state IN ('created', 'retry') AND start_after < now() - make_interval(secs => $2))
              AND NOT bool_or(state = 'active') AS unattended
         FROM pgboss.job WHERE name = $1`,
      [queue, seconds],
    );
    return row?.["unattended"] === true;
  }

  /** Whether anything of a queue waits, or is being done. */
  async hasWork(queue: QueueName): Promise<boolean> {
    const [row] = await this.query(
      "SELECT EXISTS (SELECT FROM pgboss.job WHERE name = $1 AND state IN ('created', 'retry', 'active')) AS work",
      [queue],
    );
    return row?.["work"] === true;
  }

  /** How far the work has come. */
  async count(): Promise<QueueCounts> {
    const jobs = await this.query(
      "SELECT state::text AS state, count(*) AS count FROM pgboss.job WHERE name = ANY($1) GROUP BY 1",
      [QUEUES],
    );
    const results = await this.query(
      `SELECT ok, value->>'code' AS code, count(*) AS count, count(*) FILTER (WHERE at > now() - interval '1 minute') AS recent
         FROM provenance_work.result GROUP BY 1, 2`,
    );
    const sumOf = (rows: readonly Record<string, unknown>[], column = "count") =>
      rows.reduce((sum, row) => sum + Number(row[column]), 0);
    const failed = results.filter((row) => row["ok"] !== true);
    return {
      waiting: sumOf(jobs.filter((row) => row["state"] === "created" || row["state"] === "retry")),
      active: sumOf(jobs.filter((row) => row["state"] === "active")),
      done: sumOf(results.filter((row) => row["ok"] === true)),
      failed: Object.fromEntries(failed.map((row) => [String(row["code"]), Number(row["count"])])),
      lastMinute: sumOf(results, "recent"),
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
      if (!isOutage(error)) throw error;
      if (attempt === ATTEMPTS) throw outage(error);
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

function outage(cause: unknown): ProvenanceError {
  const text = `The queue's database has not answered for half a minute (${(cause as Error).message}). Run again when it does: nothing is done twice.`;
  return new ProvenanceError("QUEUE_UNREACHABLE", text, { cause });
}

function unreachable(url: string, cause: unknown): ProvenanceError {
  if (cause instanceof ProvenanceError) return cause;
  const { message, code } = cause as { message?: string; code?: string };
  const text = `The queue ${hideCredentials(url)} cannot be used (${message || code}). It takes postgres://… of PostgreSQL 15 or newer.`;
  return new ProvenanceError("QUEUE_UNREACHABLE", text, { cause });
}

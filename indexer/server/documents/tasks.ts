import type { Database } from "./database.ts";

/** What is to be read: the metadata with a digest, or the directory of a batch. */
export interface Task {
  readonly kind: "document" | "batch";
  readonly key: string;
  /** What reading takes besides the key. */
  readonly place: Readonly<Record<string, unknown>>;
}

/** Up to where a chain was gone through. */
export interface Cursor {
  readonly block: number;
  readonly log: number;
}

const FIRST_PAUSE = 30;
const LONGEST_PAUSE = 24 * 3600;

/** What is to be read, and what became of it. What nobody has now is tried again, less and less often. */
export class Tasks {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async put(tasks: readonly Task[]): Promise<void> {
    if (tasks.length === 0) return;
    await this.#database.query(
      `INSERT INTO provenance_documents.task (kind, key, place)
         SELECT kind, key, place FROM jsonb_to_recordset($1::jsonb) AS row(kind text, key text, place jsonb)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(tasks)],
    );
  }

  /** Those that may be tried now, new ones first. Each half has an index of its own, so that no row is looked at in vain. */
  async take(limit: number): Promise<Task[]> {
    const rows = await this.#database.query(
      `(SELECT kind, key, place FROM provenance_documents.task WHERE NOT done AND tries = 0 ORDER BY kind, key LIMIT $1)
       UNION ALL
       (SELECT kind, key, place FROM provenance_documents.task WHERE NOT done AND tries > 0 AND next_try <= now()
        ORDER BY next_try LIMIT $1)
       LIMIT $1`,
      [limit],
    );
    return rows.map((row) => ({
      kind: row["kind"] as Task["kind"],
      key: String(row["key"]),
      place: row["place"] as Task["place"],
    }));
  }

  async done({ kind, key }: Task): Promise<void> {
    await this.#database.query(
      "UPDATE provenance_documents.task SET done = true, why = NULL WHERE kind = $1 AND key = $2",
      [kind, key],
    );
  }

  async fail({ kind, key }: Task, why: string): Promise<void> {
    await this.#database.query(
      `UPDATE provenance_documents.task SET tries = tries + 1, why = $3,
         next_try = now() + make_interval(secs => LEAST($4 * power(2, LEAST(tries, 20)), $5)) WHERE kind = $1 AND key = $2`,
      [kind, key, why.replaceAll("\0", "\uFFFD").slice(0, 500), FIRST_PAUSE, LONGEST_PAUSE],
    );
  }

  async readCursor(kind: Task["kind"], chain: number): Promise<Cursor> {
    const [row] = await this.#database.query(
      "SELECT block, log FROM provenance_documents.cursor WHERE kind = $1 AND chain = $2",
      [kind, chain],
    );
    return { block: Number(row?.["block"] ?? 0), log: Number(row?.["log"] ?? 0) };
  }

  async writeCursor(kind: Task["kind"], chain: number, { block, log }: Cursor): Promise<void> {
    await this.#database.query(
      `INSERT INTO provenance_documents.cursor VALUES ($1, $2, $3, $4)
       ON CONFLICT (kind, chain) DO UPDATE SET block = EXCLUDED.block, log = EXCLUDED.log`,
      [kind, chain, block, log],
    );
  }
}

import { mkdir } from "node:fs/promises";
import { acquireLock } from "../library.ts";

/** A row of an answer. */
export type Row = Readonly<Record<string, unknown>>;

/** Where documents are kept: PostgreSQL, or PGlite in this process. */
export interface Database {
  readonly query: (text: string, values?: readonly unknown[]) => Promise<readonly Row[]>;
  readonly close: () => Promise<void>;
}

const STATEMENT_TIMEOUT = 10_000;
const CONNECTIONS = 8;

// A schema of its own: Ponder drops its tables when handlers change, and what was fetched never changes.
const SCHEMA = `
CREATE SCHEMA IF NOT EXISTS provenance_documents;
CREATE TABLE IF NOT EXISTS provenance_documents.document (
  metadata_digest text PRIMARY KEY, name text NOT NULL, summary jsonb NOT NULL, words tsvector NOT NULL
);
CREATE INDEX IF NOT EXISTS document_words ON provenance_documents.document USING gin (words);
CREATE TABLE IF NOT EXISTS provenance_documents.anchored_model (
  registry text NOT NULL, root text NOT NULL, creator text NOT NULL, token_id text NOT NULL,
  metadata_digest text NOT NULL, weights_digest text NOT NULL, license text NOT NULL, relation integer NOT NULL,
  parents text[] NOT NULL, PRIMARY KEY (registry, root, creator, token_id)
);
CREATE INDEX IF NOT EXISTS anchored_model_id ON provenance_documents.anchored_model (token_id);
CREATE INDEX IF NOT EXISTS anchored_model_weights ON provenance_documents.anchored_model (weights_digest);
CREATE INDEX IF NOT EXISTS anchored_model_metadata ON provenance_documents.anchored_model (metadata_digest);
CREATE INDEX IF NOT EXISTS anchored_model_parents ON provenance_documents.anchored_model USING gin (parents);
CREATE TABLE IF NOT EXISTS provenance_documents.task (
  kind text NOT NULL, key text NOT NULL, place jsonb NOT NULL, done boolean NOT NULL DEFAULT false,
  tries integer NOT NULL DEFAULT 0, why text, next_try timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (kind, key)
);
DROP INDEX IF EXISTS provenance_documents.task_open;
CREATE INDEX IF NOT EXISTS task_new ON provenance_documents.task (kind, key) WHERE NOT done AND tries = 0;
CREATE INDEX IF NOT EXISTS task_again ON provenance_documents.task (next_try) WHERE NOT done AND tries > 0;
CREATE TABLE IF NOT EXISTS provenance_documents.cursor (
  kind text NOT NULL, chain bigint NOT NULL, block bigint NOT NULL, log integer NOT NULL, PRIMARY KEY (kind, chain)
);
CREATE TABLE IF NOT EXISTS provenance_documents.witness (
  schema text NOT NULL, chain bigint NOT NULL, block bigint NOT NULL, hash text NOT NULL, PRIMARY KEY (schema, chain, block)
);
`;

/**
 * Opens the database, and makes its tables where they are not there.
 *
 * @param folder - where PGlite keeps what it has; one process at a time has it
 */
export async function openDatabase(databaseUrl: string | undefined, folder: string): Promise<Database> {
  const database = databaseUrl === undefined ? await openPglite(folder) : await openPostgres(databaseUrl);
  for (const statement of SCHEMA.split(";")) if (statement.trim() !== "") await database.query(statement);
  return database;
}

async function openPostgres(connectionString: string): Promise<Database> {
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({ connectionString, max: CONNECTIONS, statement_timeout: STATEMENT_TIMEOUT });
  // A connection that breaks is replaced; without a listener it would end the process.
  pool.on("error", () => undefined);
  return {
    query: async (text, values = []) => (await pool.query(text, values)).rows,
    close: async () => pool.end(),
  };
}

async function openPglite(folder: string): Promise<Database> {
  await mkdir(folder, { recursive: true });
  const release = await acquireLock(`${folder}.lock`);
  const { PGlite } = await import("@electric-sql/pglite");
  const instance = new PGlite(folder);
  await instance.waitReady;
  return {
    query: async (text, values = []) => (await instance.query(text, [...values])).rows as Row[],
    close: async () => {
      await instance.close();
      await release();
    },
  };
}

import { rm } from "node:fs/promises";
import pg from "pg";
import type { Database } from "./documents/database.ts";
import { ProvenanceError } from "./library.ts";
import { forgetWitnesses } from "./witness.ts";

/** What is thrown away. */
export interface IndexedEvents {
  readonly schema: string;
  readonly chainIds: readonly number[];
  readonly databaseUrl: string | undefined;
  /** Where PGlite keeps the events. */
  readonly dataPath: string;
}

/**
 * Throws away what was indexed of chains, and what was kept of the answers of their nodes: a chain that took back what was
 * final is read again from its first block. Documents stay: their content never changes.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` where the database cannot be used
 */
export async function throwAway(events: IndexedEvents, database: Database): Promise<void> {
  const { schema, chainIds, databaseUrl, dataPath } = events;
  if (databaseUrl === undefined) await rm(dataPath, { recursive: true, force: true });
  else await dropSchema(databaseUrl, schema, chainIds);
  await forgetWitnesses(database, schema);
  await database.query("DELETE FROM provenance_documents.cursor WHERE chain = ANY($1)", [chainIds]);
}

async function dropSchema(databaseUrl: string, schema: string, chainIds: readonly number[]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  try {
    await client.connect();
    await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
    const { rows } = await client.query(
      `SELECT c.table_name FROM information_schema.columns AS c JOIN information_schema.tables USING (table_schema, table_name)
       WHERE c.table_schema = 'ponder_sync' AND c.column_name = 'chain_id' AND table_type = 'BASE TABLE'`,
    );
    for (const { table_name: table } of rows) {
      await client.query(`DELETE FROM ponder_sync."${String(table)}" WHERE chain_id = ANY($1)`, [chainIds]);
    }
  } catch (cause) {
    const text = `What was indexed cannot be thrown away: ${(cause as Error).message}`;
    throw new ProvenanceError("OPTION_INVALID", text, { cause });
  } finally {
    await client.end().catch(() => undefined);
  }
}

import pg from "pg";

/**
 * Frees the schema that a process held which is gone: Ponder would wait 25 seconds for a sign of life of it. PGlite is
 * waited for, for nobody else can open it meanwhile.
 */
export async function unlockSchema(databaseUrl: string | undefined, schema: string): Promise<void> {
  if (databaseUrl === undefined) return;
  const client = new pg.Client({ connectionString: databaseUrl });
  try {
    await client.connect();
    await client.query(`UPDATE "${schema}"."_ponder_meta" SET value = jsonb_set(value, '{is_locked}', '0')`);
  } catch {
    // It waits then.
  } finally {
    await client.end().catch(() => undefined);
  }
}

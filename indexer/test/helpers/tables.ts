import pg from "pg";

/** The tables of events, by their names. */
const TABLES = [
  ...["model", "edge", "status", "holder", "transfer", "endorsement", "grant", "anchor"],
  ...["offer", "license", "payment", "royalty", "role", "setting"],
  ...["earning", "balance", "credit", "settlement", "withdrawal", "share", "proposal", "derivative_term"],
];

/** Of all tables of events the number of rows and a checksum over them, in whatever order they were written. */
export async function checksumTables(databaseUrl: string): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'registry_%'");
    const schema = String(rows[0]?.["nspname"]);
    const sums: Record<string, string> = {};
    for (const table of TABLES) {
      const { rows: found } = await client.query(
        `SELECT count(*) || ' ' || coalesce(md5(string_agg(row::text, '|' ORDER BY row::text)), '') AS sum FROM "${schema}"."${table}" AS row`,
      );
      sums[table] = String(found[0]?.["sum"]);
    }
    return sums;
  } finally {
    await client.end();
  }
}

import { Refusal } from "./limits.ts";

// Ponder lets through what its parser knows to be reading, and remembers that by 40 bits of a hash: two statements with one
// hash can be made. So what a reader never needs is refused here as well, whatever the parser says. Values stand apart
// from the statement, so that none of these words is one.
const MAX_STATEMENT = 5000;
const WORDS = [
  "alter|analyze|call|checkpoint|close|cluster|comment|commit|copy|create|deallocate|declare|delete|discard|do|drop",
  "execute|explain|fetch|grant|import|insert|into|listen|load|lock|merge|move|notify|prepare|reassign|refresh|reindex",
  "release|reset|revoke|rollback|savepoint|security|set|truncate|unlisten|update|vacuum",
].join("|");
const FORBIDDEN = new RegExp(
  `;|--|/\\*|\\$\\$|\\\\|\\b(${WORDS})\\b|\\b(pg_|lo_|dblink|current_setting|set_config|query_to|generate_series|repeat|nextval)`,
  "i",
);

/**
 * Looks at a statement before Ponder does.
 *
 * @param text - the parameter `sql` of a request: JSON with the statement and its values
 * @throws {Refusal} 400
 */
export function checkStatement(text: string | null): void {
  let statement: unknown;
  try {
    const parsed = JSON.parse(text ?? "") as { json?: { sql?: unknown } };
    statement = parsed.json?.sql;
  } catch {
    statement = undefined;
  }
  if (typeof statement !== "string") throw new Refusal(400, "/sql/db takes sql=…, as @ponder/client writes it.");
  if (statement.length > MAX_STATEMENT) throw new Refusal(400, `A statement has at most ${MAX_STATEMENT} characters.`);
  const found = FORBIDDEN.exec(statement.replaceAll(/"[a-z_]+"/g, " "));
  if (found !== null) throw new Refusal(400, `A statement only reads tables: ${found[0]} is not taken.`);
}

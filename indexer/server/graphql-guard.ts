import { Refusal } from "./limits.ts";

// In GraphQL a minus stands before a number, in a string, or in a comment.
const TEXTS = /"""[\s\S]*?"""|"(?:\\.|[^"\\\n\r])*"|#[^\n\r]*/g;

/**
 * Looks at a question before Ponder does: that takes a limit below zero for none at all, and would read whole tables.
 *
 * @param body - JSON with `query` and `variables`
 * @throws {Refusal} 400
 */
export function checkQuery(body: string): void {
  let asked: unknown;
  try {
    asked = JSON.parse(body);
  } catch {
    asked = undefined;
  }
  const { query, variables } = (asked ?? {}) as { query?: unknown; variables?: unknown };
  if (typeof query !== "string") throw new Refusal(400, '/graphql takes JSON: {"query": "…", "variables": {…}}.');
  const values = typeof variables === "object" && variables !== null ? Object.values(variables) : [];
  const isBelowZero = values.some((value) => typeof value === "number" && value < 0);
  if (isBelowZero || query.replaceAll(TEXTS, " ").includes("-")) {
    throw new Refusal(400, "A number in a query is not below zero.");
  }
}

import type { Context } from "hono";
import { BadQuestion } from "../../lib/question.ts";

/** Answers with a document, or with 400 and a sentence where the question cannot be read. */
export async function answer(context: Context, find: () => Promise<Record<string, unknown>>): Promise<Response> {
  try {
    return context.json({ schemaVersion: "1.0", ...(await find()) });
  } catch (error) {
    if (!(error instanceof BadQuestion)) throw error;
    return context.json({ error: error.message }, 400);
  }
}

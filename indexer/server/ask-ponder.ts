import { Refusal } from "./limits.ts";

/** What Ponder answered. */
export interface PonderAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Asks Ponder; its answer is read up to a size. @throws {Refusal} 502 where it does not answer, 413 where that is larger */
export type AskPonder = (path: string, maxAnswer: number, body?: string) => Promise<PonderAnswer>;

/**
 * Talks with the process beside this one.
 *
 * @param url - where it listens
 */
export function askPonderAt(url: string): AskPonder {
  return async (path, maxAnswer, body) => {
    // Longer than any query may take: it keeps its place at the gate until the database is done with it.
    const signal = AbortSignal.timeout(60_000);
    const init = body === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" }, body };
    try {
      const response = await fetch(url + path, { ...init, signal });
      const text = await readText(response, maxAnswer);
      return { status: response.status, type: response.headers.get("content-type") ?? "text/plain", text };
    } catch (error) {
      if (error instanceof Refusal) throw error;
      throw new Refusal(502, "The index is being started. Try again in a moment.");
    }
  };
}

async function readText({ body }: Response, maxAnswer: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxAnswer) throw new Refusal(413, `The answer is larger than ${maxAnswer} bytes. Ask for less.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

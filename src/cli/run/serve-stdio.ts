import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { z } from "zod";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { PROTOCOL, requestSchema } from "../serve/call.ts";
import { CallPool } from "../serve/call-pool.ts";
import { readVersion } from "../version.ts";

/**
 * Reads calls, one JSON object a line, and writes an answer for each as soon as there is one; many may be under way. A line
 * `{"cancel": id}` calls one off. Ends when nobody can write calls any more, and with it everything that it started.
 */
export async function runServeStdio(input: Readable, output: Writable): Promise<ExitCode> {
  const say = (line: object) => void output.write(`${JSON.stringify(line)}\n`);
  const ready = { ready: true, protocol: PROTOCOL, version: await readVersion() };
  const pool = new CallPool();
  // Nothing is waited for between this and the loop: lines that come meanwhile would be lost.
  const lines = createInterface({ input, crlfDelay: Infinity });
  const end = () => {
    pool.close();
    lines.close();
    input.destroy();
  };
  // Who does not read any more wants nothing any more; and what started it may be told to stop together with it.
  output.on("error", end);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, end);
  say(ready);
  for await (const line of lines) {
    const request = readRequest(line);
    if ("failed" in request) say(request);
    else if ("cancel" in request) pool.cancel(request.cancel);
    else void pool.run(request).then((outcome) => say({ id: request.id, ...outcome }));
  }
  pool.close();
  return EXIT.done;
}

function readRequest(line: string): z.infer<typeof requestSchema> | { readonly failed: string } {
  try {
    return requestSchema.parse(JSON.parse(line));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    return { failed: `This line is no call: ${why}` };
  }
}

import { once } from "node:events";
import { Writable } from "node:stream";
import { createInterface } from "node:readline/promises";
import { ProvenanceError } from "../base/errors.ts";

/** Asks for a secret on the terminal; what is typed is not shown. @throws {ProvenanceError} `INTERRUPTED` */
export async function askSecret(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const readline = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    const closed = once(readline, "close").then(() => {
      throw new ProvenanceError("INTERRUPTED", "Interrupted: nothing was pinned or sent.");
    });
    return await Promise.race([readline.question(""), closed]);
  } finally {
    readline.close();
    process.stderr.write("\n");
  }
}

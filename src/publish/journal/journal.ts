import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { z } from "zod";
import { ProvenanceError } from "../../base/errors.ts";
import { makeFolder, writeDurably } from "../../base/atomic-write.ts";

// A batch of models is some hundred kilobytes, the metadata of a model at most one MiB.
const MAX_BYTES = 64 * 1024 * 1024;

/** What was done of a piece of work, written down step by step; each step is on the disk before the next begins. */
export class Journal<Entry extends object> {
  readonly #schema: z.ZodType<Entry>;
  readonly #path: string | undefined;
  #entry: Entry;

  /** @param path - of its file; kept in memory alone when left out */
  constructor(schema: z.ZodType<Entry>, entry: Entry, path?: string) {
    this.#schema = schema;
    this.#entry = entry;
    this.#path = path;
  }

  /**
   * Opens the journal at a path. The caller holds its lock.
   *
   * @param fresh - what it says as long as nothing is written
   * @throws {ProvenanceError} `STATE_DAMAGED` if the file is there and is no journal of this format, `STATE_FAILED`
   */
  static async open<Entry extends object>(
    schema: z.ZodType<Entry>,
    path: string,
    fresh: Entry,
  ): Promise<Journal<Entry>> {
    const text = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENOENT") return undefined;
      throw new ProvenanceError("STATE_FAILED", `The journal ${path} cannot be read (${cause.code}).`, { cause });
    });
    return new Journal(schema, text === undefined ? fresh : parseEntry(schema, text, path), path);
  }

  /** What is written. */
  get entry(): Readonly<Entry> {
    return this.#entry;
  }

  /** Writes a step down. @throws {ProvenanceError} `STATE_FAILED`; the entry is as before */
  async update(change: Partial<Entry>): Promise<void> {
    const entry = this.#schema.parse({ ...this.#entry, ...change });
    if (this.#path !== undefined) {
      try {
        await makeFolder(dirname(this.#path));
        await writeDurably(this.#path, `${JSON.stringify(entry, null, 1)}\n`);
      } catch (cause) {
        throw stateFailed(this.#path, cause);
      }
    }
    this.#entry = entry;
  }
}

/** What to say where the state folder cannot be written. */
export function stateFailed(path: string, cause: unknown): ProvenanceError {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  const hint = reason === "ENOSPC" ? "The disk is full: make room" : "Check STATE_PATH";
  const text = `${path} cannot be written (${reason}). ${hint}, and run again: it goes on from there.`;
  return new ProvenanceError("STATE_FAILED", text, { cause });
}

/** What to say where a journal cannot be believed. */
export function stateDamaged(path: string, reason: string, cause?: unknown): ProvenanceError {
  return new ProvenanceError(
    "STATE_DAMAGED",
    `The journal ${path} is damaged (${reason}), and it may know of a transaction under way. Make sure that the account ` +
      "has none, move the file elsewhere and run again: the chain is asked first, and nothing is minted twice.",
    { cause },
  );
}

function parseEntry<Entry>(schema: z.ZodType<Entry>, bytes: Buffer, path: string): Entry {
  if (bytes.length > MAX_BYTES) throw stateDamaged(path, `${bytes.length} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw stateDamaged(path, "no JSON", cause);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path: place, message } = parsed.error.issues[0] as { path: PropertyKey[]; message: string };
  throw stateDamaged(path, `${place.join(".")} ${message}`.trim(), parsed.error);
}

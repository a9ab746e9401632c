import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { z } from "zod";
import { ProvenanceError } from "../../base/errors.ts";
import { makeFolder, writeDurably } from "../../base/atomic-write.ts";
import { type Journal, memoryJournal } from "./journal.ts";

// A batch of models is some hundred kilobytes, the metadata of a model at most one MiB.
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Opens the journal in a file. The caller holds its lock.
 *
 * @param fresh - what it says as long as nothing is written
 * @throws {ProvenanceError} `STATE_DAMAGED` if the file is there and is no journal of this format, `STATE_FAILED`; its
 *   updates `STATE_FAILED`, and the entry is as before then
 */
export async function openJournalFile<Entry extends object>(
  schema: z.ZodType<Entry>,
  path: string,
  fresh: Entry,
): Promise<Journal<Entry>> {
  const text = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw new ProvenanceError("STATE_FAILED", `The journal ${path} cannot be read (${cause.code}).`, { cause });
  });
  return createJournalFile(schema, text === undefined ? fresh : parseEntry(schema, text, path), path);
}

/** A journal in a file that is written with its first step, whatever the file holds now. */
export function createJournalFile<Entry extends object>(
  schema: z.ZodType<Entry>,
  entry: Entry,
  path: string,
): Journal<Entry> {
  return memoryJournal(schema, entry, async (changed) => {
    try {
      await makeFolder(dirname(path));
      await writeDurably(path, `${JSON.stringify(changed, null, 1)}\n`);
    } catch (cause) {
      throw stateFailed(path, cause);
    }
  });
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

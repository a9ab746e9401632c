import { once } from "node:events";
import { styleText } from "node:util";
import { ProvenanceError } from "../base/errors.ts";
import type { OutputFormat } from "./options/output.ts";
import { type CountProgress, createCountProgress } from "./count-progress.ts";
import { type Progress, createProgress } from "./progress.ts";

/** Where a command writes: the result to one stream, all the rest to the other. */
export interface Terminal {
  /** The result. */
  readonly print: (text: string) => void;
  /** Everything a person wants to see on the way. */
  readonly note: (text: string) => void;
  readonly warn: (text: string) => void;
  /** Asks a question that is answered with yes or no. */
  readonly ask: (question: string) => Promise<boolean>;
  /** Follows bytes as they are read; shown beside the result, never in it. */
  readonly progress: (doing?: string) => Progress;
  /** Follows things that are done one after the other; absent where nobody watches. */
  readonly counting?: (what: string, total: number | undefined) => CountProgress;
  /** Cells of a line of the result; absent where it is no terminal. */
  readonly width?: number;
  /** Marks a line as good or bad news, by a sign and by colour; absent where nobody sees colours. */
  readonly mark?: (isGood: boolean, text: string) => string;
  /** False where nobody can answer. */
  readonly interactive: boolean;
}

/** The terminal of this process: result on stdout, everything else on stderr. */
export function processTerminal(): Terminal {
  return {
    print: (text) => void process.stdout.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${text}\n`),
    warn: (text) => void process.stderr.write(`${styleText("yellow", "warning:")} ${printable(text)}\n`),
    progress: (doing) => createProgress(process.stderr, () => performance.now(), doing),
    counting: (what, total) => createCountProgress(process.stderr, () => performance.now(), what, total),
    ...(process.stdout.isTTY && { width: process.stdout.columns }),
    ...(process.stdout.isTTY && !process.env["NO_COLOR"] && { mark }),
    interactive: process.stdin.isTTY && process.stderr.isTTY && !process.env["CI"],
    ask: async (question) => {
      const { createInterface } = await import("node:readline/promises");
      const readline = createInterface({ input: process.stdin, output: process.stderr });
      try {
        const closed = once(readline, "close").then(() => "");
        const answer = await Promise.race([readline.question(`${question} [y/N] `), closed]);
        return /^y(es)?$/i.test(answer.trim());
      } catch (cause) {
        throw new ProvenanceError("INTERRUPTED", "Interrupted: nothing was pinned or sent.", { cause });
      } finally {
        readline.close();
      }
    },
  };
}

function mark(isGood: boolean, text: string): string {
  return styleText(isGood ? "green" : "red", `${isGood ? "✓" : "✗"} ${text}`);
}

/** Makes text of strangers safe to print: control characters and direction marks are written as escapes. */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, (character) =>
      character === "\n" ? " " : `\\u{${(character.codePointAt(0) as number).toString(16)}}`,
    );
}

/** Lays out rows in columns, as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] as number))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/**
 * Stops where nobody agreed to what is about to happen.
 *
 * @throws {ProvenanceError} `CONFIRMATION_MISSING`
 */
export async function confirm(terminal: Terminal, question: string): Promise<void> {
  if (terminal.interactive && (await terminal.ask(question))) return;
  throw new ProvenanceError(
    "CONFIRMATION_MISSING",
    "Nothing was pinned or sent. Set YES=1 to agree without being asked.",
  );
}

/** Shows the progress of some work, but not where the result is for a machine. */
export async function followBytes<T>(
  terminal: Terminal,
  format: OutputFormat | undefined,
  work: (progress: Partial<Progress>) => Promise<T>,
  doing?: string,
): Promise<T> {
  if (format !== undefined && format !== "human") return work({});
  const progress = terminal.progress(doing);
  try {
    return await work(progress);
  } finally {
    progress.end();
  }
}

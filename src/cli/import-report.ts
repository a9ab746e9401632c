import { toCaip10 } from "../registry/registry.ts";
import { COLUMNS } from "../hub/columns.ts";
import type { FailedModel, ImportOutcome, ImportSummary } from "../hub/import-request.ts";
import type { CountProgress } from "./count-progress.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { fitTable } from "./fit-table.ts";
import { printJson } from "./long-output.ts";
import type { RecordingTarget } from "./open-recording.ts";
import type { OutputFormat } from "./options/output.ts";
import { type Terminal, printable, table } from "./terminal.ts";

// Of the seven columns: names tell models apart, special tokens are many and mostly alike.
const WISHES = [30, 16, 7, 8, 12, 12, 11];
// Where nobody says how wide a line may be. The table in the file has everything whole.
const USUAL_WIDTH = 80;
const SHOWN_MODELS = 100;
const SHOWN_FAILURES = 100;
const SHOWN_WARNINGS = 50;

/** What a program is told of one model. */
interface ModelDocument {
  readonly repository: string;
  readonly revision: string;
  readonly modelDigest: string;
  readonly status: string;
  readonly sameAs?: string;
}

/** Counts what becomes of models while they are imported, and keeps what is shown in the end. */
export class ImportTally {
  readonly rows: string[][] = [];
  readonly documents: ModelDocument[] = [];
  readonly failed: FailedModel[] = [];
  readonly counts = { read: 0, waiting: 0, known: 0, same: 0, failed: 0 };
  #warnings = 0;
  /** Where everything is written while models are counted: the line that counts them is taken away first. */
  readonly terminal: Terminal;
  readonly #isJson: boolean;
  readonly #progress: CountProgress | undefined;

  constructor(terminal: Terminal, format: OutputFormat | undefined, total: number | undefined) {
    const below =
      (write: (text: string) => void) =>
      (text: string): void => {
        this.#progress?.end();
        write(text);
      };
    this.terminal = { ...terminal, note: below(terminal.note), warn: below(terminal.warn) };
    this.#isJson = format === "json";
    if (this.#isJson) return;
    this.#progress = terminal.counting?.("models", total);
  }

  /** Says what a person should know of a model; from some number on only how many there are. */
  readonly warn = (text: string): void => {
    this.#warnings++;
    if (this.#warnings <= SHOWN_WARNINGS) this.terminal.warn(text);
  };

  add(outcome: ImportOutcome): void {
    this.counts[outcome.status]++;
    this.#progress?.onDone();
    if (outcome.status === "failed") {
      this.failed.push(outcome);
      return;
    }
    const { model, status } = outcome;
    const { repository, revision, modelDigest } = model;
    if (this.#isJson) {
      const same = outcome.status === "same" ? { sameAs: outcome.sameAs } : {};
      this.documents.push({ repository, revision, modelDigest, status: wordOf(status), ...same });
    } else if (this.rows.length < SHOWN_MODELS) this.rows.push(model.cells.slice(0, COLUMNS.length));
  }

  end(): void {
    this.#progress?.end();
    if (this.#warnings > SHOWN_WARNINGS) this.terminal.note(`and ${this.#warnings - SHOWN_WARNINGS} more warnings`);
    this.#warnings = 0;
  }
}

/** Prints what an import did: the models as a table, what was recorded, and what failed and why. */
export function printImport(
  tally: ImportTally,
  summary: ImportSummary,
  files: { readonly csv: string; readonly chain?: { readonly path: string; readonly entries: number } },
  target: RecordingTarget | undefined,
  format: OutputFormat | undefined,
  terminal: Terminal,
): ExitCode {
  const exitCode = tally.failed.length > 0 ? EXIT.unchecked : EXIT.done;
  if (format === "json") {
    printJson(terminal, {
      schemaVersion: "1.0",
      exitCode,
      ...(target && { registry: toCaip10(target.registry) }),
      selected: summary.selected,
      models: tally.documents,
      failed: tally.failed.map(({ repository, code, message }) => ({ repository, code, message })),
      recorded: summary.recorded,
      files: { csv: files.csv, ...(files.chain && { chain: files.chain.path }) },
    });
    return exitCode;
  }
  if (tally.rows.length > 0)
    terminal.print(
      fitTable(COLUMNS, tally.rows, { width: terminal.width ?? USUAL_WIDTH, wishes: WISHES, inMiddle: [0] }),
    );
  const succeeded = summary.selected - tally.failed.length;
  if (succeeded > tally.rows.length) terminal.print(`and ${succeeded - tally.rows.length} more in ${files.csv}`);
  terminal.print("");
  for (const line of describeImport(tally, summary, target)) terminal.print(line);
  terminal.print(`wrote ${printable(files.csv)}`);
  if (files.chain) terminal.print(`wrote ${printable(files.chain.path)}: ${files.chain.entries} entries`);
  printFailures(tally.failed, terminal);
  return exitCode;
}

function describeImport(tally: ImportTally, summary: ImportSummary, target: RecordingTarget | undefined): string[] {
  const { counts } = tally;
  const lines = [`${summary.selected} selected, ${summary.selected - counts.failed} read, ${counts.failed} failed`];
  if (target === undefined) return [...lines, "nothing was recorded: DRY_RUN"];
  for (const { count, root, transactionHash } of summary.recorded) {
    const how = root === undefined ? "as a token" : `in the batch ${root}`;
    lines.push(
      `recorded ${count} ${how}${transactionHash === undefined ? ", before" : `, transaction ${transactionHash}`}`,
    );
  }
  if (counts.known > 0) lines.push(`recorded already, and left alone: ${counts.known}`);
  if (counts.same > 0) lines.push(`with the files of another model of this run, and recorded with it: ${counts.same}`);
  return lines;
}

function printFailures(failed: readonly FailedModel[], terminal: Terminal): void {
  if (failed.length === 0) return;
  const byCode = Map.groupBy(failed, ({ code }) => code);
  terminal.print("");
  terminal.print(table([["FAILED", "WHY"], ...[...byCode].map(([code, models]) => [String(models.length), code])]));
  for (const { repository, message } of failed.slice(0, SHOWN_FAILURES)) {
    terminal.warn(`${repository}: ${message}`);
  }
  if (failed.length > SHOWN_FAILURES) terminal.note(`and ${failed.length - SHOWN_FAILURES} more failures`);
}

function wordOf(status: "read" | "waiting" | "known" | "same"): string {
  return status === "waiting" ? "recorded" : status;
}

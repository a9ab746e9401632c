import { styleText } from "node:util";
import { ProvenanceError } from "../base/errors.ts";
import { EXIT, type ExitCode, exitCodeOfError } from "./exit-codes.ts";
import { OPTIONS, type OptionName, type Options, nameAsGiven, sourcesOf } from "./options.ts";
import { printable } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** What was asked for when something went wrong. */
export interface Asked {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The command line, where there is one. */
  readonly args?: readonly string[];
  /** What was read of it; absent where that failed. */
  readonly options?: Options;
}

/**
 * Says in one line what went wrong, for a program as a document too, and answers with the exit code for it. A failure that
 * we did not foresee is shown with its stack where DEBUG is set.
 */
export function reportError(error: unknown, asked: Asked): ExitCode {
  const isOurs = error instanceof ProvenanceError;
  const text = (error as Error).message ?? String(error);
  const message = isOurs ? nameOptionsAsGiven(text, asked.options) : text;
  const label = styleText("red", isOurs ? `error[${error.code}]:` : "error:", { stream: process.stderr });
  const hints = error instanceof UsageError ? error.hints : [];
  process.stderr.write(`${[`${label} ${printable(message)}`, ...hints.map(printable)].join("\n")}\n`);
  if (asked.environment["DEBUG"]) console.error(error);
  const unforeseen = isConfigurationError(error) ? EXIT.usage : EXIT.unchecked;
  const exitCode = isOurs ? exitCodeOfError(error.code) : unforeseen;
  if (wantsJson(asked)) {
    const code = isOurs ? error.code : "UNFORESEEN";
    const failure = { code, message: [message, ...hints].join(" "), exitCode };
    process.stdout.write(`${JSON.stringify({ schemaVersion: "1.0", error: failure }, null, 2)}\n`);
  }
  return exitCode;
}

const BY_VARIABLE = new Map(
  Object.entries(OPTIONS).map(([name, { environment }]) => [environment, name as OptionName]),
);

/** The library knows options by their variables; who typed a flag is told of that. */
function nameOptionsAsGiven(text: string, options: Options = {}): string {
  const sources = sourcesOf(options);
  const variables = /\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)\b(=(?=\w)| \(--[a-z-]+\))?/g;
  return text.replaceAll(variables, (words, variable: string, more: string | undefined) => {
    const name = BY_VARIABLE.get(variable);
    if (name === undefined || sources[name] !== "flag") return words;
    return `${nameAsGiven(name, "flag")}${more === "=" ? " " : ""}`;
  });
}

function wantsJson({ options, args = [], environment }: Asked): boolean {
  if (options !== undefined) return options.format === "json";
  const typed = args.map((word, i) => (word === "--format" ? `--format=${args[i + 1]}` : word));
  const last = typed.findLast((word) => word === "--json" || word.startsWith("--format="));
  return (last ?? `--format=${environment["OUTPUT_FORMAT"]}`).replace("--json", "--format=json") === "--format=json";
}

// Hardhat's own errors: a missing variable, an unknown network, a wrong chain id.
function isConfigurationError(error: unknown): boolean {
  return /\bHHE(7|28|705|708)\b/.test((error as Error).message ?? "");
}

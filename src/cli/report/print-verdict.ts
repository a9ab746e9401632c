import { appendFile } from "node:fs/promises";
import { ProvenanceError } from "../../base/errors.ts";
import { toVerifyDocument } from "../../verify/report-document.ts";
import type { VerifyReport } from "../../verify/report.ts";
import { type ExitCode, exitCodeOf } from "../exit-codes.ts";
import { printJson } from "../long-output.ts";
import type { OptionValues } from "../options.ts";
import { type Terminal, printable } from "../terminal.ts";
import { readVersion } from "../version.ts";
import { toAnnotations, toStepOutputs, toStepSummary } from "./github.ts";
import { VERDICTS } from "../../verify/conclude.ts";
import { printReport } from "./human.ts";
import { toJunit } from "./junit.ts";
import { toVsa } from "./vsa.ts";

/** The forms in which `verify` answers. */
export const REPORT_FORMATS = ["human", "json", "github", "sha256sum", "vsa", "quiet", "junit"] as const;

/** Options that say how a verdict is printed. */
export const REPORT_OPTIONS = ["format", "stepSummary", "stepOutput", "verbose"] as const;

/** What a report does not say of itself. */
export interface VerdictContext {
  /** SHA-256 of the policy file, 0x-hex. */
  readonly policyDigest?: string;
  /** The clock. */
  readonly now?: () => Date;
}

/** Prints a report in the form that was asked for. The one place where a verdict becomes an exit code. */
export async function printVerdict(
  report: VerifyReport,
  options: OptionValues<(typeof REPORT_OPTIONS)[number]>,
  terminal: Terminal,
  { policyDigest, now = () => new Date() }: VerdictContext = {},
): Promise<ExitCode> {
  const exitCode = exitCodeOf(report.verdict);
  const format = REPORT_FORMATS.find((name) => name === options.format) ?? "human";
  switch (format) {
    case "human":
      printReport(report, exitCode, terminal, options.verbose);
      break;
    case "json":
      printJson(terminal, toVerifyDocument(report, exitCode));
      break;
    case "github":
      terminal.print(toAnnotations(report, exitCode));
      await append(options.stepSummary, toStepSummary(report));
      await append(options.stepOutput, toStepOutputs(report, exitCode));
      break;
    case "vsa": {
      const context = {
        version: await readVersion(),
        time: now(),
        ...(policyDigest !== undefined && { policyDigest }),
      };
      terminal.print(JSON.stringify(toVsa(report, context), null, 2));
      break;
    }
    case "junit":
      terminal.print(toJunit(report));
      break;
    case "sha256sum":
    case "quiet":
      printLittle(report, format, terminal);
  }
  return exitCode;
}

/** Nothing but digests, or nothing at all: why not, and what to be wary of, goes beside the result. */
function printLittle(report: VerifyReport, format: "sha256sum" | "quiet", terminal: Terminal): void {
  for (const warning of report.warnings) terminal.warn(warning);
  if (report.verdict !== "verified") terminal.note(`${VERDICTS[report.verdict].headline}: ${printable(report.reason)}`);
  const sums = format === "sha256sum" ? toSha256sum(report) : "";
  if (sums !== "") terminal.print(sums);
}

async function append(path: string | undefined, text: string): Promise<void> {
  if (path === undefined) return;
  await appendFile(path, text).catch((cause: NodeJS.ErrnoException) => {
    throw new ProvenanceError("OPTION_INVALID", `${path} cannot be written (${cause.code}).`, { cause });
  });
}

/** Writes the files that were verified as `sha256sum -c` reads them; nothing where any file is not as recorded. */
function toSha256sum({ verdict, files }: VerifyReport): string {
  if (verdict !== "verified") return "";
  const lines = files.flatMap(({ name, actual, expected }) => {
    const sha256 = actual?.sha256 ?? expected?.sha256;
    return sha256 === undefined ? [] : [toSumLine(actual?.name ?? name, sha256)];
  });
  return lines.join("\n");
}

/** A backslash before the digest says that the name is escaped. */
function toSumLine(name: string, sha256: string): string {
  const escaped = name.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r");
  return `${escaped === name ? "" : "\\"}${sha256}  ${escaped}`;
}

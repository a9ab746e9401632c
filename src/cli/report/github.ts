import { randomUUID } from "node:crypto";
import { toHex32 } from "../../base/hex.ts";
import { visibleName } from "../../base/visible-name.ts";
import { describeClaim } from "../../registry/publishers/publisher.ts";
import type { FileComparison } from "../../verify/compare-resources.ts";
import type { VerifyReport } from "../../verify/report.ts";
import type { ExitCode } from "../exit-codes.ts";
import { printable } from "../terminal.ts";
import { VERDICTS } from "../../verify/conclude.ts";

// GitHub shows ten annotations of a kind for each step.
const MAX_ANNOTATED_FILES = 9;
const MAX_SUMMARY_ROWS = 500;

/** Writes workflow commands: an annotation for each file that is not as recorded, for each warning, and for the verdict. */
export function toAnnotations(report: VerifyReport, exitCode: ExitCode): string {
  const { verdict, reason, files, warnings, model } = report;
  const wrong = files.filter(({ status }) => status !== "ok");
  const lines = wrong.slice(0, MAX_ANNOTATED_FILES).map((file) => {
    const path = model.kind === "file" ? model.path : `${model.path}/${file.name}`;
    return command("error", { file: path, title: file.status.toUpperCase() }, describeFile(file));
  });
  lines.push(...warnings.map((warning) => command("warning", { title: "model-provenance" }, warning)));
  const kind = verdict === "verified" ? "notice" : "error";
  return [...lines, command(kind, { title: VERDICTS[verdict].headline }, `${reason} (exit ${exitCode})`)].join("\n");
}

/** Writes the summary of a step, in Markdown: the verdict, the record, a table of the files. */
export function toStepSummary({
  verdict,
  reason,
  record,
  registry,
  files,
  checks,
  notChecked,
  warnings,
  publisher,
}: VerifyReport): string {
  const rows = files.slice(0, MAX_SUMMARY_ROWS).map(({ name, status, expected, actual }) => {
    return `| ${code(name)} | ${status} | ${code(expected?.sha256 ?? "")} | ${code(actual?.sha256 ?? "")} |`;
  });
  const more = files.length - rows.length;
  return [
    `### ${VERDICTS[verdict].headline}: ${markdown(reason)}`,
    "",
    ...(record && registry
      ? [
          `Token ${code(toHex32(record.tokenId))} of ${code(`eip155:${registry.chainId}:${registry.address}`)}, recorded by ${code(record.creator)}.`,
          "",
          ...(publisher?.claims ?? []).map((claim) => `- publisher: ${markdown(describeClaim(claim))}`),
          "",
        ]
      : []),
    ...(rows.length > 0
      ? ["| file | status | recorded SHA-256 | found SHA-256 |", "| --- | --- | --- | --- |", ...rows]
      : []),
    ...(more > 0 ? ["", `and ${more} more files`] : []),
    "",
    ...checks.map(({ what, passed }) => `- ${passed ? "ok" : "**failed**"}: ${markdown(what)}`),
    ...notChecked.map(({ what, why }) => `- not checked: ${markdown(`${what}: ${why}`)}`),
    ...warnings.map((warning) => `- warning: ${markdown(warning)}`),
    "",
  ].join("\n");
}

/** Writes the outputs of a step. A value may hold anything, so each stands between marks that nobody can guess. */
export function toStepOutputs({ verdict, reason, record, publisher }: VerifyReport, exitCode: ExitCode): string {
  const outputs = {
    verdict,
    "exit-code": String(exitCode),
    reason: printable(reason),
    "token-id": record === undefined ? "" : toHex32(record.tokenId),
    creator: record?.creator ?? "",
    publisher: publisher?.name === undefined ? "" : visibleName(publisher.name),
  };
  return Object.entries(outputs)
    .map(([name, value]) => {
      const mark = randomUUID();
      return `${name}<<${mark}\n${value}\n${mark}\n`;
    })
    .join("");
}

function describeFile({ status, expected, actual }: FileComparison): string {
  switch (status) {
    case "mismatch":
      return `expected ${expected?.sha256}, actual ${actual?.sha256 ?? "(leaves compared)"}`;
    case "missing":
      return `the recorded file is missing: ${expected?.sha256}`;
    case "extra":
      return "this file is not recorded";
    case "renamed":
      return `recorded under this name, now ${actual?.name}`;
    case "ok":
      return "as recorded";
  }
}

/** A workflow command. What strangers wrote cannot end it, nor begin another. */
function command(name: string, properties: Readonly<Record<string, string>>, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => {
    return `${key}=${escapeData(value).replaceAll(":", "%3A").replaceAll(",", "%2C")}`;
  });
  return `::${name} ${list.join(",")}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  const visible = text.split(/\r\n|[\r\n]/).map(printable);
  return visible.map((line) => line.replaceAll("%", "%25")).join("%0A");
}

/** Text in Markdown that is nothing but text: no link, no HTML, no mention. */
function markdown(text: string): string {
  return printable(text).replaceAll(/[\\`*_{}[\]()#+\-.!|<>~@&]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function code(text: string): string {
  return text === "" ? "" : `<code>${markdown(text)}</code>`;
}

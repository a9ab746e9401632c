import type { ModelRecord } from "../chain/model-record.ts";
import { toHex32 } from "../hex.ts";
import type { FileComparison } from "../verify/compare-resources.ts";
import type { ByteRange } from "../verify/damage.ts";
import type { VerifyReport } from "../verify/report.ts";
import type { ExitCode } from "./exit-codes.ts";
import { formatBytes } from "./format-bytes.ts";
import { type Terminal, printable, table } from "./terminal.ts";

/** Where the record was looked for; empty where nothing was asked of a chain. */
export interface ReportPlace {
  readonly networkName?: string;
  readonly registry?: { readonly address: string; readonly chainId: bigint };
}

const HEADLINES = {
  verified: "VERIFIED",
  mismatch: "MISMATCH",
  "not-registered": "NOT REGISTERED",
  unchecked: "COULD NOT CHECK",
  unacceptable: "NOT ACCEPTABLE",
} as const;

const MIB = 1024 * 1024;
const SHOWN_RANGES = 10;

/** Prints a report for people: the record, a row a file, the checks, and the verdict last. */
export function printReport(report: VerifyReport, place: ReportPlace, exitCode: ExitCode, terminal: Terminal): void {
  const { record, model } = report;
  terminal.print(table(record === undefined ? describeModel(report, place) : describeRecord(report, record, place)));
  if (report.files.length > 0) {
    terminal.print("");
    terminal.print(table([["FILE", "SIZE", "STATUS", "SHA-256"], ...report.files.flatMap(toRows)]));
  }
  terminal.print("");
  for (const { what, passed } of report.checks) terminal.print(`${passed ? "ok    " : "FAILED"} ${printable(what)}`);
  for (const { name, reason } of model.excluded) terminal.note(`left out: ${printable(name)} (${reason})`);
  for (const warning of report.warnings) terminal.warn(warning);
  terminal.print(`${HEADLINES[report.verdict]}: ${printable(report.reason)} (exit ${exitCode})`);
}

function describeRecord(
  { metadata, event }: VerifyReport,
  record: ModelRecord,
  { networkName, registry }: ReportPlace,
) {
  const name = [metadata?.name ?? "", metadata?.provenance.version ?? ""].join(" ").trim();
  return [
    ["model", printable(name) || "(name unknown)"],
    ["token", `${toHex32(record.tokenId)} on ${networkName}`],
    ["registry", registry?.address ?? ""],
    ["creator", record.creator],
    ["recorded", `${new Date(record.mintedAt * 1000).toISOString()}${event ? `, block ${event.blockNumber}` : ""}`],
    ["licence", printable(record.license) || "none stated"],
    ["relation", [record.relation, ...record.parents.map((id) => `of ${toHex32(id)}`)].join(" ")],
    ["status", record.status],
  ];
}

function describeModel({ model }: VerifyReport, { networkName, registry }: ReportPlace) {
  return [
    ["model", printable(model.path)],
    ...(model.modelDigest === undefined ? [] : [["digest", model.modelDigest]]),
    ["registry", registry === undefined ? "none asked" : `${registry.address} on ${networkName}`],
  ];
}

/** The rows of one file: more than one where two digests are to be compared, and where it is known what is damaged. */
function toRows(file: FileComparison): string[][] {
  const { name, status, expected, actual } = file;
  const row = [printable(name), actual === undefined ? "-" : formatBytes(actual.size), status.toUpperCase()];
  switch (status) {
    case "ok":
      return [[...row, actual?.sha256 ?? "(leaves compared)"]];
    case "mismatch":
      return [
        [...row, `expected ${expected?.sha256}`],
        ...(actual?.sha256 === undefined ? [] : [`actual   ${actual.sha256}`]).map(continued),
        ...describeDamage(file).map(continued),
      ];
    case "missing":
      return [[...row, `expected ${expected?.sha256}`]];
    case "extra":
      return [actual?.sha256 === undefined ? row : [...row, `actual   ${actual.sha256}`]];
    case "renamed":
      return [[...row, `now ${printable(actual?.name ?? "")}`]];
  }
}

function continued(text: string): string[] {
  return ["", "", "", text];
}

/** Says in words where a file differs, a line for each place. */
export function describeDamage({ damaged = [], truncatedAt, extraBytes }: FileComparison): string[] {
  const more = damaged.length - SHOWN_RANGES;
  return [
    ...damaged.slice(0, SHOWN_RANGES).map(describeRange),
    ...(more > 0 ? [`and ${more} more ranges`] : []),
    ...(truncatedAt === undefined ? [] : [`truncated at byte ${truncatedAt}`]),
    ...(extraBytes === undefined ? [] : [`${extraBytes} ${extraBytes === 1 ? "byte" : "bytes"} too many`]),
  ];
}

function describeRange({ start, end }: ByteRange): string {
  const bytes = end - start + 1;
  const size = bytes % MIB === 0 ? `${bytes / MIB} MiB` : `${bytes} bytes`;
  return `bytes ${start}-${end} (${size})`;
}

/** Makes a report one JSON document. */
export function toJson(report: VerifyReport, exitCode: ExitCode, { registry }: ReportPlace) {
  const { verdict, reason, method, filesChecked, filesRecorded, model } = report;
  const { record, event, files, checks, warnings, sameWeights } = report;
  return {
    schemaVersion: "1.0",
    verdict,
    exitCode,
    reason,
    method,
    filesChecked,
    filesRecorded,
    chainId: registry && Number(registry.chainId),
    registry: registry?.address,
    model: {
      path: model.path,
      modelDigest: model.modelDigest,
      manifestRoot: model.manifestRoot,
      weightsDigest: model.weightsDigest,
      cid: model.cid,
    },
    cached: model.cached,
    pointers: model.pointers,
    record: record && { ...record, tokenId: toHex32(record.tokenId), parents: record.parents.map(toHex32) },
    event,
    files,
    proofs: report.proofs,
    checks,
    warnings,
    excluded: model.excluded,
    sameWeights: sameWeights.map(toHex32),
  };
}

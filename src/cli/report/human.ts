import { toHex32 } from "../../base/hex.ts";
import { type Publisher, describeClaim } from "../../registry/publishers/publisher.ts";
import type { StatedAgent } from "../../verify/agent/stated-agent.ts";
import type { FileComparison } from "../../verify/compare-resources.ts";
import type { ByteRange } from "../../base/byte-range.ts";
import { describeStatement } from "../../verify/recalls.ts";
import type { CheckedStatement, RecordedModel, RegistryPlace, VerifyReport } from "../../verify/report.ts";
import type { ExitCode } from "../exit-codes.ts";
import { formatBytes } from "../format-bytes.ts";
import { type Terminal, printable, table } from "../terminal.ts";
import { VERDICTS } from "../../verify/conclude.ts";

const MIB = 1024 * 1024;
const SHOWN_RANGES = 10;

/**
 * Prints a report for people: the verdict first, what differs or does not hold, and the record; all files and all checks
 * where everything is wanted.
 */
export function printReport(report: VerifyReport, exitCode: ExitCode, terminal: Terminal, verbose = false): void {
  const { record, model, files, checks, notChecked } = report;
  const { headline } = VERDICTS[report.verdict];
  const verdict = `${headline}: ${printable(report.reason)} (exit ${exitCode})`;
  terminal.print(terminal.mark?.(report.verdict === "verified", verdict) ?? verdict);
  const rows = verbose ? files : files.filter(({ status }) => status !== "ok");
  if (rows.length > 0) {
    terminal.print("");
    terminal.print(table([["FILE", "SIZE", "STATUS", "SHA-256"], ...rows.flatMap(toRows)]));
  }
  const lines = [
    ...checks.filter(({ passed, warns }) => verbose || !passed || warns).map(describeCheck),
    ...(verbose ? notChecked : []).map(({ what, why }) => `not checked ${printable(`${what}: ${why}`)}`),
  ];
  if (lines.length > 0) terminal.print(["", ...lines].join("\n"));
  terminal.print("");
  terminal.print(table(record === undefined ? describeModel(report) : describeRecord(report, record)));
  for (const { name, reason } of model.excluded) terminal.note(`left out: ${printable(name)} (${reason})`);
  for (const warning of report.warnings) terminal.warn(warning);
  if (verbose || checks.length + notChecked.length === 0) return;
  const held = checks.filter(({ passed }) => passed).length;
  terminal.note(`${held} of ${checks.length} checks hold, ${notChecked.length} were not made; --verbose lists them.`);
}

function describeCheck({ what, passed, warns }: CheckedStatement): string {
  const word = warns ? "warns      " : passed ? "ok         " : "FAILED     ";
  return `${word} ${printable(what)}`;
}

function describeRecord(report: VerifyReport, record: RecordedModel): string[][] {
  const { metadata, event, batch, registry, otherRecords = [] } = report;
  const when = `${formatTime(record.mintedAt)}${event ? `, block ${event.blockNumber}` : ""}`;
  return [
    ["model", printable(metadata?.name ?? "") || "(name unknown)"],
    ["version", describeVersion(report)],
    [batch === undefined ? "token" : "digest", toHex32(record.tokenId)],
    ["registry", registry === undefined ? "" : describePlace(registry)],
    ...(batch === undefined ? [] : [["batch", `${batch.root}, no token yet`]]),
    ["creator", record.creator],
    ...describePublisher(report.publisher),
    ...describeAgent(report.agent),
    ["recorded", when],
    ["licence", printable(record.license) || "none stated"],
    ["relation", [record.relation, ...record.parents.map((id) => `of ${toHex32(id)}`)].join(" ")],
    ["status", describeStatus(report, record)],
    ...otherRecords.map(({ registry: place, creator, recordedAt }) => [
      "also recorded",
      `${formatTime(recordedAt)} by ${creator} in ${describePlace(place)}`,
    ]),
  ].filter(([, value]) => value !== "");
}

/** A line for all that is said of who is behind the creator, what holds and what does not. */
export function describePublisher(publisher: Publisher | undefined): [string, string][] {
  return (publisher?.claims ?? []).map((claim) => ["publisher", describeClaim(claim)]);
}

/** Also by whom, when and why it is not active any more. */
function describeStatus({ recalls = [] }: VerifyReport, { status }: RecordedModel): string {
  const said = recalls.find(({ isOwn, status: word }) => isOwn && word === status)?.statement;
  return said === undefined ? status : printable(`${status}${describeStatement(said)}`);
}

/** "1.2.0; the latest is 1.4.1" */
function describeVersion({ event, metadata, latest }: VerifyReport): string {
  const own = event?.version ?? metadata?.provenance.version ?? "";
  if (latest === undefined) return printable(own);
  const newer = latest.version === "" ? toHex32(latest.tokenId) : `${latest.version} (${toHex32(latest.tokenId)})`;
  return printable(`${own || "not numbered"}; the latest is ${newer}`);
}

/** A line for the agent that says that it runs the model. */
function describeAgent(agent: StatedAgent | undefined): [string, string][] {
  if (agent === undefined) return [];
  const { id, name, owner } = agent;
  return [["agent", printable([id, name && JSON.stringify(name), owner && `of ${owner}`].filter(Boolean).join(" "))]];
}

function describeModel({ method, model, agent, registry, registries = [] }: VerifyReport): string[][] {
  const places = registry === undefined ? registries : [registry];
  return [
    ...(method === "agent" ? [] : [[method === "credential" ? method : "model", printable(model.path)]]),
    ...describeAgent(agent),
    ...(model.modelDigest === undefined ? [] : [["digest", model.modelDigest]]),
    ...(places.length === 0 ? [["registry", "none asked"]] : places.map((place) => ["registry", describePlace(place)])),
  ];
}

function describePlace({ address, chainId, name, source }: RegistryPlace): string {
  return `${address} on ${printable(name ?? `chain ${chainId}`)}${source === undefined ? "" : `, from ${source}`}`;
}

function formatTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
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

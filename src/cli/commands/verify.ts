import { toHex32 } from "../../hex.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import { type VerifyReport, verifyModel } from "../../verify/verify-model.ts";
import type { FileComparison } from "../../verify/compare-resources.ts";
import { type ChainConnection, connectRegistry, openReadingStore } from "../chain-connection.ts";
import { openCache } from "../open-cache.ts";
import { type ExitCode, exitCodeOf } from "../exit-codes.ts";
import { type OptionValues, required } from "../options.ts";
import { type Terminal, followBytes, printable, table } from "../terminal.ts";
import { formatBytes } from "../format-bytes.ts";

/** Options of `verify`. */
export const VERIFY_OPTIONS = [
  "modelPath",
  "tokenId",
  "registryAddress",
  "ignorePaths",
  "cachePath",
  "trustCache",
  "hfCache",
  "lfsPointers",
  "storePath",
  "format",
] as const;

/** Finds out from the chain who recorded exactly these files. Prints the report; the exit code is its verdict. */
export async function runVerify(
  options: OptionValues<(typeof VERIFY_OPTIONS)[number]>,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const modelPath = required(options, "modelPath");
  const registry = await connectRegistry(connection, options);
  const links = { hfCache: options.hfCache ?? false };
  const cache = options.trustCache ? await openCache(options, terminal) : undefined;
  if (options.cachePath !== undefined && !options.trustCache) {
    terminal.note("The hash cache is not used: every file is read. Set TRUST_CACHE=1 to verify with it.");
  }
  const tokenId = options.tokenId === undefined ? {} : { tokenId: await resolveTokenId(options.tokenId, links) };
  const report = await followBytes(terminal, options.format, async (progress) =>
    verifyModel({
      modelPath,
      registry,
      store: openReadingStore(options),
      ...tokenId,
      ...(options.ignorePaths && { ignorePaths: options.ignorePaths }),
      ...links,
      ...(options.lfsPointers && { lfsPointers: "accept" as const }),
      ...(cache && { cache }),
      ...progress,
    }),
  );
  await cache?.save();
  const exitCode = exitCodeOf(report.verdict);
  if (options.format === "json") terminal.print(JSON.stringify(toJson(report, exitCode, registry), null, 2));
  else printReport(report, connection, registry.address, exitCode, terminal);
  return exitCode;
}

function printReport(
  report: VerifyReport,
  { networkName }: ChainConnection,
  address: string,
  exitCode: ExitCode,
  terminal: Terminal,
) {
  const { record, event, metadata, model } = report;
  if (record !== undefined) {
    const rows = [
      [
        "model",
        printable([metadata?.name ?? "", metadata?.provenance.version ?? ""].join(" ").trim()) || "(name unknown)",
      ],
      ["token", `${toHex32(record.tokenId)} on ${networkName}`],
      ["registry", address],
      ["creator", record.creator],
      ["recorded", `${new Date(record.mintedAt * 1000).toISOString()}${event ? `, block ${event.blockNumber}` : ""}`],
      ["licence", printable(record.license) || "none stated"],
      ["relation", [record.relation, ...record.parents.map((id) => `of ${toHex32(id)}`)].join(" ")],
      ["status", record.status],
    ];
    terminal.print(table(rows));
  } else {
    terminal.print(
      table([
        ["model", printable(model.path)],
        ["digest", model.modelDigest],
        ["registry", `${address} on ${networkName}`],
      ]),
    );
  }
  if (report.files.length > 0) {
    terminal.print("");
    terminal.print(table([["FILE", "SIZE", "STATUS", "SHA-256"], ...report.files.flatMap(toRows)]));
  }
  terminal.print("");
  for (const { what, passed } of report.checks) terminal.print(`${passed ? "ok    " : "FAILED"} ${what}`);
  for (const { name, reason } of model.excluded) terminal.note(`left out: ${printable(name)} (${reason})`);
  for (const warning of report.warnings) terminal.warn(warning);
  terminal.print(`${HEADLINES[report.verdict]}: ${report.reason} (exit ${exitCode})`);
}

const HEADLINES = {
  verified: "VERIFIED",
  mismatch: "MISMATCH",
  "not-registered": "NOT REGISTERED",
  unchecked: "COULD NOT CHECK",
  unacceptable: "NOT ACCEPTABLE",
} as const;

/** The rows of one file: a second one where two digests are to be compared. */
function toRows({ name, status, expected, actual }: FileComparison): string[][] {
  const row = [printable(name), actual === undefined ? "-" : formatBytes(actual.size), status.toUpperCase()];
  switch (status) {
    case "ok":
      return [[...row, expected?.sha256 ?? ""]];
    case "mismatch":
      return [
        [...row, `expected ${expected?.sha256}`],
        ["", "", "", `actual   ${actual?.sha256}`],
      ];
    case "missing":
      return [[...row, `expected ${expected?.sha256}`]];
    case "extra":
      return [[...row, `actual   ${actual?.sha256}`]];
    case "renamed":
      return [[...row, `now ${printable(actual?.name ?? "")}`]];
  }
}

function toJson(report: VerifyReport, exitCode: ExitCode, registry: { address: string; chainId: bigint }) {
  const { verdict, reason, model, record, event, files, checks, warnings, sameWeights } = report;
  return {
    schemaVersion: "1.0",
    verdict,
    exitCode,
    reason,
    chainId: Number(registry.chainId),
    registry: registry.address,
    model: {
      path: model.path,
      modelDigest: model.modelDigest,
      manifestRoot: model.manifestRoot,
      weightsDigest: model.weightsDigest,
    },
    cached: model.cached,
    pointers: model.pointers,
    record: record && { ...record, tokenId: toHex32(record.tokenId), parents: record.parents.map(toHex32) },
    event,
    files,
    checks,
    warnings,
    excluded: model.excluded,
    sameWeights: sameWeights.map(toHex32),
  };
}

import { type RegistrationReport, checkRegistrations } from "../../hub/check-registrations.ts";
import { createRegistrationReader } from "../../hub/read-registrations.ts";
import type { Registration } from "../../hub/registration.ts";
import { readRegistrationFile } from "../../hub/registration-file.ts";
import { toCaip10 } from "../../registry/registry.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { type ChainConnection, connectRegistry } from "../chain-connection.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { printJson } from "../long-output.ts";
import { openReading } from "../open-gateways.ts";
import { openLocalStore } from "../open-stores.ts";
import { type Options, required } from "../options.ts";
import { type Terminal, printable } from "../terminal.ts";

const EXIT_BY_VERDICT = { verified: EXIT.done, mismatch: EXIT.failed, unchecked: EXIT.unchecked } as const;
const HEADLINES = { verified: "VERIFIED", mismatch: "MISMATCH", unchecked: "COULD NOT CHECK" } as const;

/** Compares a chain of registrations, every field of every entry, with the chain and the metadata it names. */
export async function runExportCheck(
  options: Options,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const path = required(options, "exportCheck");
  const registry = await connectRegistry(connection, options);
  const store = openReading(options, connection.chainId, openLocalStore(options), terminal);
  const entries = await readEntries(path);
  const check = async (chain: readonly Registration[]) => {
    const progress = options.format === "json" ? undefined : terminal.counting?.("entries", chain.length);
    const checked = await checkRegistrations(chain, createRegistrationReader(registry, store), progress?.onDone);
    progress?.end();
    return checked;
  };
  const report = "fault" in entries ? refused(entries.fault) : await check(entries.chain);
  const { verdict, faults, unchecked, warnings } = report;
  const exitCode = EXIT_BY_VERDICT[verdict];
  if (options.format === "json") {
    printJson(terminal, { schemaVersion: "1.0", exitCode, registry: toCaip10(registry), file: path, ...report });
    return exitCode;
  }
  for (const { text } of faults) terminal.print(`FAILED ${printable(text)}`);
  for (const { index, text } of unchecked) terminal.print(`could not check entry ${index}: ${printable(text)}`);
  for (const warning of warnings) terminal.warn(warning);
  const counted = `${report.entries} entries, ${faults.length} faults, ${unchecked.length} could not be checked`;
  terminal.print(`${HEADLINES[verdict]}: ${counted} (exit ${exitCode})`);
  return exitCode;
}

/** What has another form than a chain of registrations was edited as well: that is a verdict, not a failure to look. */
async function readEntries(path: string): Promise<{ chain: readonly Registration[] } | { fault: string }> {
  try {
    const chain = await readRegistrationFile(path);
    if (chain !== undefined) return { chain };
  } catch (error) {
    if (error instanceof ProvenanceError && error.code === "REGISTRATIONS_INVALID") return { fault: error.message };
    throw error;
  }
  throw new ProvenanceError("OPTION_INVALID", `EXPORT_CHECK: there is no file ${path}.`);
}

function refused(text: string): RegistrationReport {
  return { verdict: "mismatch", entries: 0, faults: [{ index: 0, field: "", text }], unchecked: [], warnings: [] };
}

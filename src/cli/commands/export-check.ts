import { checkRegistrations } from "../../hub/check-registrations.ts";
import { createRegistrationReader } from "../../hub/read-registrations.ts";
import { readRegistrationFile } from "../../hub/registration-file.ts";
import { toCaip10 } from "../../chain/registry.ts";
import { ProvenanceError } from "../../errors.ts";
import { type ChainConnection, connectRegistry } from "../chain-connection.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { printJson } from "../long-output.ts";
import { READING_OPTIONS, openReading } from "../open-gateways.ts";
import { openReadingStore } from "../open-stores.ts";
import { type OptionName, type OptionValues, required } from "../options.ts";
import { type Terminal, printable } from "../terminal.ts";

/** Options of `export --check`. */
export const EXPORT_CHECK_OPTIONS = [
  "exportCheck",
  "registryAddress",
  "storePath",
  ...READING_OPTIONS,
  "format",
] as const satisfies readonly OptionName[];

const EXIT_BY_VERDICT = { verified: EXIT.done, mismatch: EXIT.failed, unchecked: EXIT.unchecked } as const;
const HEADLINES = { verified: "VERIFIED", mismatch: "MISMATCH", unchecked: "COULD NOT CHECK" } as const;

/** Compares a chain of registrations, every field of every entry, with the chain and the metadata it names. */
export async function runExportCheck(
  options: OptionValues<(typeof EXPORT_CHECK_OPTIONS)[number]>,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const path = required(options, "exportCheck");
  const entries = await readRegistrationFile(path);
  if (entries === undefined) {
    throw new ProvenanceError("OPTION_INVALID", `EXPORT_CHECK: there is no file ${path}.`);
  }
  const registry = await connectRegistry(connection, options);
  const store = openReading(options, connection.chainId, openReadingStore(options), terminal);
  const progress = options.format === "json" ? undefined : terminal.counting?.("entries", entries.length);
  const report = await checkRegistrations(entries, createRegistrationReader(registry, store), progress?.onDone);
  progress?.end();
  const { verdict, faults, unchecked, warnings } = report;
  const exitCode = EXIT_BY_VERDICT[verdict];
  if (options.format === "json") {
    printJson(terminal, { schemaVersion: "1.0", exitCode, registry: toCaip10(registry), file: path, ...report });
    return exitCode;
  }
  for (const { text } of faults) terminal.print(`FAILED ${printable(text)}`);
  for (const { index, text } of unchecked) terminal.print(`could not check entry ${index}: ${printable(text)}`);
  for (const warning of warnings) terminal.warn(warning);
  const counted = `${entries.length} entries, ${faults.length} faults, ${unchecked.length} could not be checked`;
  terminal.print(`${HEADLINES[verdict]}: ${counted} (exit ${exitCode})`);
  return exitCode;
}

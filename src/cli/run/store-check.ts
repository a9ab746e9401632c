import { type StoreFault, type StoreReport, checkStore } from "../../content/stores/local/check-store.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { formatBytes } from "../format-bytes.ts";
import type { OptionValues } from "../options.ts";
import { type Terminal, followBytes, printable } from "../terminal.ts";
import { openExistingStore, printJson } from "./store.ts";

/** Hashes everything in the store and names what is damaged, and which pin needs it. */
export async function runStoreCheck(
  options: OptionValues<"storePath" | "format">,
  terminal: Terminal,
): Promise<ExitCode> {
  const store = await openExistingStore(options);
  const report = await followBytes(terminal, options.format, async (progress) => checkStore(store, progress));
  const exitCode = exitCodeOf(report);
  if (options.format === "json") {
    const faults = report.faults.map(toJson);
    printJson(terminal, { ...report, exitCode, faults, spare: report.spare.map(toJson) });
    return exitCode;
  }
  for (const { reason } of report.spare) {
    terminal.note(`${printable(reason)} The block is intact elsewhere in the store.`);
  }
  for (const fault of report.faults) terminal.print(describe(fault));
  const { blocks, references, bytes, pins, faults } = report;
  const checked = `${blocks} blocks and ${references} references (${formatBytes(bytes)}) of ${pins} pins`;
  if (exitCode === EXIT.unchecked) terminal.note("There is nothing in the store: nothing was checked.");
  else terminal.print(faults.length === 0 ? `OK: ${checked}` : `FAILED: ${faults.length} faults in ${checked}`);
  return exitCode;
}

function exitCodeOf({ faults, blocks, references, pins }: StoreReport): ExitCode {
  if (faults.length > 0) return EXIT.failed;
  return blocks + references + pins === 0 ? EXIT.unchecked : EXIT.done;
}

function describe({ reason, pins }: StoreFault): string {
  const needed = pins.length === 0 ? "no pin needs it" : `needed by ${pins.map(String).join(", ")}`;
  return `DAMAGED  ${printable(reason)} (${needed})`;
}

function toJson({ cid, reason, pins }: StoreFault) {
  return { cid: cid?.toString(), reason, pins: pins.map(String) };
}

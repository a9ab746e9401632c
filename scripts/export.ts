// Compares a chain of registrations (EXPORT_CHECK) with the chain; the exit code is the verdict.
import { EXPORT_CHECK_OPTIONS, runExportCheck } from "../src/cli/commands/export-check.ts";
import { readEnvironment } from "../src/cli/options.ts";
import { processTerminal } from "../src/cli/terminal.ts";
import { connectHardhat } from "./support/hardhat-connection.ts";
import { runScript } from "./support/run-script.ts";

await runScript(async () => {
  const options = readEnvironment(EXPORT_CHECK_OPTIONS, process.env);
  const { connection } = await connectHardhat("read");
  return runExportCheck(options, connection, processTerminal());
});

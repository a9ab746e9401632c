// Reads models of the Hugging Face Hub without their weights, shows what was found, and records them.
import { runImport } from "../src/cli/commands/import.ts";
import { IMPORT_OPTIONS } from "../src/cli/options/import-names.ts";
import { readEnvironment } from "../src/cli/options.ts";
import { processTerminal } from "../src/cli/terminal.ts";
import { connectHardhat } from "./support/hardhat-connection.ts";
import { runScript } from "./support/run-script.ts";

await runScript(async () => {
  const options = readEnvironment(IMPORT_OPTIONS, process.env);
  const connect = async () => (await connectHardhat("send")).connection;
  return runImport(options, connect, processTerminal());
});

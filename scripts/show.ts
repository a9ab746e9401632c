// Prints the record of TOKEN_ID in full: what the chain keeps, what happened since, and the metadata.
import { runShow } from "../src/cli/commands/show.ts";
import { SHOW_OPTIONS } from "../src/cli/lineage-options.ts";
import { readEnvironment } from "../src/cli/options.ts";
import { processTerminal } from "../src/cli/terminal.ts";
import { connectHardhat } from "./support/hardhat-connection.ts";
import { runScript } from "./support/run-script.ts";

await runScript(async () => {
  const options = readEnvironment(SHOW_OPTIONS, process.env);
  return runShow(options, async () => (await connectHardhat("read")).connection, processTerminal());
});

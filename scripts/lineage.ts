// Draws all ancestors and descendants of the model at CHILD_PATH, a path or a token.
import { runLineage } from "../src/cli/commands/lineage.ts";
import { LINEAGE_OPTIONS } from "../src/cli/lineage-options.ts";
import { readEnvironment } from "../src/cli/options.ts";
import { processTerminal } from "../src/cli/terminal.ts";
import { connectHardhat } from "./support/hardhat-connection.ts";
import { runScript } from "./support/run-script.ts";

await runScript(async () => {
  const options = readEnvironment(LINEAGE_OPTIONS, process.env);
  return runLineage(options, async () => (await connectHardhat("read")).connection, processTerminal());
});

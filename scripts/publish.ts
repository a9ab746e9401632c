// Publishes the model at MODEL_PATH, or those of the list at BATCH_PATH: hash, sign, pin, mint. Run again after any interruption, it goes on from there.
import { PUBLISH_COMMAND_OPTIONS, runPublish } from "../src/cli/commands/publish.ts";
import { readEnvironment } from "../src/cli/options.ts";
import { processTerminal } from "../src/cli/terminal.ts";
import { connectHardhat } from "./support/hardhat-connection.ts";
import { runScript } from "./support/run-script.ts";

await runScript(async () => {
  const options = readEnvironment(PUBLISH_COMMAND_OPTIONS, process.env);
  const { connection } = await connectHardhat("send");
  return runPublish(options, connection, processTerminal());
});

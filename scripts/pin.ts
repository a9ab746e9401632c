// Hashes the model at MODEL_PATH, signs its metadata and pins it; mints nothing.
import { runPin } from "../src/cli/commands/pin.ts";
import { readEnvironment } from "../src/cli/options.ts";
import { PIN_OPTIONS } from "../src/cli/publish-options.ts";
import { processTerminal } from "../src/cli/terminal.ts";
import { connectHardhat } from "./support/hardhat-connection.ts";
import { runScript } from "./support/run-script.ts";

await runScript(async () => {
  const options = readEnvironment(PIN_OPTIONS, process.env);
  const { connection } = await connectHardhat("send");
  return runPin(options, connection, processTerminal());
});

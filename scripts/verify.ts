// Asks the chain who recorded exactly the files at MODEL_PATH; the exit code is the verdict.
import { VERIFY_OPTIONS, runVerify } from "../src/cli/commands/verify.ts";
import { readEnvironment } from "../src/cli/options.ts";
import { processTerminal } from "../src/cli/terminal.ts";
import { connectHardhat } from "./support/hardhat-connection.ts";
import { runScript } from "./support/run-script.ts";

await runScript(async () => {
  const options = readEnvironment(VERIFY_OPTIONS, process.env);
  const connect = async () => (await connectHardhat("read")).connection;
  return runVerify(options, connect, processTerminal());
});

// Publishes the model at MODEL_PATH: hash, sign, pin, mint. Run again after any interruption, it goes on from there.
import { MINT_OPTIONS, runMint } from "../src/cli/commands/mint.ts";
import { readEnvironment } from "../src/cli/options.ts";
import { processTerminal } from "../src/cli/terminal.ts";
import { connectHardhat } from "./support/hardhat-connection.ts";
import { runScript } from "./support/run-script.ts";

await runScript(async () => {
  const options = readEnvironment(MINT_OPTIONS, process.env);
  const { connection } = await connectHardhat("send");
  return runMint(options, connection, processTerminal());
});

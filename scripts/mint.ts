// Hashes the model at MODEL_PATH, signs and pins its metadata and mints its token.
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

// Hashes the model at MODEL_PATH and prints its digests; nothing is sent anywhere.
import { HASH_OPTIONS, runHash } from "../src/cli/commands/hash.ts";
import { readEnvironment } from "../src/cli/options.ts";
import { processTerminal } from "../src/cli/terminal.ts";
import { runScript } from "./support/run-script.ts";

await runScript(async () => runHash(readEnvironment(HASH_OPTIONS, process.env), processTerminal()));

import { readVariables } from "../../src/cli/arguments.ts";
import { nearest } from "../../src/cli/nearest.ts";
import type { OptionName } from "../../src/cli/options.ts";
import { readSettings } from "../../src/cli/settings.ts";
import { processTerminal } from "../../src/cli/terminal.ts";
import { UsageError } from "../../src/cli/usage-error.ts";
import { type Verb, namesOf } from "../../src/cli/verb.ts";
import { VERBS } from "../../src/cli/verbs.ts";
import { connectHardhat } from "./hardhat-connection.ts";
import { runScript } from "./run-script.ts";

// Hardhat's own network says these.
const HARDHATS = new Set<OptionName>(["network", "rpcTimeout", "keystorePath", "keystorePasswordFile"]);

/** Runs a verb with what the environment says, and with Hardhat's connection. */
export async function runVerb(name: string | undefined): Promise<void> {
  await runScript(async () => {
    const verb = findVerb(name);
    const settings = await readSettings(process.env, process.cwd());
    const names = namesOf(verb).filter((option) => !HARDHATS.has(option));
    const options = readVariables(names, settings, verb.lenient);
    const connect = async () => (await connectHardhat(verb.chain ?? "read")).connection;
    return verb.run(options, { terminal: processTerminal(), connect, environment: settings.variables });
  });
}

function findVerb(name: string | undefined): Verb {
  const verb = VERBS.find((candidate) => candidate.name === name);
  if (verb !== undefined) return verb;
  const names = VERBS.map((candidate) => candidate.name);
  if (name === undefined) throw new UsageError("VERB is not set: it takes a verb.", [`There are ${names.join(", ")}.`]);
  const near = nearest(name, names);
  throw new UsageError(`There is no verb ${JSON.stringify(name)}.`, [near && `Did you mean VERB="${near}"?`]);
}

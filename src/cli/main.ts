import { lstat } from "node:fs/promises";
import type { ChainConnection } from "./chain-connection.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { nearest } from "./nearest.ts";
import { type Options, settingsOf } from "./options.ts";
import { readOptions } from "./read-options.ts";
import { reportError } from "./report-error.ts";
import type { Variables } from "./settings.ts";
import { type Terminal, processTerminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";
import type { Verb } from "./verb.ts";
import { GROUPS, VERBS, verbsOf } from "./verbs.ts";

const HELP = ["--help", "-h"];

/** Runs the command line. @returns the exit code of the process */
export async function main(args: readonly string[], environment: Variables): Promise<ExitCode> {
  const terminal = processTerminal();
  const asked: { options?: Options } = {};
  try {
    if (args[0] === "__complete") {
      terminal.print((await import("./complete.ts")).completeWords(args.slice(1)).join("\n"));
      return EXIT.done;
    }
    const { verb, rest } = findVerb(args);
    if (verb === undefined) return await answerWithoutVerb(args, terminal);
    if (rest.some((word) => HELP.includes(word))) {
      terminal.print((await import("./help.ts")).verbHelp(verb, rest.includes("--all")));
      return EXIT.done;
    }
    const options = await readOptions(verb, rest, environment, process.cwd());
    asked.options = options;
    await assertFile(options.modelPath);
    const { variables } = settingsOf(options);
    const connect = async () => connectFor(verb, options, variables, terminal);
    return await verb.run(options, { terminal, connect, environment: variables });
  } catch (error) {
    return reportError(error, { environment, args, ...asked });
  }
}

function findVerb(args: readonly string[]): { verb?: Verb; rest: readonly string[] } {
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(" ");
    const verb = VERBS.find((candidate) => candidate.name === name);
    if (verb !== undefined) return { verb, rest: args.slice(words) };
  }
  return { rest: args };
}

/** Answers `--version`, the help of everything, of a group or of a verb, and what is none of them. */
async function answerWithoutVerb(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  if (args[0] === "--version") {
    terminal.print(await (await import("./version.ts")).readVersion());
    return EXIT.done;
  }
  const { generalHelp, groupHelp, verbHelp } = await import("./help.ts");
  const asked = args.filter((word) => word !== "help" && !word.startsWith("-"));
  if (asked.length === 0) {
    const isAsked = args[0] === "help" || HELP.includes(args[0] ?? "");
    if (args.length > 0 && !isAsked) throw new UsageError(`There is no option ${args[0]} without a verb.`, [SEE_HELP]);
    if (isAsked) terminal.print(generalHelp());
    else terminal.note(generalHelp());
    return isAsked ? EXIT.done : EXIT.usage;
  }
  const [group = "", ...others] = asked;
  if (group in GROUPS && others.length === 0) {
    terminal.print(groupHelp(group));
    return EXIT.done;
  }
  const { verb, rest } = findVerb(asked);
  if (args[0]?.startsWith("-") === true && verb !== undefined)
    throw new UsageError(`There is no option ${args[0]} before a verb.`, [`Options follow the verb: ${verb.name} ….`]);
  if (args[0] === "help" && verb !== undefined && rest.length === 0) {
    terminal.print(verbHelp(verb, args.includes("--all")));
    return EXIT.done;
  }
  throw unknownVerb(asked);
}

const SEE_HELP = "Run model-provenance --help to see all verbs.";

function unknownVerb([first = "", second]: readonly string[]): UsageError {
  const ofGroup = verbsOf(first).map(({ name }) => name);
  if (ofGroup.length > 0) {
    const near = nearest(`${first} ${second}`, ofGroup);
    const hint = near === undefined ? `There are ${ofGroup.join(", ")}.` : `Did you mean ${near}?`;
    return new UsageError(`There is no verb ${JSON.stringify(`${first} ${second}`)}.`, [
      hint,
      `Run model-provenance ${first} --help to see those of ${first}.`,
    ]);
  }
  const near = nearest(first, [...VERBS.map(({ name }) => name), ...Object.keys(GROUPS)]);
  const hint = near === undefined ? undefined : `Did you mean ${near}?`;
  return new UsageError(`There is no verb ${JSON.stringify(first)}.`, [hint, SEE_HELP]);
}

/** Whoever gives a token where a model is wanted means `show`. */
async function assertFile(path: string | undefined): Promise<void> {
  if (path === undefined || !/^0x[0-9a-f]{1,64}$/i.test(path)) return;
  const isThere = await lstat(path).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  const hint = `It looks like a token: did you mean model-provenance show ${path}?`;
  throw new UsageError(`There is no file ${path}.`, [hint]);
}

async function connectFor(
  { chain }: Verb,
  options: Options,
  variables: Variables,
  terminal: Terminal,
): Promise<ChainConnection> {
  if (chain === "send") {
    const { connectJsonRpcSender } = await import("./json-rpc-signer.ts");
    return connectJsonRpcSender(options, variables, terminal);
  }
  const { connectJsonRpc } = await import("./json-rpc-connection.ts");
  return connectJsonRpc(options);
}

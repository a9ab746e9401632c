import { readArguments } from "./arguments.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { reportError } from "./report-error.ts";
import { type Terminal, processTerminal } from "./terminal.ts";
import { VERBS } from "./verbs.ts";
import type { Verb } from "./verbs/verb.ts";

/** Runs the command line. @returns the exit code of the process */
export async function main(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<ExitCode> {
  const terminal = processTerminal();
  const found = findVerb(args);
  try {
    if (found === undefined) return await answerWithoutVerb(args, terminal);
    const { verb, rest } = found;
    if (rest.includes("--help") || rest.includes("-h")) {
      terminal.print((await import("./help.ts")).verbHelp(verb));
      return EXIT.done;
    }
    return await verb.run(readArguments(verb, rest, environment), terminal);
  } catch (error) {
    return reportError(error, environment);
  }
}

function findVerb(args: readonly string[]): { verb: Verb; rest: readonly string[] } | undefined {
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(" ");
    const verb = VERBS.find((candidate) => candidate.name === name);
    if (verb !== undefined) return { verb, rest: args.slice(words) };
  }
  return undefined;
}

async function answerWithoutVerb(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  if (args[0] === "--version") {
    terminal.print(await (await import("./version.ts")).readVersion());
    return EXIT.done;
  }
  const { generalHelp } = await import("./help.ts");
  if (args[0] === "--help" || args[0] === "-h" || args[0] === "help") {
    terminal.print(generalHelp());
    return EXIT.done;
  }
  if (args.length > 0) terminal.note(`There is no verb ${JSON.stringify(args[0])}.\n`);
  terminal.note(generalHelp());
  return EXIT.usage;
}

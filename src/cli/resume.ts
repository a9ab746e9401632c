import { basename } from "node:path";
import { ProvenanceError, type ProvenanceErrorCode } from "../base/errors.ts";
import { hideUrls } from "../base/url-secrets.ts";
import { OPTIONS, type OptionName, type Options, sourcesOf } from "./options.ts";
import type { Terminal } from "./terminal.ts";

// Running the same again would not change these.
const FINAL = new Set<ProvenanceErrorCode>(["ALREADY_MINTED", "CONFIRMATION_MISSING"]);
const SECRET = /KEY$|TOKEN$|JWT$|SECRET$|PASSWORD$|URL$/;

/**
 * Does work that can be resumed, and prints the command that resumes it when it fails or is interrupted.
 *
 * @param options - of the command; the variables that it read become part of what is printed
 * @param work - calls its argument as soon as there is something to resume
 */
export async function withResumeHint<T>(
  options: Options,
  terminal: Terminal,
  work: (begin: () => void) => Promise<T>,
): Promise<T> {
  let begun = false;
  const hint = () => {
    if (!begun) return;
    const sources = sourcesOf(options);
    const names = (Object.keys(sources) as OptionName[]).filter((name) => sources[name] === "variable");
    terminal.note(`to go on from here: ${resumeCommand(process.argv, process.env, names)}`);
  };
  const onInterrupt = () => {
    hint();
    process.kill(process.pid, "SIGINT"); // The handler is gone: this ends the process as it would have without.
  };
  process.once("SIGINT", onInterrupt);
  try {
    return await work(() => (begun = true));
  } catch (error) {
    if (!(error instanceof ProvenanceError && FINAL.has(error.code))) hint();
    throw error;
  } finally {
    process.off("SIGINT", onInterrupt);
  }
}

/** The command line of this process as it can be run again; keys, and what of a URL may be one, are left out. */
export function resumeCommand(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly OptionName[],
): string {
  const variables = names
    .map((name) => OPTIONS[name].environment)
    .filter((variable) => environment[variable] && !SECRET.test(variable))
    .map((variable) => `${variable}=${quote(environment[variable] as string)}`);
  const [, program = "", ...args] = argv;
  const isBin = /^(bin\.[jt]s|model-provenance(\.js)?)$/.test(basename(program));
  return [...variables, isBin ? "model-provenance" : "npx hardhat", ...args.map(hideUrls).map(quote)].join(" ");
}

function quote(text: string): string {
  return /^[\w./:=,@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

import { writeCompletion } from "../completion.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type OptionValues, required } from "../options.ts";
import type { Terminal } from "../terminal.ts";

/** Prints what a shell reads to complete verbs and options. */
export async function runCompletion(options: OptionValues<"shell">, terminal: Terminal): Promise<ExitCode> {
  terminal.print(writeCompletion(required(options, "shell")).trimEnd());
  return Promise.resolve(EXIT.done);
}

import type { ExitCode } from "../exit-codes.ts";
import type { OptionName, OptionValues } from "../options.ts";
import type { OutputFormat } from "../options/output.ts";
import type { Terminal } from "../terminal.ts";

/** A verb of the command line: what it takes, and how to load what does it. */
export interface Verb {
  /** As it is typed: one word or two. */
  readonly name: string;
  readonly summary: string;
  /** Options given by their place. */
  readonly positionals: readonly OptionName[];
  readonly options: readonly OptionName[];
  /** How the options with a place are written in the help, where it is not one after the other. */
  readonly usage?: string;
  /** The forms in which it answers; human and json when left out. */
  readonly formats?: readonly OutputFormat[];
  /** Values in the environment that are not taken are left out, for the verb reports them itself. */
  readonly lenient?: true;
  /** Arguments of example calls. */
  readonly examples: readonly string[];
  /** Loaded only when the verb is used. */
  readonly run: (options: OptionValues<OptionName>, terminal: Terminal) => Promise<ExitCode>;
}

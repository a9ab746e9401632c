import type { ChainConnection } from "./chain-connection.ts";
import type { ExitCode } from "./exit-codes.ts";
import { READING_CHAIN_OPTIONS, SENDING_CHAIN_OPTIONS } from "./option-sets.ts";
import type { OptionName, Options } from "./options.ts";
import type { OutputFormat } from "./options/output.ts";
import type { Variables } from "./settings.ts";
import type { Terminal } from "./terminal.ts";

/** What a verb is given beside its options. */
export interface VerbContext {
  readonly terminal: Terminal;
  /** Connects to the chain, as the verb declares it. */
  readonly connect: () => Promise<ChainConnection>;
  /** All variables, those of `.env` included. */
  readonly environment: Variables;
}

/** A verb of the command line: all that is known of it before it is used. */
export interface Verb {
  /** As it is typed: one word, or that of its group and another. */
  readonly name: string;
  readonly summary: string;
  /** The verb that this is another name of; it is not listed then. */
  readonly aliasOf?: string;
  /** Where programs use it and no person types it; the first help does not list it then. */
  readonly forPrograms?: true;
  /** Options that may be given by their place. */
  readonly positionals: readonly OptionName[];
  /** How the options with a place are written in the help, where it is not one after the other. */
  readonly usage?: string;
  /** What it does with a chain; the options that this needs need not be listed. Absent: it needs none. */
  readonly chain?: "read" | "send";
  /** Its other options; `format` is added where it answers in forms. */
  readonly options: readonly OptionName[];
  /** The forms in which it answers; human and json when left out. */
  readonly formats?: readonly OutputFormat[];
  /** Values in the environment that are not taken are left out, for the verb reports them itself. */
  readonly lenient?: true;
  /** Arguments of example calls. */
  readonly examples: readonly string[];
  /** Does the work, which is loaded only now. */
  readonly run: (options: Options, context: VerbContext) => Promise<ExitCode>;
}

/** Arguments of example calls: where a registry is. */
export const AT = "--contract 0x5FbDB2315678afecb367f032d93F642f64180aa3 --rpc-url http://127.0.0.1:8545";
/** Somebody's account, for example calls. */
export const ACCOUNT = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

type VerbOptions = Pick<Verb, "options" | "chain" | "formats" | "positionals">;

const BY_CHAIN = { read: READING_CHAIN_OPTIONS, send: SENDING_CHAIN_OPTIONS, none: [] } as const;

/** The forms in which a verb answers. */
export function formatsOf({ formats = ["human", "json"] }: Pick<Verb, "formats">): readonly OutputFormat[] {
  return formats;
}

/** Forms of a verb that have a flag of their own: `--json` is `--format json`. */
export function formFlagsOf(verb: Pick<Verb, "formats">): OutputFormat[] {
  return (["json", "quiet"] as const).filter((form) => formatsOf(verb).includes(form));
}

/** All options of a verb: those with a place, its own, and what its chain needs. */
export function namesOf(verb: VerbOptions): OptionName[] {
  return [...verb.positionals, ...optionsOf(verb)];
}

/** All options of a verb but those with a place. */
export function optionsOf(verb: VerbOptions): OptionName[] {
  const format = formatsOf(verb).length > 0 ? (["format"] as const) : [];
  const all = [...verb.options, ...BY_CHAIN[verb.chain ?? "none"], ...format];
  return [...new Set<OptionName>(all)].filter((name) => !verb.positionals.includes(name));
}

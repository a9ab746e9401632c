import { type ParseArgsConfig, parseArgs } from "node:util";
import { nearest } from "./nearest.ts";
import { type OptionName, type Options, declarationOf, readEnvironment, sourcesOf, withOrigin } from "./options.ts";
import type { Settings, ValueSource } from "./settings.ts";
import { UsageError } from "./usage-error.ts";
import { type Verb, formFlagsOf, formatsOf, namesOf } from "./verb.ts";

/** What of a verb says how it is typed. */
export type VerbShape = Pick<Verb, "name" | "positionals" | "options" | "chain" | "formats" | "lenient">;

type Given = string | boolean | (string | boolean)[] | undefined;

/**
 * Reads a verb's options: what the command line says wins over the environment, and that over `.env`.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` for a flag that is not known, or a value that is not taken
 */
export function readArguments(verb: VerbShape, args: readonly string[], settings: Settings): Options {
  const names = namesOf(verb);
  const byFlag = new Map(
    names.filter((name) => !declarationOf(name).secret).map((name) => [declarationOf(name).flag, name]),
  );
  const forms = formFlagsOf(verb);
  const { values, positionals } = parse(verb, byFlag, forms, args);
  const given: Record<string, unknown> = {};
  const sources: Partial<Record<OptionName, ValueSource>> = {};
  for (const [flag, value] of Object.entries(values)) {
    const name = byFlag.get(flag) ?? "format";
    if (!byFlag.has(flag) && value === false) continue; // --no-json
    given[name] = byFlag.has(flag) ? readFlag(name, value) : flag;
    sources[name] = "flag";
  }
  positionals.forEach((value, i) => {
    const name = verb.positionals[i];
    if (name === undefined) {
      const list = [...byFlag].find(([flag, of]) => flag in values && declarationOf(of).kind === "list")?.[0];
      const hint = list === undefined ? "." : `; --${list} takes its values in one, with commas.`;
      throw usage(verb, `There is no place for the argument ${JSON.stringify(value)}${hint}`);
    }
    if (name in given)
      throw usage(verb, `${declarationOf(name).environment} is given twice: by its place and by a flag.`);
    given[name] = readValue(name, value, declarationOf(name).environment);
    sources[name] = "argument";
  });
  const set = readVariables(names, settings, verb.lenient);
  const all = withOrigin({ ...set, ...given }, { ...sourcesOf(set), ...sources }, settings);
  const formats = formatsOf(verb);
  if (all.format === undefined || formats.includes(all.format)) return all;
  throw usage(verb, `The format ${all.format} is not one of those this verb knows, ${formats.join(", ")}.`);
}

/** Reads the variables of options, and notes where each is from. @param lenient - leaves out those whose values are not taken */
export function readVariables(names: readonly OptionName[], settings: Settings, lenient = false): Options {
  const { variables, sourceOf } = settings;
  const values: Options = lenient ? readLeniently(names, settings) : readEnvironment(names, variables, sourceOf);
  const sources: Partial<Record<OptionName, ValueSource>> = {};
  for (const name of Object.keys(values) as OptionName[]) sources[name] = sourceOf(declarationOf(name).environment);
  return withOrigin(values, sources, settings);
}

function readLeniently(names: readonly OptionName[], { variables }: Settings): Options {
  const values: Options = {};
  for (const name of names) {
    try {
      Object.assign(values, readEnvironment([name], variables));
    } catch {
      // The verb looks at what is wrong with it.
    }
  }
  return values;
}

function parse(
  verb: VerbShape,
  byFlag: ReadonlyMap<string, OptionName>,
  forms: readonly string[],
  args: readonly string[],
): { values: Record<string, Given>; positionals: string[] } {
  const options: NonNullable<ParseArgsConfig["options"]> = {};
  for (const form of forms) options[form] = { type: "boolean" };
  for (const [flag, name] of byFlag) {
    const { kind } = declarationOf(name);
    options[flag] = { type: kind === "switch" ? "boolean" : "string", multiple: kind === "list" };
  }
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, allowNegative: true, strict: true });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const text = (message.split(". ")[0] as string).replace(/\.$/, "");
    if (code !== "ERR_PARSE_ARGS_UNKNOWN_OPTION") throw usage(verb, `${text}.`, undefined, cause);
    const flag = /'(-[^']*)'/.exec(message)?.[1] ?? "";
    const near = nearest(flag.replace(/^-+/, ""), Object.keys(options));
    const hint = near === undefined ? undefined : `Did you mean --${near}?`;
    throw usage(verb, `${verb.name} has no option ${flag}.`, hint, cause);
  }
}

function readFlag(name: OptionName, value: Given): unknown {
  if (typeof value === "boolean") return value;
  // Given several times is the same as once, with commas between.
  return readValue(name, Array.isArray(value) ? value.join(",") : (value ?? ""), `--${declarationOf(name).flag}`);
}

function readValue(name: OptionName, value: string, as: string): unknown {
  return declarationOf(name).parse(value, as);
}

function usage({ name }: VerbShape, text: string, hint?: string, cause?: unknown): UsageError {
  return new UsageError(text, [hint, `Run model-provenance ${name} --help to see what is taken.`], { cause });
}

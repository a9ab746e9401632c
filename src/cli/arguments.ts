import { parseArgs } from "node:util";
import { ProvenanceError } from "../base/errors.ts";
import type { OptionDeclaration } from "../base/option.ts";
import type { OutputFormat } from "./options/output.ts";
import { OPTIONS, type OptionName, type OptionValues, readEnvironment } from "./options.ts";

/** The forms in which a verb answers unless it says otherwise. */
export const DEFAULT_FORMATS: readonly OutputFormat[] = ["human", "json"];

/** Forms that have a flag of their own: `--json` is `--format json`. */
const FORMS_WITH_FLAG: readonly OutputFormat[] = ["json", "quiet"];

/** The forms of a verb that have a flag of their own. */
export function formFlagsOf({ options, formats = DEFAULT_FORMATS }: Omit<ArgumentShape<OptionName>, "positionals">) {
  return options.includes("format") ? FORMS_WITH_FLAG.filter((form) => formats.includes(form)) : [];
}

/** What a verb takes from the command line. */
export interface ArgumentShape<Name extends OptionName> {
  /** Options given by their place instead of a flag, in order. */
  readonly positionals: readonly Name[];
  readonly options: readonly Name[];
  /** The forms in which the verb answers; human and json when left out. */
  readonly formats?: readonly OutputFormat[];
  /** Values in the environment that are not taken are left out. */
  readonly lenient?: true;
}

/**
 * Reads a verb's options: what the command line says wins over the environment.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` for a flag that is not known, or a value that is not taken
 */
export function readArguments<Name extends OptionName>(
  shape: ArgumentShape<Name>,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): OptionValues<Name> {
  const flags = shape.options.filter((name) => !isSecret(OPTIONS[name]));
  const byFlag = new Map(flags.map((name) => [OPTIONS[name].flag, name]));
  const forms = formFlagsOf(shape);
  const { values, positionals } = parse(byFlag, forms, args);
  const given: Record<string, unknown> = {};
  for (const [flag, value] of Object.entries(values)) {
    const form = forms.find((name) => name === flag);
    if (form !== undefined && value === true) given["format"] = form;
    const name = byFlag.get(flag);
    if (name !== undefined) given[name] = readFlag(OPTIONS[name], value);
  }
  positionals.forEach((value, i) => {
    const name = shape.positionals[i];
    if (name === undefined) throw invalid(`There is no place for the argument ${JSON.stringify(value)}.`);
    given[name] = readFlag(OPTIONS[name], value);
  });
  const names = [...shape.options, ...shape.positionals];
  const fromEnvironment = shape.lenient ? readLeniently(names, environment) : readEnvironment(names, environment);
  const all = { ...fromEnvironment, ...given };
  assertFormat((all as OptionValues<"format">).format, shape.formats);
  return all;
}

type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

function parse(byFlag: ReadonlyMap<string, OptionName>, forms: readonly string[], args: readonly string[]) {
  const flags = [...byFlag].map(([flag, name]) => {
    const { kind } = OPTIONS[name];
    return [flag, { type: kind === "switch" ? "boolean" : "string", multiple: kind === "list" }] as const;
  });
  const own = forms.map((form) => [form, { type: "boolean" as const }] as const);
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...Object.fromEntries(flags), ...Object.fromEntries(own) },
      allowPositionals: true,
      allowNegative: true,
      strict: true,
    });
    return { values: values as Values, positionals };
  } catch (cause) {
    throw invalid((cause as Error).message, cause);
  }
}

function readLeniently<Name extends OptionName>(
  names: readonly Name[],
  environment: Readonly<Record<string, string | undefined>>,
): OptionValues<Name> {
  const values: Record<string, unknown> = {};
  for (const name of names) {
    try {
      Object.assign(values, readEnvironment([name], environment));
    } catch {
      // The verb looks at what is wrong with it.
    }
  }
  return values as OptionValues<Name>;
}

function assertFormat(format: OutputFormat | undefined, formats: readonly OutputFormat[] = DEFAULT_FORMATS): void {
  if (format === undefined || formats.includes(format)) return;
  throw invalid(`The format ${format} is not one of those this verb knows, ${formats.join(", ")}`);
}

function isSecret({ secret }: OptionDeclaration<unknown>): boolean {
  return secret === true;
}

function readFlag(declaration: OptionDeclaration<unknown>, value: Values[string]): unknown {
  if (typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(String);
  return declaration.parse(value ?? "", `--${declaration.flag}`);
}

function invalid(message: string, cause?: unknown): ProvenanceError {
  const text = `${(message.split(". ")[0] as string).replace(/\.$/, "")}. Run with --help to see what is taken.`;
  return new ProvenanceError("OPTION_INVALID", text, { cause });
}

import { parseArgs } from "node:util";
import { ProvenanceError } from "../errors.ts";
import type { OptionDeclaration } from "./options/declare.ts";
import { OPTIONS, type OptionName, type OptionValues, readEnvironment } from "./options.ts";

/** What a verb takes from the command line. */
export interface ArgumentShape<Name extends OptionName> {
  /** Options given by their place instead of a flag, in order. */
  readonly positionals: readonly Name[];
  readonly options: readonly Name[];
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
  const { values, positionals } = parse(byFlag, args);
  const given: Record<string, unknown> = {};
  for (const [flag, value] of Object.entries(values)) {
    if (flag === "json") given["format"] = "json";
    const name = byFlag.get(flag);
    if (name !== undefined) given[name] = readFlag(OPTIONS[name], value);
  }
  positionals.forEach((value, i) => {
    const name = shape.positionals[i];
    if (name === undefined) throw invalid(`There is no place for the argument ${JSON.stringify(value)}.`);
    given[name] = readFlag(OPTIONS[name], value);
  });
  return { ...readEnvironment([...shape.options, ...shape.positionals], environment), ...given };
}

type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

function parse(byFlag: ReadonlyMap<string, OptionName>, args: readonly string[]) {
  const flags = [...byFlag].map(([flag, name]) => {
    const { kind } = OPTIONS[name];
    return [flag, { type: kind === "switch" ? "boolean" : "string", multiple: kind === "list" }] as const;
  });
  const json = byFlag.has("format") ? { json: { type: "boolean" as const } } : {};
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...Object.fromEntries(flags), ...json },
      allowPositionals: true,
      allowNegative: true,
      strict: true,
    });
    return { values: values as Values, positionals };
  } catch (cause) {
    throw invalid((cause as Error).message, cause);
  }
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

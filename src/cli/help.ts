import { DEFAULT_FORMATS, formFlagsOf } from "./arguments.ts";
import type { OptionDeclaration } from "../base/option.ts";
import { OPTIONS, type OptionName } from "./options.ts";
import { table } from "./terminal.ts";
import { VERBS } from "./verbs.ts";
import type { Verb } from "./verbs/verb.ts";

const COMMAND = "model-provenance";

/** The help of the whole command. */
export function generalHelp(): string {
  return [
    `Usage: ${COMMAND} <verb> [options]`,
    "",
    "Records and checks where an AI model came from.",
    "",
    table(VERBS.map(({ name, summary }) => [`  ${name}`, summary])),
    "",
    `Run ${COMMAND} <verb> --help for its options. Exit codes: 0 verified or done, 1 verification failed, 2 usage,`,
    "3 not registered, 4 could not check, 5 not acceptable, 6 refused, 130 interrupted.",
  ].join("\n");
}

/** The help of one verb: every option with its environment twin, and examples. */
export function verbHelp(verb: Verb): string {
  const places = verb.usage ?? verb.positionals.map((name) => OPTIONS[name].environment).join(" ");
  const rows = [...verb.positionals, ...verb.options].map((name) => [
    `  ${verb.positionals.includes(name) ? OPTIONS[name].environment : flagOf(name)}`,
    OPTIONS[name].environment,
    name === "format" ? (verb.formats ?? DEFAULT_FORMATS).join(", ") : OPTIONS[name].description,
  ]);
  for (const form of formFlagsOf(verb)) rows.push([`  --${form}`, "", `the same as --format ${form}`]);
  return [
    `Usage: ${COMMAND} ${verb.name} ${places} [options]`,
    "",
    `${verb.summary[0]?.toUpperCase()}${verb.summary.slice(1)}.`,
    "",
    table([["  OPTION", "ENVIRONMENT", "MEANING"], ...rows]),
    "",
    "Examples:",
    ...verb.examples.map((example) => `  ${COMMAND} ${verb.name} ${example}`),
  ].join("\n");
}

function flagOf(name: OptionName): string {
  const { flag, kind, secret }: OptionDeclaration<unknown> = OPTIONS[name];
  if (secret) return "(environment alone)";
  return kind === "switch" ? `--${flag}` : `--${flag} ${kind === "list" ? "VALUE…" : "VALUE"}`;
}

import type { OptionDeclaration } from "../base/option.ts";
import { OPTION_TABLES, type OptionName, declarationOf } from "./options.ts";
import { table } from "./terminal.ts";
import { type Verb, formFlagsOf, formatsOf, optionsOf } from "./verb.ts";
import { EVERYDAY_VERBS, GROUPS, VERBS, verbsOf } from "./verbs.ts";

const COMMAND = "model-provenance";

/** The help of the whole command: one screen. */
export function generalHelp(): string {
  const listed = VERBS.filter(({ aliasOf, forPrograms }) => aliasOf === undefined && forPrograms === undefined);
  const everyday = listed.filter(({ name }) => EVERYDAY_VERBS.includes(name));
  const single = listed.filter(({ name }) => !name.includes(" ") && !EVERYDAY_VERBS.includes(name));
  const others = [
    ...single.map(({ name, summary }) => [name, summary]),
    ...Object.entries(GROUPS).map(([name, summary]) => [`${name} …`, summary]),
  ];
  const rows = table([...everyday.map(({ name, summary }) => [name, summary]), ...others].map(shorten)).split("\n");
  return [
    `Usage: ${COMMAND} <verb> [options]`,
    "Records and checks where an AI model came from: what is recorded of its files is on a chain, for everybody, for ever.",
    "",
    ...rows.slice(0, everyday.length),
    "",
    ...rows.slice(everyday.length),
    "",
    `${COMMAND} <verb> --help tells its options; <group> --help, for those with …, the verbs of a group.`,
    "Exit codes: 0 done, 1 failed, 2 usage, 3 not registered, 4 could not check, 5 not acceptable, 6 refused, 130 stopped.",
  ].join("\n");
}

/** The help of a group: its verbs. */
export function groupHelp(group: string): string {
  return [
    `Usage: ${COMMAND} ${group} <verb> [options]`,
    "",
    `${capitalize(GROUPS[group] as string)}.`,
    "",
    table(verbsOf(group).map(({ name, summary }) => [`  ${name}`, summary])),
    "",
    `Run ${COMMAND} ${group} <verb> --help for the options of one.`,
  ].join("\n");
}

/**
 * The help of one verb: options with their environment twins under headings, those that most people need first, and
 * examples.
 *
 * @param all - shows those as well that few people need
 */
export function verbHelp(verb: Verb, all: boolean): string {
  const places = verb.usage ?? verb.positionals.map((name) => declarationOf(name).environment).join(" ");
  const names = optionsOf(verb);
  const shown = names.filter((name) => all || rankOf(name) !== "rare");
  const everyday = shown.filter((name) => rankOf(name) === "everyday");
  const sections: [heading: string, rows: string[][]][] = [
    [
      "Arguments",
      verb.positionals.map((name) => [declarationOf(name).environment, "", declarationOf(name).description]),
    ],
    ["Everyday options", [...everyday.map((name) => toRow(name, verb)), ...formFlagsOf(verb).map(toFormRow)]],
    ...OPTION_TABLES.map(({ heading, options }): [string, string[][]] => [
      heading,
      shown.filter((name) => name in options && !everyday.includes(name)).map((name) => toRow(name, verb)),
    ]),
  ];
  const filled = sections.filter(([, rows]) => rows.length > 0);
  const lines = table(filled.flatMap(([, rows]) => rows.map(([first, ...rest]) => [`  ${first}`, ...rest]))).split(
    "\n",
  );
  const also = verbsOf(verb.name).map(({ name }) => name);
  return [
    `Usage: ${COMMAND} ${[verb.name, places].filter(Boolean).join(" ")} [options]`,
    "",
    `${capitalize(verb.summary)}.`,
    ...(also.length > 0 ? [`See also: ${also.join(", ")}.`] : []),
    ...filled.flatMap(([heading, rows]) => ["", heading, ...lines.splice(0, rows.length)]),
    ...(shown.length < names.length ? ["", `${names.length - shown.length} more with --help --all.`] : []),
    "",
    "Examples:",
    ...verb.examples.map((example) => `  ${[COMMAND, verb.name, example].filter(Boolean).join(" ")}`),
  ].join("\n");
}

function rankOf(name: OptionName): OptionDeclaration<unknown>["rank"] {
  return (
    declarationOf(name).rank ??
    (OPTION_TABLES.some(({ rare, options }) => rare && name in options) ? "rare" : undefined)
  );
}

function toRow(name: OptionName, verb: Verb): string[] {
  const { flag, kind, secret, environment, description } = declarationOf(name);
  const value = kind === "switch" ? "" : kind === "list" ? " VALUE…" : " VALUE";
  const how = secret ? "(the variable alone)" : `--${flag}${value}`;
  return [how, environment, name === "format" ? formatsOf(verb).join(", ") : description];
}

function toFormRow(form: string): string[] {
  return [`--${form}`, "", `the same as --format ${form}`];
}

/** A summary up to its first stop: what fits in a line. */
function shorten([name = "", summary = ""]: readonly string[]): string[] {
  return [`  ${name}`, summary.split(/[;:]/)[0] as string];
}

function capitalize(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}`;
}

import { declarationOf } from "./options.ts";
import { type Verb, formFlagsOf, formatsOf, optionsOf } from "./verb.ts";
import { VERBS } from "./verbs.ts";

/**
 * What a shell may offer in the place of the last word; a single "-" asks it for names of files.
 *
 * @param words - what was typed behind the command's name, the last word not finished
 */
export function completeWords(words: readonly string[]): string[] {
  const current = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const verb = VERBS.findLast(({ name }) => `${before.join(" ")} `.startsWith(`${name} `) && isLongest(name, before));
  const offered = verb === undefined ? offerVerbs(before) : offerOf(verb, before, current);
  return [...new Set(offered)].filter((word) => word === "-" || word.startsWith(current));
}

function isLongest(name: string, before: readonly string[]): boolean {
  return !VERBS.some(
    (other) => other.name.startsWith(`${name} `) && `${before.join(" ")} `.startsWith(`${other.name} `),
  );
}

/** The first words of verbs, or the second ones of a group. */
function offerVerbs(before: readonly string[]): string[] {
  if (before.length === 0) return [...VERBS.map(({ name }) => name.split(" ")[0] as string), "--help", "--version"];
  return before.length === 1 ? secondWords(before[0] as string) : [];
}

function secondWords(first: string): string[] {
  return VERBS.flatMap(({ name }) => (name.startsWith(`${first} `) ? [name.slice(first.length + 1)] : []));
}

function offerOf(verb: Verb, before: readonly string[], current: string): string[] {
  const options = optionsOf(verb).filter((name) => !declarationOf(name).secret);
  const valued = options.find((name) => `--${declarationOf(name).flag}` === before.at(-1));
  if (valued !== undefined && declarationOf(valued).kind !== "switch") {
    return valued === "format" ? [...formatsOf(verb)] : [...(declarationOf(valued).choices ?? ["-"])];
  }
  if (current.startsWith("-")) {
    return [
      ...options.map((name) => `--${declarationOf(name).flag}`),
      ...formFlagsOf(verb).map((form) => `--${form}`),
      "--help",
    ];
  }
  const given = before.slice(verb.name.split(" ").length);
  const place = verb.positionals[given.filter((word) => !word.startsWith("-")).length];
  const choices = place === undefined ? undefined : declarationOf(place).choices;
  return choices === undefined ? [...(given.length === 0 ? secondWords(verb.name) : []), "-"] : [...choices];
}

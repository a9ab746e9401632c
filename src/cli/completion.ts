import { DEFAULT_FORMATS, formFlagsOf } from "./arguments.ts";
import { OPTIONS, type OptionName } from "./options.ts";
import type { OptionDeclaration } from "../base/option.ts";
import { STORE_NAMES } from "../content/stores/stores.ts";
import { RELATIONS } from "../model/relation.ts";
import { VERBS } from "./verbs.ts";
import type { Verb } from "./verbs/verb.ts";

/** The shells for which completion is written. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
/** One of {@link SHELLS}. */
export type Shell = (typeof SHELLS)[number];

const COMMAND = "model-provenance";

/** Writes the completion of a shell, from the verbs and options that there are. */
export function writeCompletion(shell: Shell): string {
  switch (shell) {
    case "bash":
      return writeBash();
    case "zsh":
      // zsh reads bash's, through a bridge of its own.
      return `autoload -U +X compinit bashcompinit && compinit -u && bashcompinit\n${writeBash()}`;
    case "fish":
      return writeFish();
  }
}

function writeBash(): string {
  const words = verbWords();
  const seconds = [...words].filter(([, list]) => list.length > 0);
  const values = valueOptions().map(([flag, choices]) => `    ${flag}) choices="${choices.join(" ")}" ;;`);
  const formats = VERBS.filter(({ options }) => options.includes("format")).map(
    (verb) => `      "${verb.name}") choices="${(verb.formats ?? DEFAULT_FORMATS).join(" ")}" ;;`,
  );
  return `_model_provenance() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" verb="\${COMP_WORDS[1]}" options="" choices="" seconds=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${[...words.keys()].join(" ")} --help --version" -- "$current"))
    return
  fi
  if [ "$COMP_CWORD" -eq 2 ]; then
    case "$verb" in
${seconds.map(([first, list]) => `      ${first}) seconds="${list.join(" ")}" ;;`).join("\n")}
    esac
  else
    case "$verb \${COMP_WORDS[2]}" in
      ${pairs().map(quote).join("|")}) verb="$verb \${COMP_WORDS[2]}" ;;
    esac
  fi
  case "$previous" in
${values.join("\n")}
    completion) choices="${SHELLS.join(" ")}" ;;
    --format) case "$verb" in
${formats.join("\n")}
    esac ;;
  esac
  if [ -n "$choices" ]; then COMPREPLY=($(compgen -W "$choices" -- "$current")); return; fi
  case "$verb" in
${VERBS.map((verb) => `    "${verb.name}") options="${flagsOf(verb).join(" ")}" ;;`).join("\n")}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$options --help" -- "$current")) ;;
    *) COMPREPLY=($(compgen -W "$seconds" -- "$current") $(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _model_provenance ${COMMAND}
`;
}

/** Verbs of two words. */
function pairs(): string[] {
  return VERBS.map(({ name }) => name).filter((name) => name.includes(" "));
}

// Tells whether the words typed so far begin with those of a verb.
const FISH_VERB = `function __model_provenance_verb
  set -l words (commandline -opc)[2..]
  set -l last (count $argv)
  test (count $words) -ge $last; and test "$words[1..$last]" = "$argv"
end`;

function writeFish(): string {
  const lines = [FISH_VERB, `complete -c ${COMMAND} -n __fish_use_subcommand -f`];
  for (const [first, seconds] of verbWords()) {
    const summary = VERBS.find(({ name }) => name === first)?.summary ?? seconds.join(", ");
    lines.push(`complete -c ${COMMAND} -n __fish_use_subcommand -f -a ${first} -d ${quote(summary)}`);
    const isSecond = `"__model_provenance_verb ${first}; and test (count (commandline -opc)) -eq 2"`;
    for (const second of seconds) {
      const summaryOf = VERBS.find(({ name }) => name === `${first} ${second}`)?.summary ?? "";
      lines.push(`complete -c ${COMMAND} -n ${isSecond} -f -a ${second} -d ${quote(summaryOf)}`);
    }
  }
  lines.push(`complete -c ${COMMAND} -n "__model_provenance_verb completion" -f -a ${quote(SHELLS.join(" "))}`);
  for (const verb of VERBS) {
    const longer = pairs().filter((name) => name.startsWith(`${verb.name} `));
    const isVerb = [verb.name, ...longer].map((name, i) => `${i === 0 ? "" : "not "}__model_provenance_verb ${name}`);
    const condition = `"${isVerb.join("; and ")}"`;
    for (const name of optionsOf(verb)) lines.push(fishOption(condition, name, verb));
    for (const form of formFlagsOf(verb)) lines.push(`complete -c ${COMMAND} -n ${condition} -l ${form}`);
  }
  return `${lines.join("\n")}\n`;
}

function fishOption(condition: string, name: OptionName, verb: Verb): string {
  const { flag, kind, description } = OPTIONS[name] as OptionDeclaration<unknown>;
  const formats = verb.formats ?? DEFAULT_FORMATS;
  const choices = name === "format" ? formats : valueOptions().find(([long]) => long === `--${flag}`)?.[1];
  const value = kind === "switch" ? "" : choices === undefined ? " -r" : ` -x -a ${quote(choices.join(" "))}`;
  return `complete -c ${COMMAND} -n ${condition} -l ${flag}${value} -d ${quote(description)}`;
}

/** First words of verbs, each with the second words that may follow. */
function verbWords(): Map<string, string[]> {
  const words = new Map<string, string[]>();
  for (const { name } of VERBS) {
    const [first, second] = name.split(" ") as [string, string?];
    words.set(first, [...(words.get(first) ?? []), ...(second === undefined ? [] : [second])]);
  }
  return words;
}

function flagsOf(verb: Verb): string[] {
  const flags = optionsOf(verb).map((name) => `--${OPTIONS[name].flag}`);
  return [...flags, ...formFlagsOf(verb).map((form) => `--${form}`)];
}

/** Secrets are taken from the environment alone. */
function optionsOf({ options }: Verb): OptionName[] {
  return options.filter((name) => !(OPTIONS[name] as OptionDeclaration<unknown>).secret);
}

/** Options that take one of a few words. */
function valueOptions(): [flag: string, choices: readonly string[]][] {
  return [
    [`--${OPTIONS.relation.flag}`, RELATIONS],
    [`--${OPTIONS.store.flag}`, STORE_NAMES],
  ];
}

/** A text in single quotes, as fish and bash read it. */
function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

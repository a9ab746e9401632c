import { FETCH } from "../../../src/cli/commands/fetch.ts";
import { HASH } from "../../../src/cli/commands/hash.ts";
import { LINEAGE } from "../../../src/cli/commands/lineage.ts";
import { SHOW } from "../../../src/cli/commands/show.ts";
import { VERIFY } from "../../../src/cli/commands/verify.ts";
import { OPTIONS, type OptionName, declarationOf } from "../../../src/cli/options.ts";
import { type Verb, optionsOf } from "../../../src/cli/verb.ts";

/** Where the functions lie that take the options of verbs. */
export const VERBS_MODULE = new URL("../../../python/src/model_provenance/_verbs.py", import.meta.url);

/** A verb as a function: how it is called where Python has another function of that name, what is given by its place, what it returns. */
interface VerbFunction {
  readonly verb: Verb;
  readonly name: string;
  readonly places: readonly string[];
  /** Whether there are answers without what is given by its place. */
  readonly isOptional?: boolean;
  readonly result: string;
}

const FUNCTIONS: readonly VerbFunction[] = [
  { verb: VERIFY, name: "verify", places: ["path"], isOptional: true, result: "Report" },
  { verb: HASH, name: "hash_", places: ["path"], result: "HashedModel" },
  { verb: SHOW, name: "show", places: ["token"], result: "ShownModel" },
  { verb: LINEAGE, name: "lineage", places: ["token"], result: "Lineage" },
  { verb: FETCH, name: "fetch", places: ["token", "path"], result: "FetchedModel" },
];
/** How an answer is printed, and what makes it another answer. */
const LEFT_OUT = new Set<OptionName>(["format", "verbose", "stepSummary", "stepOutput", "outputPath", "tensors"]);
const TYPES = { switch: "bool", list: "PathLike | Iterable[PathLike]" } as const;
/** Values that are numbers, and what Python may give in another form than the command takes. */
const OWN_TYPES: Partial<Record<OptionName, string>> = {
  chainId: "int",
  rpcTimeout: "int",
  tokenId: "PathLike | int",
  lockFile: "PathLike | Mapping[str, Any]",
};

/** The module of functions with an argument for every flag of a verb, made of the verb's own declaration. */
export function verbsModule(): string {
  const results = FUNCTIONS.map(({ result }) => result).filter((name) => name !== "Report");
  return [
    '"""Verbs as functions: an argument for each flag. Made by npm run make:schema from the declarations of the verbs."""',
    "",
    "from __future__ import annotations",
    "",
    "from collections.abc import Iterable, Mapping",
    "from typing import Any",
    "",
    "from . import _readers",
    "from ._arguments import PathLike",
    "from ._call import Call",
    `from ._documents import ${results.toSorted().join(", ")}`,
    "from ._report import Report",
    ...FUNCTIONS.flatMap((made) => ["", "", ...functionOf(made)]),
    "",
  ].join("\n");
}

function functionOf({ verb, name, places, isOptional = false, result }: VerbFunction): string[] {
  const options = optionsOf(verb).filter((option) => !LEFT_OUT.has(option) && !declarationOf(option).secret);
  const named = options.map((option) => [option, declarationOf(option).flag.replaceAll("-", "_")] as const);
  return [
    `def ${name}(`,
    ...places.map((place) => {
      return `    ${place}: PathLike${place === "token" ? " | int" : ""}${isOptional ? " | None = None" : ""},`;
    }),
    "    *,",
    ...named.map(([option, argument]) => `    ${argument}: ${typeOf(option)} | None = None,`),
    "    timeout: float | None = None,",
    `) -> Call[${result}]:`,
    `    """${capitalize(verb.summary)}.`,
    "",
    "    What is not given is read from the environment and `.env` of the working folder, as the command does.",
    "",
    "    Args:",
    ...places.map((place) => `        ${place}: ${PLACES[place]}`),
    ...named.map(([option, argument]) => `        ${argument}: ${describe(option)}`),
    "        timeout: seconds after which the work is ended",
    "",
    "    Raises:",
    "        ProvenanceError: by its subclasses what the exit code of the command says",
    '    """',
    "    options = {",
    ...named.map(([, argument]) => `        "${argument}": ${argument},`),
    "    }",
    isOptional
      ? `    return _readers.${name}([place for place in (${places.join(", ")},) if place is not None], options, timeout)`
      : `    return _readers.${name}([${places.join(", ")}], options, timeout)`,
  ];
}

const PLACES: Readonly<Record<string, string>> = {
  path: "a file or a folder",
  token: "the token: a number, 0x-hex, or the path of a model",
};

function typeOf(option: OptionName): string {
  const { kind } = declarationOf(option);
  return OWN_TYPES[option] ?? (kind === "switch" || kind === "list" ? TYPES[kind] : "PathLike");
}

/** What an option means; other options in it by the names that they have here. */
function describe(option: OptionName): string {
  const names = new Map(Object.values(OPTIONS).map(({ environment, flag }) => [environment, flag]));
  return declarationOf(option)
    .description.replaceAll("\\", "\\\\")
    .replaceAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g, (word) => {
      const flag = names.get(word);
      return flag === undefined ? word : `\`${flag.replaceAll("-", "_")}\``;
    });
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

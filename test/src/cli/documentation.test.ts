import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { expect } from "chai";
import { OTHER_VARIABLES } from "../../../scripts/support/environment-example.ts";
import { declarationOf, OPTIONS } from "../../../src/cli/options.ts";
import { formFlagsOf, namesOf } from "../../../src/cli/verb.ts";
import { GROUPS, VERBS } from "../../../src/cli/verbs.ts";

const ROOT = new URL("../../../", import.meta.url);
const VARIABLES = new Set([
  ...Object.values(OPTIONS).map(({ environment }) => environment),
  ...OTHER_VARIABLES.flatMap(([, variables]) => variables.map(([name]) => name)),
]);

/** A command as a page of the documentation shows it. */
interface ShownCommand {
  readonly page: string;
  readonly text: string;
  readonly words: readonly string[];
  /** Variables that are set for it. */
  readonly variables: readonly string[];
}

describe("the documentation", function () {
  let commands: ShownCommand[];
  let texts: readonly (readonly [page: string, text: string])[];

  before(async function () {
    const folders = [
      "",
      "docs/",
      "docs/decisions/",
      "examples/iris/",
      "examples/consumer/",
      "examples/load-verified/",
      "examples/python/",
    ];
    const pages = await Promise.all(
      folders
        .filter((folder) => existsSync(new URL(folder, ROOT)))
        .map(async (folder) =>
          (await readdir(new URL(folder, ROOT))).filter((name) => name.endsWith(".md")).map((name) => folder + name),
        ),
    );
    texts = await Promise.all(
      pages.flat().map(async (page) => [page, await readFile(new URL(page, ROOT), "utf8")] as const),
    );
    commands = texts.filter(([page]) => page !== "CHANGELOG.md").flatMap(([page, text]) => commandsOf(page, text));
    expect(commands.length).to.be.greaterThan(100);
  });

  it("shows verbs that there are, with flags that they take", function () {
    const faults: string[] = [];
    for (const { page, text, words } of commands) {
      const at = words.indexOf("model-provenance");
      if (at > 1 || at === -1 || (at === 1 && words[0] !== "npx")) continue;
      const fault = faultOf(words.slice(at + 1));
      if (fault !== undefined) faults.push(`${page}: ${text}: ${fault}`);
    }
    expect(faults).to.deep.equal([]);
  });

  it("has lines that fit a screen, and links that lead to a page and a heading of it", function () {
    const headings = new Map(texts.map(([page, text]) => [page, new Set(anchorsOf(text))]));
    const faults: string[] = [];
    for (const [page, text] of texts) {
      for (const line of text.split("\n")) if ([...line].length > 160) faults.push(`${page}: ${line.slice(0, 80)}`);
      for (const [, target = ""] of text.matchAll(/\]\((?!\w+:)([^)\s]+)\)/g)) {
        const [path = "", anchor] = target.split("#");
        const url = path === "" ? new URL(page, ROOT) : new URL(path, new URL(page, ROOT));
        const anchors = headings.get(url.href.slice(ROOT.href.length));
        const isLost = !existsSync(url) || (anchor !== undefined && anchors !== undefined && !anchors.has(anchor));
        if (isLost) faults.push(`${page}: ${target}`);
      }
    }
    expect(faults).to.deep.equal([]);
  });

  it("shows scripts that there are, and tasks of npm", async function () {
    const faults: string[] = [];
    for (const { page, text, words } of commands) {
      const script = words.find((word) => word.startsWith("scripts/"));
      const task = /^npm run (?:-s |--silent )?([\w:-]+)/.exec(words.join(" "))?.[1];
      const isMissing = script !== undefined && !existsSync(new URL(script, ROOT));
      if (isMissing || (task !== undefined && !(await hasTask(task, page)))) faults.push(`${page}: ${text}`);
    }
    expect(faults).to.deep.equal([]);
  });

  it("sets variables that there are", function () {
    const faults = commands.flatMap(({ page, text, variables, words }) => {
      const isOurs = words.includes("hardhat") || words.includes("model-provenance");
      const unknown = isOurs ? variables.filter((name) => !VARIABLES.has(name)) : [];
      return unknown.map((name) => `${page}: ${text}: ${name}`);
    });
    expect(faults).to.deep.equal([]);
  });
});

/** Tells whether npm has a task where a page's commands are typed: beside it in an example, else in the root. */
async function hasTask(task: string, page: string): Promise<boolean> {
  const own = new URL("package.json", new URL(page, ROOT));
  const path = existsSync(own) ? own : new URL("package.json", ROOT);
  return task in (JSON.parse(await readFile(path, "utf8")) as { scripts: object }).scripts;
}

/** What is wrong with the arguments of a command; undefined where nothing is. */
function faultOf(args: readonly string[]): string | undefined {
  const [first = "", second = ""] = args;
  if (["--help", "--version", "help", ""].includes(first) || first.startsWith("<")) return undefined;
  const verb = VERBS.find(({ name }) => name === `${first} ${second}`) ?? VERBS.find(({ name }) => name === first);
  if (verb === undefined) {
    const isGroup = first in GROUPS && (second === "" || second === "--help" || second.includes("|") || second === "…");
    return isGroup ? undefined : `there is no verb ${first} ${second}`;
  }
  const flags = [...namesOf(verb).map((name) => declarationOf(name).flag), ...formFlagsOf(verb), "help", "all"];
  const given = args.flatMap((word) => /^--(?:no-)?([a-z][\w-]*)/.exec(word)?.[1] ?? []);
  const unknown = given.filter((flag) => !flags.includes(flag));
  return unknown.length === 0 ? undefined : `${verb.name} has no --${unknown.join(", --")}`;
}

/** Every command in a page: lines of code, and code in a line that begins with the command or with Hardhat. */
function commandsOf(page: string, text: string): ShownCommand[] {
  const blocks = [...text.matchAll(/^ *```(?:sh|bash|console)?\n(.*?)^ *```/gms)].map(([, block = ""]) => block);
  const lines = blocks.flatMap((block) => block.replaceAll(/\\\n\s*/g, " ").split("\n"));
  const inline = [...text.replaceAll(/^ *```.*?^ *```/gms, "").matchAll(/`([^`]+)`/g)].map(([, code = ""]) =>
    code.replaceAll(/\s+/g, " "),
  );
  const isCommand = /^(?:\w+=\S+ )*(?:npx )?(?:model-provenance|hardhat) |^npm run /;
  return [...lines, ...inline.filter((code) => isCommand.test(code))].flatMap((line) =>
    line
      .replace(/(^|\s)#.*$/, "")
      .split(/&&|\|\||[|;]/)
      .map((part) => toCommand(page, part.trim().replace(/^\$ /, "")))
      .filter(({ words }) => words.length > 0),
  );
}

function toCommand(page: string, text: string): ShownCommand {
  const words = (text.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? []).map((word) => word.replaceAll(/["']/g, ""));
  const isSetting = (word: string) => /^[A-Z][A-Z0-9_]*=/.test(word);
  const first = words.findIndex((word) => !isSetting(word) && word !== "export");
  const end = first === -1 ? words.length : first;
  const variables = words.slice(0, end).flatMap((word) => (isSetting(word) ? [word.slice(0, word.indexOf("="))] : []));
  return { page, text, words: words.slice(end), variables };
}

/** The anchors that a page's headings make: small letters, blanks as hyphens, other signs left out. */
function anchorsOf(text: string): string[] {
  const headings = text.replaceAll(/^```[\s\S]*?^```/gm, "").matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

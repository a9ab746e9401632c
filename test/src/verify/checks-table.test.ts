import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { Answer } from "../../../src/verify/checks/check.ts";
import { CHECKS } from "../../../src/verify/checks/list.ts";
import { WAYS, type Way } from "../../../src/verify/ways.ts";

const ROOT = join(import.meta.dirname, "../../..");
const NAMES = Object.keys(WAYS) as Way[];

/** The table of the documentation, as the code has it: a row a check, a column a way of asking, and why not below it. */
function writeTable(): string {
  const describe = (answer: Answer) => (answer === true ? "yes" : typeof answer === "string" ? answer : answer.by);
  const answers = CHECKS.flatMap(({ ways }) => NAMES.map((way) => describe(ways[way])));
  const reasons = [...new Set(answers)].filter((answer) => answer !== "yes");
  const cell = (answer: Answer) => {
    const mark = `(${reasons.indexOf(describe(answer)) + 1})`;
    return answer === true ? "yes" : typeof answer === "string" ? `no ${mark}` : `yes ${mark}`;
  };
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const table = [
    row(["check", ...NAMES.map((way) => WAYS[way].asked)]),
    row(["---", ...NAMES.map(() => "---")]),
    row(["files", ...NAMES.map((way) => (["agent", "credential"].includes(way) ? "no" : "yes"))]),
    ...CHECKS.map(({ name, ways }) => row([name, ...NAMES.map((way) => cell(ways[way]))])),
  ];
  const list = reasons.map((reason, i) => `${i + 1}. ${reason}`);
  const files = NAMES.map((way) => `- ${WAYS[way].asked}: ${WAYS[way].compares}`);
  return ["What is compared:", "", ...files, "", ...table, "", ...list].join("\n");
}

/** Tables are compared by their cells, for the formatter fills them with blanks. */
function squeeze(text: string): string {
  return text.replaceAll(/-{3,}/g, "---").replaceAll(/ +/g, " ").trim();
}

describe("the table of checks in docs/verify.md", function () {
  it("is that of the code", async function () {
    const text = await readFile(join(ROOT, "docs/verify.md"), "utf8");
    const [, table = ""] = /<!-- checks -->\n([\s\S]*?)<!-- end of checks -->/.exec(text) ?? [];
    expect(squeeze(table), writeTable()).to.equal(squeeze(writeTable()));
  });

  it("has every file of src/verify/checks", async function () {
    const { readdir } = await import("node:fs/promises");
    const files = (await readdir(join(ROOT, "src/verify/checks"))).map((name) => name.replace(/\.ts$/, ""));
    const own = files.filter((name) => !["check", "list"].includes(name));
    expect(CHECKS.map(({ name }) => name).sort()).to.deep.equal(own.sort());
  });
});

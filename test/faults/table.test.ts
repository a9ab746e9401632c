import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";

const ROOT = join(import.meta.dirname, "../..");

/** What was promised, by words of its row, and the suite that shows it. */
const PROMISED: readonly (readonly [RegExp, string])[] = [
  [/kill -9.*any step/, "kill"],
  [/kill -9.*list/, "batch-kill"],
  [/other bytes, a shortened block/, "gateways"],
  [/no answer, none after the headers/, "gateways"],
  [/1 GB of zeros/, "gateways"],
  [/gzip bomb/, "gateways"],
  [/node does not answer/, "node"],
  [/answers with an error/, "one-transaction"],
  [/takes no transaction for now/, "one-transaction"],
  [/receipt without a block/, "one-transaction"],
  [/node is of another chain/, "node"],
  [/transaction is dropped/, "node"],
  [/block leaves the chain/, "node"],
  [/disk is full, from any step/, "disk"],
  [/block of the local store is damaged/, "disk"],
  [/publishers of one model at once/, "together"],
  [/publishers of one list at once/, "batch"],
  [/models of a list are bad/, "batch"],
  [/a list that is wrong/, "batch"],
  [/store on this machine only, for a public chain/, "together"],
];

describe("the lists of docs/reliability.md", function () {
  async function readRows(): Promise<{ fault: string; tests: string[] }[]> {
    const text = await readFile(join(ROOT, "docs/reliability.md"), "utf8");
    // A fault is an item of a list, and what is said of it stands indented below.
    const items = text
      .split(/^- /m)
      .slice(1)
      .filter((item) => /^ {2}- test:/m.test(item));
    return items.map((item) => {
      const [fault = "", ...told] = item.split(/^ {2}- /m);
      const tests = [...(told.at(-1) ?? "").matchAll(/`([^`]+\.test\.ts)`/g)].map(([, path]) => path as string);
      return { fault: fault.replaceAll(/\s+/g, " "), tests };
    });
  }

  it("name a test for every fault, and the test exists", async function () {
    const rows = await readRows();
    expect(rows.length).to.be.at.least(40);
    for (const { fault, tests } of rows) {
      expect(tests, fault).to.not.have.length(0);
      for (const path of tests) await readFile(join(ROOT, path));
    }
  });

  it("have every fault that was promised, with a suite of processes that shows it", async function () {
    const rows = await readRows();
    for (const [words, suite] of PROMISED) {
      const row = rows.find(({ fault }) => words.test(fault));
      expect(row, String(words)).to.not.equal(undefined);
      expect(row?.tests, String(words)).to.include(`test/faults/${suite}.test.ts`);
    }
  });

  it("name every suite of faults", async function () {
    const named = new Set((await readRows()).flatMap(({ tests }) => tests));
    const suites = (await readdir(import.meta.dirname)).filter((name) => name.endsWith(".test.ts"));
    for (const suite of suites.filter((name) => name !== "table.test.ts")) {
      expect([...named]).to.include(`test/faults/${suite}`);
    }
  });
});

import { expect } from "chai";
import { generalHelp, groupHelp, verbHelp } from "../../../src/cli/help.ts";
import { declarationOf } from "../../../src/cli/options.ts";
import { optionsOf } from "../../../src/cli/verb.ts";
import { EVERYDAY_VERBS, GROUPS, VERBS, verbsOf } from "../../../src/cli/verbs.ts";

describe("help", function () {
  it("fits one screen, and leads to every verb that is no other name of one", function () {
    const lines = generalHelp().split("\n");
    expect(lines.length).to.be.within(24, 34);
    for (const line of lines) expect(line.length, line).to.be.at.most(120);
    const first = lines.map((line) => /^ {2}(\S+)/.exec(line)?.[1]);
    expect(first.filter((word) => word !== undefined).slice(0, 7)).to.deep.equal([...EVERYDAY_VERBS]);
    for (const { name, aliasOf, forPrograms } of VERBS) {
      if (forPrograms) continue;
      expect(first.filter((word) => word === name.split(" ")[0]).length, name).to.equal(aliasOf === undefined ? 1 : 0);
    }
  });

  it("has a group for the first word of every verb of two, and lists its verbs", function () {
    for (const { name } of VERBS.filter((verb) => verb.name.includes(" "))) {
      const group = name.split(" ")[0] as string;
      const isVerb = VERBS.some((verb) => verb.name === group);
      expect(isVerb || group in GROUPS, name).to.equal(true);
      expect(
        isVerb ? verbHelp(VERBS.find((verb) => verb.name === group) as never, false) : groupHelp(group),
      ).to.include(name);
    }
    for (const group of Object.keys(GROUPS)) expect(verbsOf(group).length, group).to.be.greaterThan(0);
    expect(groupHelp("status")).to.not.include("gate serve");
  });

  it("shows each option of a verb once under a heading, rare ones where all are asked for", function () {
    for (const verb of VERBS) {
      const all = verbHelp(verb, true).split("\n");
      const some = verbHelp(verb, false).split("\n");
      const options = optionsOf(verb);
      for (const name of options) {
        const { environment } = declarationOf(name);
        const rows = all.filter((line) => line.startsWith("  ") && line.split(/ {2,}/)[2] === environment);
        expect(rows.length, `${verb.name} ${environment}`).to.equal(1);
      }
      const hidden = Number(/^(\d+) more with --help --all\.$/m.exec(some.join("\n"))?.[1] ?? 0);
      const shown = (lines: readonly string[]) => lines.filter((line) => /^ {2}(--|\(the)/.test(line)).length;
      expect(shown(all) - shown(some), verb.name).to.equal(hidden);
    }
    const publish = verbHelp(VERBS.find(({ name }) => name === "publish") as never, false);
    expect(publish).to.include("--store").and.not.to.include("S3_BUCKET");
    expect(publish.indexOf("--license")).to.be.lessThan(publish.indexOf("--confirmations"));
  });
});

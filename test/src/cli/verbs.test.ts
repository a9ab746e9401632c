import { expect } from "chai";
import { readArguments } from "../../../src/cli/arguments.ts";
import { onlyEnvironment } from "../../../src/cli/settings.ts";
import { optionsOf } from "../../../src/cli/verb.ts";
import { VERBS } from "../../../src/cli/verbs.ts";

/** Cuts a line as a shell does, as far as examples need that; an abbreviated digest becomes a whole one. */
function cut(example: string): string[] {
  const words = example.replace(/ > .*$/, "").match(/"[^"]*"|\S+/g) ?? [];
  return words.map((word) => word.replaceAll('"', "").replace(/^0x([0-9a-f]{4})…$/, `0x$1${"0".repeat(60)}`));
}

describe("VERBS", function () {
  it("names each verb once, with a summary that is no sentence", function () {
    expect(new Set(VERBS.map(({ name }) => name)).size).to.equal(VERBS.length);
    for (const { name, summary } of VERBS) expect(summary, name).to.match(/^[a-z].*[^.]$/);
  });

  it("lists each option of a verb once", function () {
    for (const verb of VERBS) {
      const all = [...verb.positionals, ...verb.options];
      expect(new Set(all).size, verb.name).to.equal(all.length);
      expect(optionsOf(verb), verb.name).to.include.members([...verb.options]);
    }
  });

  for (const verb of VERBS) {
    it(`takes its own examples: ${verb.name}`, function () {
      expect(verb.examples.length).to.be.greaterThan(0);
      for (const example of verb.examples) {
        expect(() => readArguments(verb, cut(example), onlyEnvironment({})), example).not.to.throw();
      }
    });
  }
});

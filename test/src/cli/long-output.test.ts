import { expect } from "chai";
import * as fc from "fast-check";
import { printJson, printTable } from "../../../src/cli/long-output.ts";
import { table } from "../../../src/cli/terminal.ts";
import { recordingTerminal } from "../../helpers/recording-terminal.ts";

const LONG = [0, 1, 999, 1000, 1001, 2000, 2500];

function rowsOf(count: number): string[][] {
  return Array.from({ length: count }, (_, i) => [`name ${i ** 3}`, String(i), ...(i % 7 === 0 ? ["more"] : [])]);
}

describe("printJson", function () {
  for (const count of LONG) {
    it(`prints a list of ${count} as JSON.stringify does`, function () {
      const { terminal, printed } = recordingTerminal();
      const list = Array.from({ length: count }, (_, i) => ({ name: `a "b"\n\u2028${i}`, nested: { list: [i] } }));
      const document = { schemaVersion: "1.0", missing: undefined, list, empty: [], last: { list: list.slice(0, 2) } };
      printJson(terminal, document);
      expect(printed.join("\n")).to.equal(JSON.stringify(document, null, 2));
    });
  }

  it("prints whatever JSON there is", function () {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.boolean(), (document, last) => {
        const { terminal, printed } = recordingTerminal();
        const long = { long: Array.from({ length: 1200 }, () => document) };
        const whole = last ? { ...document, ...long } : { ...long, ...document };
        printJson(terminal, whole);
        expect(printed.join("\n")).to.equal(JSON.stringify(whole, null, 2));
      }),
      { numRuns: 20 },
    );
  });
});

describe("printTable", function () {
  for (const count of LONG) {
    it(`lays out ${count} rows as one table`, function () {
      const { terminal, printed } = recordingTerminal();
      const rows = rowsOf(count);
      printTable(terminal, ["FILE", "SIZE"], count, (i) => rows[i] as string[]);
      expect(printed.join("\n")).to.equal(table([["FILE", "SIZE"], ...rows]));
    });
  }
});

import { expect } from "chai";
import * as fc from "fast-check";
import { readCsvLines, toCsvLine } from "../../../src/hub/csv.ts";

/** Reads one line as RFC 4180 says, written without looking at how it is made. */
function parse(line: string): string[] {
  const fields: string[] = [];
  let rest = line;
  for (;;) {
    const quoted = /^"((?:[^"]|"")*)"(,|\r\n)/.exec(rest);
    const plain = /^([^",\r\n]*)(,|\r\n)/.exec(rest);
    const match = quoted ?? plain;
    if (match === null) throw new Error(`not RFC 4180: ${JSON.stringify(rest)}`);
    fields.push((match[1] as string).replaceAll('""', '"'));
    rest = rest.slice(match[0].length);
    if (match[2] === "\r\n") break;
  }
  expect(rest).to.equal("");
  return fields;
}

describe("toCsvLine", function () {
  it("quotes what needs it, and takes the teeth out of formulas", function () {
    expect(toCsvLine(["a", 'say "x"', "a,b", "l\r\n2", ""])).to.equal('a,"say ""x""","a,b","l\r\n2",\r\n');
    for (const formula of ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t1", "\r1", "\n1", "＝1"]) {
      expect(parse(toCsvLine([formula]))).to.deep.equal([`'${formula}`]);
    }
    expect(parse(toCsvLine(["\t=1"]))).to.deep.equal(["'\t'=1"]);
    expect(toCsvLine(["x;=HYPERLINK(1)", "a\t+1", "a; b", "x-1"])).to.equal("x;'=HYPERLINK(1),a\t'+1,a; b,x-1\r\n");
    expect(parse(toCsvLine(["a\r\n@x\n-1", 'x;"=1']))).to.deep.equal(["a\r\n'@x\n'-1", "x;\"'=1"]);
    const json = JSON.stringify({ ";=1": ['\t;"=1', ";\\", "-1", ";"], n: -1 });
    expect(JSON.parse(parse(toCsvLine([json]))[0]!)).to.deep.equal({ ";'=1": ["\t;\"'=1", ";\\", "-1", ";"], n: -1 });
    expect(parse(toCsvLine(["-1", "-0.5", "30000", "{}", "'x"]))).to.deep.equal(["-1", "-0.5", "30000", "{}", "'x"]);
  });

  it("is read back field by field, and no field begins a formula", function () {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 8 }), (cells) => {
        const fields = parse(toCsvLine(cells));
        const bare = (texts: string[]) => texts.map((text) => text.replaceAll("'", ""));
        expect(bare(fields)).to.deep.equal(bare(cells));
        for (const field of fields) {
          expect(field).to.not.match(/^(?!-\d+(\.\d+)?$)[=+\-@\t\r\n]/);
          expect(field).to.not.match(/[;\t\r\n][=+\-@]/);
        }
      }),
    );
  });

  it("is read again as it was written, in pieces of any size, and written again the same", async function () {
    const cell = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[=;,"' \t\r\n@a-]{0,8}$/));
    const lines = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(lines, fc.integer({ min: 1, max: 9 }), async (rows, size) => {
        const written = rows.map(toCsvLine);
        const read = await readAll(written.join(""), size);
        expect(read).to.deep.equal(written.map(parse));
        expect(read.map(toCsvLine)).to.deep.equal(written);
      }),
    );
  });

  it("is read with the lines of other programs, and what is broken is refused", async function () {
    expect(await readAll('a,b\n\n"c""d",\re,"f\ng"')).to.deep.equal([
      ["a", "b"],
      ['c"d', ""],
      ["e", "f\ng"],
    ]);
    for (const broken of ['a,"b', 'a,"b"c']) {
      let fault: unknown;
      await readAll(broken).catch((error: unknown) => (fault = error));
      expect(String(fault), broken).to.include("quoted cell");
    }
  });
});

async function readAll(text: string, size = text.length || 1): Promise<string[][]> {
  async function* pieces() {
    for (let at = 0; at < text.length; at += size) yield Promise.resolve(text.slice(at, at + size));
  }
  const lines: string[][] = [];
  for await (const line of readCsvLines(pieces())) lines.push(line);
  return lines;
}

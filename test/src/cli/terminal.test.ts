import { expect } from "chai";
import { createProgress } from "../../../src/cli/progress.ts";
import * as fc from "fast-check";
import { type Terminal, confirm, printable, table } from "../../../src/cli/terminal.ts";
import { formatBytes } from "../../../src/cli/format-bytes.ts";
import { errorCode } from "../../helpers/error-code.ts";

describe("terminal", function () {
  describe("printable", function () {
    const cases: [string, string, string][] = [
      ["a plain text", "model é \u{1f600}", "model é \u{1f600}"],
      ["an escape sequence", "\u001b[31mred", "\\u{1b}[31mred"],
      ["a carriage return that would overwrite the line", "bad\rok", "bad\\u{d}ok"],
      ["a line break", "a\nb", "a b"],
      ["a C1 control", "\u009b1m", "\\u{9b}1m"],
      ["a NUL and a delete", "\0\u007f", "\\u{0}\\u{7f}"],
      ["a direction override", "a\u202etxt.exe", "a\\u{202e}txt.exe"],
      ["an isolate", "\u2066x\u2069", "\\u{2066}x\\u{2069}"],
      ["direction marks", "\u200e\u200f\u061c", "\\u{200e}\\u{200f}\\u{61c}"],
      ["line and paragraph separators", "\u2028\u2029", "\\u{2028}\\u{2029}"],
      ["a lone surrogate", "a\ud800", "a\ufffd"],
    ];
    for (const [what, text, expected] of cases) {
      it(`makes ${what} safe`, function () {
        expect(printable(text)).to.equal(expected);
      });
    }

    it("leaves nothing that moves the cursor or turns the text, whatever it was", function () {
      fc.assert(
        fc.property(
          fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
          (text) => {
            expect(printable(text)).to.not.match(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
            expect(printable(text).isWellFormed()).to.equal(true);
            expect(printable(printable(text))).to.equal(printable(text));
          },
        ),
      );
    });
  });

  describe("table", function () {
    it("is as wide as the widest cell of each column, without blanks at the ends of lines", function () {
      expect(table([["a", "bbb", "c"], ["aaaa", "b", ""], ["x"]])).to.equal("a     bbb  c\naaaa  b\nx");
      expect(table([])).to.equal("");
    });
  });

  describe("formatBytes", function () {
    const cases: [number, string][] = [
      [0, "0 B"],
      [999, "999 B"],
      [1000, "1.0 kB"],
      [406688, "406.7 kB"],
      [1e9, "1.0 GB"],
      [5e15, "5000.0 TB"],
    ];
    for (const [bytes, expected] of cases) {
      it(`writes ${bytes} as ${expected}`, function () {
        expect(formatBytes(bytes)).to.equal(expected);
      });
    }
  });

  describe("confirm", function () {
    const terminal = (interactive: boolean, answer: boolean): Terminal => ({
      print: () => undefined,
      note: () => undefined,
      warn: () => undefined,
      ask: () => Promise.resolve(answer),
      progress: () => createProgress({ write: () => undefined }, () => 0),
      interactive,
    });

    it("goes on after yes alone", async function () {
      expect(await errorCode(() => confirm(terminal(true, true), "?"))).to.equal("no error");
      expect(await errorCode(() => confirm(terminal(true, false), "?"))).to.equal("CONFIRMATION_MISSING");
    });

    it("stops where nobody can answer", async function () {
      expect(await errorCode(() => confirm(terminal(false, true), "?"))).to.equal("CONFIRMATION_MISSING");
    });
  });
});

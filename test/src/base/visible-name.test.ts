import { expect } from "chai";
import fc from "fast-check";
import { visibleName } from "../../../src/base/visible-name.ts";

describe("visibleName", function () {
  const same = [
    "Example Lab",
    "example.org/labs/vision",
    "Яндекс Research",
    "株式会社プリファードネットワークス",
    "네이버 클라우드",
    "Lab-東京",
    "École d'été",
    "नमस्ते",
    "مختبر",
    "lab_7 (v2)",
  ];
  for (const name of same) {
    it(`shows ${name} as it is`, function () {
      expect(visibleName(name)).to.equal(name);
    });
  }

  const changed = [
    ["ex\u0430mple.org", "ex\\u{430}mple.org"],
    ["\u0410pple", "\u0410\\u{70}\\u{70}\\u{6c}\\u{65}"],
    ["gro.elpmaxe\u202E", "gro.elpmaxe\\u{202e}"],
    ["exam\u200Bple", "exam\\u{200b}ple"],
    ["a\u00ADb", "a\\u{ad}b"],
    ["line\nline", "line\\u{a}line"],
    ["\u001B[31mred", "\\u{1b}[31mred"],
    ["a\u00A0b", "a\\u{a0}b"],
    ["\u0301a", "\\u{301}a"],
    ["a\u0301\u0302\u0303\u0304", "a\u0301\u0302\\u{303}\\u{304}"],
    ["\uD800x", "\uFFFDx"],
    ["\u{E0041}x", "\\u{e0041}x"],
    ["paypa\u04CF", "paypa\\u{4cf}"],
  ] as const;
  for (const [name, shown] of changed) {
    it(`makes what deceives visible: ${JSON.stringify(shown)}`, function () {
      expect(visibleName(name)).to.equal(shown);
    });
  }

  it("leaves nothing that moves or hides, of any text, and changes what it returned no more", function () {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "grapheme" }),
      fc
        .array(fc.constantFrom("a", "\u0430", "\u202E", "\u200D", "\u0301", " ", "東"), { maxLength: 30 })
        .map((list) => list.join("")),
    );
    fc.assert(
      fc.property(text, (name) => {
        const shown = visibleName(name);
        expect(shown).to.not.match(/[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u);
        expect(visibleName(shown).length).to.be.at.least(shown.length > 200 ? 1 : shown.length);
      }),
      { numRuns: 300 },
    );
  });

  it("never shows a word of Latin and Cyrillic letters together", function () {
    const word = fc.array(fc.constantFrom(..."abcxyzабвгд"), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(word, (letters) => {
        const shown = visibleName(letters.join("")).replaceAll(/\\u\{[0-9a-f]+\}/g, "");
        expect(/[a-z]/.test(shown) && /[а-я]/.test(shown)).to.equal(false);
      }),
    );
  });
});

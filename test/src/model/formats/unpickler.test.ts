import { expect } from "chai";
import fc from "fast-check";
import { bytesSource } from "../../../../src/model/formats/byte-source.ts";
import { unpicklesToCall } from "../../../../src/model/formats/unpickler.ts";

const follow = (text: string, isCut?: boolean) => unpicklesToCall(bytesSource(Buffer.from(text, "latin1")), isCut);

const CALL = "cposix\ngetcwd\n(tR";

/** Values as the old and the new protocols write them, each leaving one item on the stack. */
const value: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("N", "\x88", "\x89", ")", "]", "}", "\x8f", "(t", "(l", "(d", "N\x85", "NN\x86", "NNN\x87"),
  fc.integer().map((n) => `I${n}\n`),
  fc.integer().map((n) => `L${n}L\n`),
  fc.integer({ min: 0, max: 255 }).map((n) => `K${String.fromCharCode(n)}`),
  fc.float({ noNaN: true }).map((n) => `F${Number.isFinite(n) ? n : "inf"}\n`),
  fc.string({ unit: fc.constantFrom(..."abc x0.") }).map((text) => `S'${text}'\n`),
  fc.string({ unit: fc.constantFrom(..."abc x0.") }).map((text) => `V${text}\n`),
  fc.string({ unit: fc.constantFrom(..."ab\n\0"), maxLength: 200 }).map((t) => `U${String.fromCharCode(t.length)}${t}`),
  fc
    .string({ unit: fc.constantFrom(..."ab\n\0"), maxLength: 200 })
    .map((t) => `\x8c${String.fromCharCode(t.length)}${t}`),
  fc.string({ unit: fc.constantFrom(..."ab\n\0"), maxLength: 200 }).map((t) => `C${String.fromCharCode(t.length)}${t}`),
);
const padding = fc.array(
  fc.oneof(
    value.map((text) => `${text}0`),
    value.map((text) => `${text}q\x01` + "0"),
    value.map((text) => `(${text}${text}1`),
    value.map((text) => `]${text}a0`),
    value.map((text) => `${text}.`),
  ),
  { maxLength: 30 },
);

describe("unpicklesToCall", function () {
  for (const [what, text] of [
    ["GLOBAL", `${CALL}.`],
    ["INST", "(iposix\ngetcwd\n."],
    ["STACK_GLOBAL", "\x8c\x05posix\x8c\x06getcwd\x93)R."],
    ["STACK_GLOBAL of texts in the memo", "\x8c\x05posix\x94\x8c\x06getcwd\x940" + "0h\x00h\x01\x93."],
    ["a class that is only named", "cos\nsystem\n."],
    ["a protocol that is said late", `N0\x80\x02${CALL}.`],
    ["a frame", `\x95\x10\0\0\0\0\0\0\0${CALL}.`],
    ["another pickle", `N.${CALL}.`],
  ] as const) {
    it(`finds ${what}`, async function () {
      expect(await follow(text)).to.equal(true);
    });
  }

  it("finds a call behind whatever is pushed and popped before", async function () {
    await fc.assert(
      fc.asyncProperty(padding, async (before) => {
        expect(await follow(`${before.join("")}${CALL}.`)).to.equal(true);
        expect(await follow(before.join(""))).to.equal(false);
      }),
    );
  });

  it("finds a call behind a value of many megabytes, which is not read", async function () {
    const head = Buffer.from("B\0\0\0\x04", "latin1");
    const tail = Buffer.from(`0${CALL}.`);
    const source = {
      ...bytesSource(head),
      size: 5 + 0x4000000 + tail.length,
      read: (into: Uint8Array, position: number) => {
        expect(into.length).to.be.lessThan(1024 * 1024);
        into.fill(0);
        if (position === 0) head.copy(into);
        if (position >= 5 + 0x4000000) tail.copy(into, 0, position - 5 - 0x4000000);
        return Promise.resolve();
      },
    };
    expect(await unpicklesToCall(source)).to.equal(true);
  });

  for (const [what, text] of [
    ["a sentence", "N0 licence applies to the samples.\n"],
    ["numbers", "I1\n0.5\n0.25\n"],
    ["a bracket", "(see the card for the list)\n"],
    ["a vocabulary", "cat\ndog\nclass\n"],
    ["a vocabulary of two words", "cat\ndog"],
    ["a copyright", "copyright\nAll rights reserved.\n"],
    ["an item taken that is not there", "00" + CALL],
    ["a mark that is not there", "t" + CALL],
    ["an item of the memo that is not there", "h\x00" + CALL],
    ["a text that is no UTF-8", "\x8c\x02\xff\xfe0" + CALL],
    ["a pickle of plain values", "(lp0\nI1\na."],
    ["zeros", "\0".repeat(64)],
    ["nothing", ""],
  ] as const) {
    it(`does not take ${what} for one`, async function () {
      expect(await follow(text)).to.equal(false);
    });
  }

  it("counts what is cut off in the middle of a pickle where that is said", async function () {
    expect(await follow("U\x7fabc", true)).to.equal(false);
    expect(await follow("NNU\x7fabc", true)).to.equal(true);
    expect(await follow("NNU\x7fabc")).to.equal(false);
  });
});

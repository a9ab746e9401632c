import { expect } from "chai";
import * as fc from "fast-check";
import { type ModelCardContent, drawModelCard } from "../../../src/metadata/model-card-image.ts";
import { measureText } from "../../../src/metadata/text-width.ts";
import { parseSimpleXml } from "../../helpers/xml.ts";

const modelDigest = `0x${"0123456789abcdef".repeat(4)}` as const;
const card: ModelCardContent = {
  name: "iris-perceptron",
  modelDigest,
  task: "tabular-classification",
  license: "Apache-2.0",
  version: "1.0.0",
  metrics: [{ name: "accuracy", value: 0.97777777 }],
};

describe("drawModelCard", function () {
  it("shows name, task, licence, version, metrics and the short digest", function () {
    const texts = parseSimpleXml(drawModelCard(card));
    expect(texts).to.include.members(["iris-perceptron", "tabular-classification", "Apache-2.0", "1.0.0"]);
    expect(texts).to.include.members(["accuracy", "0.9778", "0x01234567…89abcdef"]);
  });

  it("shows publisher, parameters and base model", function () {
    const publisher = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";
    const texts = parseSimpleXml(
      drawModelCard({ ...card, publisher, parameters: 6_738_415_616, baseModel: "meta-llama/Llama-2-7b" }),
    );
    expect(texts).to.include.members([`by ${publisher}`, "6.74 B", "meta-llama/Llama-2-7b"]);
    for (const [parameters, shown] of [
      [0, "0"],
      [999, "999"],
      [1_000, "1 K"],
      [33_361_920, "33.4 M"],
      [5e15, "5000 T"],
    ] as const) {
      expect(parseSimpleXml(drawModelCard({ ...card, parameters }))).to.include(shown);
    }
  });

  it("keeps every text within the frame and its column, whatever its letters are", function () {
    const letters = fc.constantFrom("W", "M", "i", "a", "東", "글", "🚀", "Ж", "e\u0301", " ");
    const words = fc.string({ unit: letters, minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(words, words, words, (name, task, label) => {
        const svg = drawModelCard({ name, modelDigest, task, metrics: [{ name: label, value: task }] });
        for (const [, size, bold, text] of svg.matchAll(/font-size="(\d+)"( font-weight="bold")?[^>]*>([^<]*)</g)) {
          const room = bold === undefined ? 258 : 520;
          expect(measureText(text as string, Number(size), bold !== undefined)).to.be.at.most(room);
        }
      }),
    );
    expect(parseSimpleXml(drawModelCard({ ...card, name: "W".repeat(26) })).join()).to.include("WWWWWWWWWWWWWWWWWWWW…");
    expect(parseSimpleXml(drawModelCard({ ...card, name: "Qwen2.5-Coder-32B-Instruct" }))).to.include(
      "Qwen2.5-Coder-32B-Instruct",
    );
  });

  it("puts the pattern into the middle where there is nothing to say beside it", function () {
    expect(drawModelCard({ name: "bare", modelDigest })).to.include('text-anchor="middle"');
    expect(drawModelCard(card)).to.not.include('text-anchor="middle"');
  });

  it("keeps red and amber for recalls", function () {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (digest) => {
        const svg = drawModelCard({ ...card, modelDigest: `0x${digest.toString(16).padStart(64, "0")}` });
        for (const [, hue] of svg.matchAll(/hsl\((\d+),/g)) expect(Number(hue)).to.be.within(80, 300);
      }),
    );
  });

  it("draws equal bytes of equal content, and another picture of another digest", function () {
    expect(drawModelCard({ ...card })).to.equal(drawModelCard(card));
    expect(drawModelCard({ ...card, modelDigest: `0x${"ab".repeat(32)}` })).to.not.equal(drawModelCard(card));
  });

  it("shows a hostile name as the text it is", function () {
    const name = `</text><script>"&'`;
    const svg = drawModelCard({ name, modelDigest });
    expect(parseSimpleXml(svg)).to.include(name);
    expect(svg).to.not.include("<script");
  });

  it("is well-formed XML whatever the texts", function () {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({
        unit: fc.constantFrom(
          "<",
          ">",
          "&",
          '"',
          "'",
          "]]>",
          "&amp;",
          "\0",
          "\u001b",
          "\ud800",
          "\uffff",
          "\u{1f600}",
          "\u202e",
        ),
      }),
    );
    const metrics = fc.array(fc.record({ name: text, value: fc.oneof(text, fc.double()) }), { maxLength: 5 });
    const content = fc.record({ name: text, task: text, license: text, version: text, metrics });
    fc.assert(
      fc.property(content, (texts) => {
        parseSimpleXml(drawModelCard({ ...texts, modelDigest }));
      }),
    );
  });

  it("stays small however long the texts are", function () {
    const long = "\u{1f600}".repeat(5000);
    const metrics = Array.from({ length: 50 }, () => ({ name: long, value: long }));
    expect(
      drawModelCard({ name: long, modelDigest, task: long, license: long, version: long, metrics }).length,
    ).to.be.below(12_000);
  });
});

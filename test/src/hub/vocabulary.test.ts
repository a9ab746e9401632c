import { expect } from "chai";
import * as fc from "fast-check";
import { VocabularyCounter, countPieces, countVocabularyLines } from "../../../src/hub/vocabulary.ts";

function count(text: string, cut = text.length): number | undefined {
  const bytes = Buffer.from(text);
  const counter = new VocabularyCounter();
  for (let start = 0; start < bytes.length; start += cut) counter.push(bytes.subarray(start, start + cut));
  return counter.count;
}

describe("VocabularyCounter", function () {
  const cases: [string, number | undefined][] = [
    ['{"model":{"vocab":{"a":0,"b":1}}}', 2],
    ['{"model":{"vocab":[["a",-1.5],["b",-2],["{",0]]}}', 3],
    ['{"model":{"vocab":{}}}', 0],
    ['{"model":{"vocab":[]}}', 0],
    ['{"model":{"vocab":[[]]}}', 1],
    ['{"model":{"vocab":{"\\"}":0,"\\\\":1,"model":2,",:":3}}}', 4],
    ['{"added_tokens":[{"vocab":{"a":1}}],"model":{"type":"BPE","vocab":{"a":0},"merges":["a b"]}}', 1],
    ['{"other":{"vocab":{"a":0}},"model":{"merges":{"vocab":[1,2]}}}', undefined],
    ['{"vocab":{"a":0}}', undefined],
    ['{"model":{"vocab":"text","more":{"a":1}}}', undefined],
    ['{"model":[{"vocab":{"a":0}}]}', undefined],
    ['{"model":{"vocab":{"a":0}', undefined],
    ["", undefined],
    ["[]", undefined],
  ];
  for (const [text, expected] of cases) {
    it(`finds ${expected} in ${text}`, function () {
      expect(count(text)).to.equal(expected);
      expect(count(text, 1)).to.equal(expected);
    });
  }

  it("counts what JSON.parse finds, wherever the bytes are cut", function () {
    const entries = fc.oneof(
      fc.dictionary(fc.string({ unit: "binary" }), fc.integer(), { maxKeys: 20 }),
      fc.array(fc.tuple(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true })), { maxLength: 20 }),
    );
    fc.assert(
      fc.property(
        entries,
        fc.jsonValue(),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        (vocab, other, cut, pretty) => {
          const document = { added_tokens: other, model: { type: "BPE", vocab, merges: other }, decoder: other };
          const text = JSON.stringify(document, null, pretty ? 2 : 0);
          const parsed = (JSON.parse(text) as { model: { vocab: object } }).model.vocab;
          return count(text, cut) === (Array.isArray(parsed) ? parsed.length : Object.keys(parsed).length);
        },
      ),
    );
  });

  it("takes any bytes without failing", function () {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const counter = new VocabularyCounter();
        counter.push(bytes);
        return counter.count === undefined || counter.count >= 0;
      }),
    );
  });
});

describe("other vocabularies", function () {
  it("count lines, the same one once", function () {
    for (const [text, expected] of [
      ["a\nb\n", 2],
      ["a\r\nb", 2],
      ["a\na\n\n", 2],
      ["", 0],
    ] as const) {
      expect(countVocabularyLines(Buffer.from(text)), JSON.stringify(text)).to.equal(expected);
    }
  });

  it("count the pieces of a SentencePiece model, and nothing of what is none", async function () {
    const piece = [0x0a, 3, 0x0a, 1, 0x61];
    expect(await countPieces(Buffer.from([...piece, ...piece, 0x12, 1, 0]))).to.equal(2);
    for (const bytes of [[], [0x12, 1, 0], [0x0a, 200], [0xff, 0xff]]) {
      expect(await countPieces(Buffer.from(bytes))).to.equal(undefined);
    }
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const found = await countPieces(Buffer.from(bytes));
        return found === undefined || found > 0;
      }),
    );
  });
});

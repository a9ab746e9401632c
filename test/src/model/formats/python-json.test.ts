import { expect } from "chai";
import fc from "fast-check";
import { parsePythonJson } from "../../../../src/model/formats/python-json.ts";

function parse(text: string) {
  const dropped: string[] = [];
  return { value: parsePythonJson(Buffer.from(text), "config.json", (path) => dropped.push(path)), dropped };
}

describe("parsePythonJson", function () {
  it("reads what JSON holds as JSON does", function () {
    const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }), { noNullPrototype: true });
    fc.assert(
      fc.property(object, (value) => {
        const text = JSON.stringify(value);
        expect(parse(text)).to.deep.equal({ value: JSON.parse(text) as unknown, dropped: [] });
      }),
    );
  });

  for (const word of ["Infinity", "-Infinity", "NaN", "1e400", "-1e400"]) {
    it(`leaves ${word} out where a value stands, and names the place`, function () {
      const text = `{"a": ${word}, "b": {"c": [0.5, ${word}], "d": ${word}}, "e": "${word}, \\"${word}", "${word}": 1}`;
      const { value, dropped } = parse(text);
      expect(value).to.deep.equal({ b: { c: [0.5, null] }, e: `${word}, "${word}`, [word]: 1 });
      expect(dropped).to.deep.equal(["a", "b.c[1]", "b.d"]);
    });
  }

  it("takes the last value of a key that stands twice, and leaves lone surrogates out", function () {
    expect(parse('{"a": 1, "a": 2, "b": "\\ud800"}')).to.deep.equal({ value: { a: 2 }, dropped: ["b"] });
  });

  it("takes a configuration of 21 841 labels", function () {
    const labels = Object.fromEntries(Array.from({ length: 21_841 }, (_, i) => [String(i), `label of class ${i}`]));
    expect(parse(JSON.stringify({ id2label: labels, architectures: ["Net"] })).value["architectures"]).to.deep.equal([
      "Net",
    ]);
  });

  for (const text of [
    "[1]",
    "{",
    '{"a": Infin',
    '{"a": nan}',
    '{"a": +Infinity}',
    "",
    '{"a": InfinityInfinity}',
    '{"a": 1Infinity}',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, function () {
      expect(() => parse(text))
        .to.throw()
        .with.property("code", "MODEL_HEADER_INVALID");
    });
  }
});

import { expect } from "chai";
import fc from "fast-check";
import { type CardFacts, readCard } from "../../../src/metadata/model-card-facts.ts";

function read(card: string): { facts: CardFacts; warnings: string[] } {
  const warnings: string[] = [];
  return { facts: readCard(card, (text) => warnings.push(text)), warnings };
}

const readFront = (yaml: string) => read(`---\n${yaml}\n---\n`);

describe("readCard", function () {
  it("reads a card as the Hugging Face Hub describes it", function () {
    const { facts, warnings } = read(`---
language: [en, de]
license: apache-2.0
library_name: transformers
pipeline_tag: question-answering
tags:
- albert
datasets:
- rajpurkar/squad
- iris
base_model: albert/albert-base-v2
base_model_relation: finetune
version: 1.2.0
model-index:
- name: albert-squad
  results:
  - task: {type: question-answering}
    dataset: {name: squad, type: squad, split: validation}
    metrics:
    - {type: f1, value: 0.913, name: F1}
    - {name: Exact match, value: "84.1 %"}
  - dataset: {name: other}
    metrics: [{type: f1, value: 1}]
---
# Title

<img src="x.png">

Answers questions
about a text.

More text.
`);
    expect(warnings).to.deep.equal([]);
    expect(facts).to.deep.equal({
      name: "albert-squad",
      description: "Answers questions about a text.",
      license: "apache-2.0",
      task: "question-answering",
      framework: { name: "transformers" },
      datasets: [
        { name: "rajpurkar/squad", uri: "hf://datasets/rajpurkar/squad" },
        { name: "iris", uri: "hf://datasets/iris" },
      ],
      metrics: [
        { name: "f1", value: 0.913, dataset: "squad", split: "validation" },
        { name: "Exact match", value: "84.1 %", dataset: "squad", split: "validation" },
        { name: "f1", value: 1, dataset: "other" },
      ],
      baseModels: [{ uri: "hf://albert/albert-base-v2", relation: "fine-tune" }],
      version: "1.2.0",
    });
  });

  it("takes scalars where lists stand, and lists where scalars stand", function () {
    const { facts } = readFront("datasets: iris\nbase_model:\n- a/b\n- c/d\nversion: 2");
    expect(facts).to.deep.equal({
      datasets: [{ name: "iris", uri: "hf://datasets/iris" }],
      baseModels: [{ uri: "hf://a/b" }, { uri: "hf://c/d" }],
      version: "2",
    });
  });

  it("reads a licence that is called other by its name", function () {
    expect(readFront("license: other\nlicense_name: llama3.1\nlicense_link: LICENSE").facts.license).to.equal(
      "llama3.1",
    );
    const { facts, warnings } = readFront("license: other\nlicense_link: https://example.org/l");
    expect(facts.license).to.equal("other");
    expect(warnings).to.have.lengthOf(1);
  });

  it("reads a card with a byte order mark and Windows line ends", function () {
    expect(read("\ufeff---\r\nlicense: mit\r\n---\r\nText.\r\n").facts).to.deep.equal({
      license: "mit",
      description: "Text.",
    });
  });

  it("reads a card without front matter, and an empty one", function () {
    expect(read("# Title\n\nText.").facts).to.deep.equal({ description: "Text." });
    expect(read("").facts).to.deep.equal({});
    expect(read("Text.\n\n---\nlicense: mit\n---\n").facts).to.deep.equal({ description: "Text." });
  });

  it("leaves out values of the wrong type, with a warning for each", function () {
    const { facts, warnings } = readFront(
      "license: {a: 1}\nlibrary_name: [x]\npipeline_tag: true\ndatasets: [1, {a: b}, '']\nbase_model: null\n" +
        "base_model_relation: cousin\nmodel-index: [{name: 7, results: {metrics: 1}}]",
    );
    expect(facts).to.deep.equal({ name: "7", datasets: [{ name: "1", uri: "hf://datasets/1" }] });
    const keys = ["model-index", "license", "library_name", "pipeline_tag", "datasets", "base_model_relation"];
    for (const key of keys) expect(warnings.join("\n")).to.include(`README.md: ${key}: `);
  });

  it("leaves out metrics that are no numbers and no texts", function () {
    const metrics =
      "[{type: a, value: .nan}, {type: b, value: .inf}, {type: c}, {value: 1}, {type: d, value: [1]}, {type: e, value: 0}]";
    const { facts } = readFront(`model-index: [{results: [{metrics: ${metrics}}]}]`);
    expect(facts.metrics).to.deep.equal([{ name: "e", value: 0 }]);
  });

  it("leaves out texts that are too long, and shortens the description", function () {
    const { facts } = read(
      `---\nlicense: ${"x".repeat(257)}\nversion: ${"x".repeat(65)}\nlibrary_name: ${"x".repeat(65)}\n---\n${"y".repeat(1000)}`,
    );
    expect(facts).to.deep.equal({ description: "y".repeat(500) });
  });

  it("never cuts a description within a character", function () {
    expect(read(`${"y".repeat(499)}\u{1f600}`).facts.description?.isWellFormed()).to.equal(true);
  });

  describe("warns, and reads the text alone, for front matter", function () {
    const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"];
    for (let i = 1; i < 9; i++) {
      const [previous, name] = ["abcdefghi"[i - 1], "abcdefghi"[i]];
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${previous}`).join(",")}]`);
    }
    const malformed: Record<string, string> = {
      "that is no YAML": "license: [mit",
      "with a tab for indentation": "a:\n\tb: 1",
      "with an unknown alias": "license: *nothing",
      "that is an alias bomb": bomb.join("\n"),
      "nested too deep": `license: ${"[".repeat(20_000)}`,
      "above 256 KiB": `license: mit\n# ${"x".repeat(256 * 1024)}`,
    };
    for (const [what, yaml] of Object.entries(malformed)) {
      it(what, function () {
        const { facts, warnings } = read(`---\n${yaml}\n---\nText.`);
        expect(warnings).to.have.lengthOf(1);
        expect(facts).to.deep.equal({ description: "Text." });
      });
    }
  });

  describe("reads values as they are written", function () {
    for (const [yaml, read, written] of [
      ["version: 1.10", ({ version }) => version, "1.10"],
      ["version: 0x1F", ({ version }) => version, "0x1F"],
      ["version: 1e3", ({ version }) => version, "1e3"],
      ["version: 00012", ({ version }) => version, "00012"],
      ["version: 2024-05-01", ({ version }) => version, "2024-05-01"],
      ['version: "1.10"', ({ version }) => version, "1.10"],
      ["version: 1.10 # said", ({ version }) => version, "1.10"],
      ["license: other\nlicense_name: 1.10", ({ license }) => license, "1.10"],
      ["pipeline_tag: 1.0", ({ task }) => task, "1.0"],
      ["x: &v 1.50\nversion: *v", ({ version }) => version, "1.50"],
    ] as const satisfies [string, (facts: CardFacts) => unknown, string][]) {
      it(`in ${JSON.stringify(yaml)}`, function () {
        expect(read(readFront(yaml).facts)).to.equal(written);
      });
    }

    it("for any plain scalar that YAML takes for a number", function () {
      const number = fc.oneof(
        fc.stringMatching(/^-?\d{1,25}$/),
        fc.stringMatching(/^-?\d{1,4}\.\d{1,20}$/),
        fc.stringMatching(/^\d{1,2}(\.\d)?e[+-]?\d{1,3}$/),
        fc.stringMatching(/^0[xo][0-7]{1,10}$/),
      );
      fc.assert(
        fc.property(number, (text) => {
          expect(readFront(`version: ${text}`).facts.version).to.equal(text);
        }),
      );
    });

    it("in metrics, where a number is more than can be held exactly", function () {
      const { facts } = readFront(
        "model-index: [{results: [{metrics: [{type: a, value: 12345678901234567890}, {type: b, value: 0.5}]}]}]",
      );
      expect(facts.metrics).to.deep.equal([
        { name: "a", value: "12345678901234567890" },
        { name: "b", value: 0.5 },
      ]);
    });
  });

  it("reads data sets, and gives no address to those that are not on the Hub", function () {
    const { facts, warnings } = readFront(
      "datasets:\n- name: squad\n  config: plain\n- my private set\n- https://huggingface.co/datasets/org/data\n- /data/private\n- ./x",
    );
    expect(facts.datasets).to.deep.equal([
      { name: "squad", uri: "hf://datasets/squad" },
      { name: "my private set" },
      { name: "org/data", uri: "hf://datasets/org/data" },
    ]);
    expect(warnings).to.have.lengthOf(3);
  });

  describe("reads licences", function () {
    for (const [yaml, license, warned] of [
      ["license: [apache-2.0]", "apache-2.0", 0],
      ["license: [mit, gpl-3.0]", "MIT AND GPL-3.0", 1],
      ["license: mit, gpl-3.0", "MIT AND GPL-3.0", 1],
      ["license: mit, and more", "mit, and more", 0],
      ["license:\n- mit\n- MIT", "mit", 0],
      ["license: [mit or apache-2.0, gpl-3.0]", "(MIT OR Apache-2.0) AND GPL-3.0", 1],
      ["license: [mit, other]\nlicense_name: acme-1.10", "MIT AND LicenseRef-acme-1.10", 1],
      ["license: [mit, {a: b}]", "mit", 1],
      ["license: []", undefined, 0],
      ["license: null", undefined, 0],
    ] as const) {
      it(`from ${JSON.stringify(yaml)}`, function () {
        const { facts, warnings } = readFront(yaml);
        expect(facts.license).to.equal(license);
        expect(warnings).to.have.lengthOf(warned);
      });
    }
  });

  it("reads the metrics of every entry of the index, and says where they have other names", function () {
    const entry = (name: string, value: number) =>
      `{name: ${name}, results: [{metrics: [{type: f1, value: ${value}}]}]}`;
    const { facts, warnings } = readFront(`model-index: [${entry("a", 1)}, ${entry("b", 2)}, 7]`);
    expect(facts).to.deep.equal({
      name: "a",
      metrics: [
        { name: "f1", value: 1 },
        { name: "f1", value: 2 },
      ],
    });
    expect(warnings).to.have.lengthOf(2);
  });

  it("reads front matter behind blank lines, as the Hub's client does", function () {
    expect(read("\n \n---\nlicense: mit\n---\n# m\n").facts.license).to.equal("mit");
    expect(read("\ufeff\r\n---\r\nlicense: mit\r\n---").facts.license).to.equal("mit");
    expect(read("x\n---\nlicense: mit\n---\n").facts).to.not.have.property("license");
  });

  it("builds no objects of YAML tags", function () {
    const { facts } = readFront("license: !!js/function 'function () {}'\npipeline_tag: x");
    expect(facts.task).to.equal("x");
  });
});

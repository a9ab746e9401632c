import { expect } from "chai";
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
      datasets: [{ name: "rajpurkar/squad" }, { name: "iris" }],
      metrics: [
        { name: "f1", value: 0.913, dataset: "squad", split: "validation" },
        { name: "Exact match", value: "84.1 %", dataset: "squad", split: "validation" },
        { name: "f1", value: 1, dataset: "other" },
      ],
      baseModels: ["albert/albert-base-v2"],
      baseModelRelation: "fine-tune",
      version: "1.2.0",
    });
  });

  it("takes scalars where lists stand, and lists where scalars stand", function () {
    const { facts } = readFront("datasets: iris\nbase_model:\n- a/b\n- c/d\nversion: 2");
    expect(facts).to.deep.equal({ datasets: [{ name: "iris" }], baseModels: ["a/b", "c/d"], version: "2" });
  });

  it("reads a licence that is called other by its name", function () {
    expect(readFront("license: other\nlicense_name: llama3.1\nlicense_link: LICENSE").facts.license).to.equal(
      "llama3.1",
    );
    expect(readFront("license: other").facts).to.not.have.property("license");
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

  it("leaves out values of the wrong type, without a warning", function () {
    const { facts, warnings } = readFront(
      "license: {a: 1}\nlibrary_name: [x]\npipeline_tag: true\ndatasets: [1, {a: b}, '']\nbase_model: null\n" +
        "base_model_relation: cousin\nmodel-index: [{name: 7, results: {metrics: 1}}]",
    );
    expect(facts).to.deep.equal({ name: "7", datasets: [{ name: "1" }] });
    expect(warnings).to.deep.equal([]);
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
      "with a key twice": "license: mit\nlicense: apache-2.0",
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

  it("builds no objects of YAML tags", function () {
    const { facts } = readFront("license: !!js/function 'function () {}'\npipeline_tag: x");
    expect(facts.task).to.equal("x");
  });
});

import { expect } from "chai";
import { readBaseModelTags } from "../../../src/metadata/card-origin.ts";
import { type CardFacts, readCard } from "../../../src/metadata/model-card-facts.ts";

function read(card: string): { facts: CardFacts; warnings: string[] } {
  const warnings: string[] = [];
  return { facts: readCard(card, (text) => warnings.push(text)), warnings };
}

const readFront = (yaml: string) => read(`---\n${yaml}\n---\n`);

describe("the origin that a card names", function () {
  describe("reads where a model came from", function () {
    const bases = (yaml: string) => readFront(yaml);
    for (const [yaml, expected] of [
      ["base_model: https://huggingface.co/org/base", ["hf://org/base"]],
      ["base_model: https://huggingface.co/org/base/tree/0123abc?x=1#y", ["hf://org/base@0123abc"]],
      ["base_model: https://huggingface.co/org/base/blob/main/README.md", ["hf://org/base"]],
      ["base_model: hf.co/org/base", ["hf://org/base"]],
      ["base_model: hf://org/base@v2", ["hf://org/base@v2"]],
      ["base_model: gpt2", ["hf://gpt2"]],
      ["base_model: https://example.org/models/base", ["https://example.org/models/base"]],
      ["base_model: {name: org/base}", ["hf://org/base"]],
    ] as const) {
      it(`from ${yaml}`, function () {
        const { facts, warnings } = bases(yaml);
        expect(facts.baseModels?.map(({ uri }) => uri)).to.deep.equal(expected);
        expect(warnings).to.deep.equal([]);
      });
    }

    for (const text of [
      "/home/somebody/models/base",
      "./out/checkpoint-500",
      "../base",
      "~/models/base",
      "C:\\models\\base",
      "file:///models/base",
      "out/checkpoint-500",
      "org/checkpoint-500",
      "results/base",
      "a/b/c",
      "https://user:secret@example.org/base",
      "https://example.org/base?token=secret",
      "https://localhost/base",
      "http://192.168.0.1/base",
      "some model of ours",
    ]) {
      it(`and never records ${text}`, function () {
        const { facts, warnings } = bases(`base_model: ['${text}', org/other]`);
        expect(facts.baseModels).to.deep.equal([{ uri: "hf://org/other" }]);
        expect(warnings).to.have.lengthOf(1);
        expect(warnings[0]).to.include("README.md: base_model: ");
      });
    }

    for (const [what, yaml, expected] of [
      ["stated for all", "base_model: [a/b, c/d]\nbase_model_relation: merge", ["merge", "merge"]],
      [
        "of each tag",
        "base_model: [a/b, c/d]\ntags: ['base_model:quantized:a/b', 'base_model:merge:c/d']",
        ["quantized", "merge"],
      ],
      ["of a library", "base_model: a/b\nlibrary_name: peft", ["adapter"]],
      ["of a tag", "base_model: a/b\ntags: [LoRA]", ["adapter"]],
      ["of a merge", "base_model: [a/b, c/d]\ntags: [mergekit]", ["merge", "merge"]],
      ["that is none to somebody else's model", "base_model: a/b\nbase_model_relation: version", [undefined]],
    ] as const) {
      it(`with the relation ${what}`, function () {
        expect(bases(yaml).facts.baseModels?.map(({ relation }) => relation)).to.deep.equal(expected);
      });
    }
  });

  it("reads a relation for each base model of the Hub's tags", function () {
    const tags = [
      "base_model:org/a",
      "base_model:quantized:org/a",
      "base_model:merge:org/b",
      "base_model:org/c",
      "base_model:finetune:org/d",
      "base_model:version:org/e",
      "base_model:adapter:../f",
      "license:mit",
    ];
    expect(readBaseModelTags(tags)).to.deep.equal([
      { uri: "hf://org/a", relation: "quantized" },
      { uri: "hf://org/b", relation: "merge" },
      { uri: "hf://org/c" },
      { uri: "hf://org/d", relation: "fine-tune" },
      { uri: "hf://org/e" },
    ]);
  });
});

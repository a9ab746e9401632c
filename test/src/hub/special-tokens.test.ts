import { readFileSync } from "node:fs";
import { expect } from "chai";
import * as fc from "fast-check";
import { categoryOf, modalityOf } from "../../../src/hub/category.ts";
import { type TokenSources, findSpecialTokens } from "../../../src/hub/special-tokens.ts";

const VECTORS = JSON.parse(
  readFileSync(new URL("../../vectors/hub/special-tokens.json", import.meta.url), "utf8"),
) as readonly (TokenSources & { description: string; expected: unknown })[];

describe("findSpecialTokens", function () {
  for (const { description, expected, ...sources } of VECTORS) {
    it(description, function () {
      const found = findSpecialTokens(sources);
      expect(found ?? null).to.deep.equal(expected);
      expect(Object.keys(found ?? {})).to.deep.equal(Object.keys(expected ?? {}));
    });
  }

  it("takes any JSON, and answers with texts alone", function () {
    const object = fc.dictionary(
      fc.constantFrom(
        "bos_token",
        "eos_token",
        "tokenizer_class",
        "extra_ids",
        "additional_special_tokens",
        "__proto__",
      ),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(object, object, (map, config) => {
        const tokens = Object.values(findSpecialTokens({ map, config }) ?? {}).flat();
        return tokens.every((token) => typeof token === "string" && token !== "");
      }),
    );
  });
});

describe("categories", function () {
  const cases: [string[], string][] = [
    [["vision", "multimodal"], "multimodal"],
    [["nlp", "object-detection"], "computer vision"],
    [["audio", "translation"], "natural language processing"],
    [["tabular", "speech-recognition"], "audio"],
    [["reinforcement-learning", "tabular"], "tabular"],
    [["reinforcement-learning"], "reinforcement learning"],
    [["graph"], "other"],
    [["feature-extraction", "fill-mask", "summarization", "text2text-generation"], "other"],
    [[], "other"],
  ];
  for (const [tags, category] of cases) {
    it(`makes ${tags.join(", ") || "no tag"} ${category}`, function () {
      expect(categoryOf(tags)).to.equal(category);
    });
  }

  it("have Hugging Face's own modality beside them", async function () {
    expect(await modalityOf("fill-mask")).to.equal("nlp");
    expect(await modalityOf("image-classification")).to.equal("cv");
    for (const task of ["no-such-task", "toString", "__proto__", undefined])
      expect(await modalityOf(task)).to.equal(undefined);
  });
});

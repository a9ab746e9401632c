import { expect } from "chai";
import { FORMATS, type FormatName, formatOfName, isPickleName } from "../../../../src/model/formats/formats.ts";
import { isWeightFile } from "../../../../src/model/weights.ts";
import { POLICY_FORMATS } from "../../../../src/verify/policy/policy.ts";

describe("FORMATS", function () {
  for (const { name, extensions, isWeight, mayRunCode } of FORMATS) {
    for (const extension of extensions) {
      const file = extension.startsWith(".") ? `some/model${extension}` : `some/${extension}`;
      it(`knows ${file} for ${name}, in any case, with what follows from it`, function () {
        expect(formatOfName(file)).to.equal(name);
        expect(formatOfName(file.toUpperCase())).to.equal(name);
        expect(isWeightFile(file)).to.equal(isWeight);
        expect(isPickleName(file)).to.equal(mayRunCode === "always");
      });
    }
  }

  it("gives the names that a policy can name, and those of no two formats are alike", function () {
    expect(POLICY_FORMATS).to.deep.equal([...FORMATS.map(({ name }) => name), "code"]);
    expect(new Set(POLICY_FORMATS).size).to.equal(POLICY_FORMATS.length);
  });

  for (const [file, name] of [
    ["model.pkl.gz", "pickle"],
    ["pytorch_model.bin.1", "pickle"],
    ["model.gguf.gz", undefined],
    ["model.safetensors.index.json", undefined],
    ["saved_model.pbtxt", undefined],
    ["my_saved_model.pb", undefined],
    ["gguf", undefined],
  ] as const satisfies [string, FormatName | undefined][]) {
    it(`takes ${file} for ${name ?? "no format"}`, function () {
      expect(formatOfName(file)).to.equal(name);
    });
  }
});

import { createHash } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { readModelFacts } from "../../../src/metadata/read-model-facts.ts";
import { hashModel } from "../../../src/model/hash-model.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { createSafetensors } from "../../helpers/safetensors.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const weights = createSafetensors({ a: { dtype: "F32", shape: [2], data_offsets: [0, 8] } }, 8);
const sha256 = (content: string | Uint8Array) => `0x${createHash("sha256").update(content).digest("hex")}`;

describe("readModelFacts", function () {
  const temporary = useTemporaryFolder();

  async function read(files: Record<string, string | Uint8Array>) {
    const model = await hashModel(await temporary.write("model", files));
    const warnings: string[] = [];
    return { facts: await readModelFacts(model, (text) => warnings.push(text)), warnings };
  }

  it("reads card, configuration, training configuration and weights", async function () {
    const config = '{"architectures":["AlbertForQuestionAnswering","Other"],"transformers_version":"4.57.0"}';
    const { facts, warnings } = await read({
      "README.md": "---\nlicense: mit\n---\nText.",
      "config.json": config,
      "training-config.json": '{"epochs":3}',
      "model.safetensors": weights,
    });
    expect(warnings).to.deep.equal([]);
    const { tensors, ...rest } = facts;
    expect(tensors?.tensors).to.have.length(1);
    expect(rest).to.deep.equal({
      license: "mit",
      description: "Text.",
      framework: { name: "transformers", version: "4.57.0" },
      architecture: "AlbertForQuestionAnswering",
      trainingConfig: { epochs: 3 },
      parameters: { total: 2, byDtype: { F32: 2 } },
      weightsHash: sha256(weights),
      configHash: sha256(config),
    });
  });

  it("reads nothing where there is nothing, and nothing of files further below", async function () {
    const { facts, warnings } = await read({ "sub/README.md": "Text.", "sub/config.json": '{"architectures":["x"]}' });
    expect(facts).to.deep.equal({});
    expect(warnings).to.deep.equal([]);
  });

  it("names the hash of weights only when there is exactly one weight file", async function () {
    expect((await read({ "a.bin": "1", "optimizer.pt": "2" })).facts.weightsHash).to.equal(sha256("1"));
    expect((await read({ "a.bin": "1", "b.gguf": "2" })).facts).to.not.have.property("weightsHash");
  });

  it("prefers the card's framework to that of the configuration", async function () {
    const files = { "README.md": "---\nlibrary_name: peft\n---\n", "config.json": '{"transformers_version":"4.0"}' };
    expect((await read(files)).facts.framework).to.deep.equal({ name: "peft" });
  });

  it("leaves out values of another type", async function () {
    const { facts, warnings } = await read({ "config.json": '{"architectures":[7],"transformers_version":4}' });
    expect(Object.keys(facts)).to.deep.equal(["configHash"]);
    expect(warnings).to.deep.equal([]);
  });

  const malformed: Record<string, Record<string, string | Uint8Array>> = {
    "a configuration that is no JSON": { "config.json": "{" },
    "a configuration that is a list": { "config.json": "[]" },
    "a training configuration that is null": { "training-config.json": "null" },
    "a training configuration in invalid UTF-8": { "training-config.json": Buffer.from('{"a":"\xff"}', "latin1") },
    "a training configuration nested too deep": {
      "training-config.json": `{"a":${"[".repeat(100)}${"]".repeat(100)}}`,
    },
    "a training configuration with a lone surrogate": { "training-config.json": '{"a":"\\ud800"}' },
    "a training configuration with a number beyond all": { "training-config.json": '{"a":1e999}' },
    "a training configuration above 256 KiB": { "training-config.json": JSON.stringify({ a: "x".repeat(256 * 1024) }) },
    "a card of malformed front matter": { "README.md": "---\na: [\n---\n" },
    "a safetensors file that is none": { "model.safetensors": "weights" },
  };
  for (const [what, files] of Object.entries(malformed)) {
    it(`warns of ${what} and reads the rest`, async function () {
      const { facts, warnings } = await read({ ...files, "a.bin": "1" });
      expect(warnings).to.have.lengthOf(1);
      expect(facts).to.not.have.any.keys("trainingConfig", "architecture", "parameters", "license");
    });
  }

  it("counts the parameters of a single file, and reads no card beside it", async function () {
    const folder = await temporary.write("model", { "model.safetensors": weights, "README.md": "Text." });
    const { tensors, ...facts } = await readModelFacts(await hashModel(`${folder}/model.safetensors`), () => undefined);
    expect(tensors?.root).to.match(/^0x[0-9a-f]{64}$/);
    expect(facts).to.deep.equal({ parameters: { total: 2, byDtype: { F32: 2 } }, weightsHash: sha256(weights) });
  });

  it("takes a single file called README.md for a model", async function () {
    const folder = await temporary.write("model", { "README.md": "Text." });
    expect(await readModelFacts(await hashModel(`${folder}/README.md`), () => undefined)).to.deep.equal({});
  });

  for (const name of ["README.md", "config.json", "training-config.json"]) {
    it(`refuses a model whose ${name} changed after it was hashed, or is gone`, async function () {
      const folder = await temporary.write("model", { [name]: "{}" });
      const model = await hashModel(folder);
      await writeFile(`${folder}/${name}`, "[]");
      expect(await errorCode(() => readModelFacts(model, () => undefined))).to.equal("MODEL_CHANGED");
      await rm(`${folder}/${name}`);
      expect(await errorCode(() => readModelFacts(model, () => undefined))).to.equal("MODEL_CHANGED");
    });
  }
});

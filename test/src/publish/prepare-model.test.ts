import { symlinkSync } from "node:fs";
import { expect } from "chai";
import { type PublishRequest, prepareModel, resolveTokenId } from "../../../src/publish/prepare-model.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { lfsPointerTo } from "../../helpers/lfs-pointer.ts";
import { deployRegistry } from "../../helpers/recorded-model.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const pointer = lfsPointerTo("weights");

describe("prepareModel", function () {
  const temporary = useTemporaryFolder();

  async function prepare(request: Partial<PublishRequest>) {
    const { registry, minter } = await networkHelpers.loadFixture(deployRegistry);
    const warnings: string[] = [];
    const context = { registry, signer: minter, warn: (text: string) => warnings.push(text) };
    return { ...(await prepareModel({ modelPath: "", statements: {}, ...request }, context)), warnings };
  }

  describe("of Git LFS pointers", function () {
    for (const name of ["model.safetensors", "sub/notes.txt"]) {
      it(`refuses one in place of ${name}`, async function () {
        const modelPath = await temporary.write("model", { [name]: pointer, "config.json": "{}" });
        expect(await errorCode(() => prepare({ modelPath }))).to.equal("MODEL_INCOMPLETE");
        expect((await prepare({ modelPath, ignorePaths: [name] })).model.resources).to.have.length(1);
      });
    }

    it("refuses one among the training data, and in the model that a parent is named by", async function () {
      const modelPath = await temporary.write("model", { "model.safetensors": "weights" });
      const datasetPath = await temporary.write("data", { "train.csv": pointer });
      expect(await errorCode(() => prepare({ modelPath, datasetPath }))).to.equal("MODEL_INCOMPLETE");
      expect(await errorCode(() => prepare({ modelPath, parents: [datasetPath] }))).to.equal("MODEL_INCOMPLETE");
      expect(await errorCode(() => resolveTokenId(datasetPath))).to.equal("MODEL_INCOMPLETE");
    });
  });

  it("prepares a Hugging Face cache snapshot where it is asked to, as if it held the files", async function () {
    const files = { "README.md": "---\nlicense: mit\n---\n", "config.json": '{"architectures":["Bert"]}' };
    const plain = await prepare({ modelPath: await temporary.write("plain", files) });
    const snapshot = await temporary.write("models--a--b/snapshots/1", {});
    await temporary.write("models--a--b/blobs", files);
    for (const name of Object.keys(files)) symlinkSync(`../../blobs/${name}`, `${snapshot}/${name}`);
    expect(await errorCode(() => prepare({ modelPath: snapshot }))).to.equal("MODEL_UNSUPPORTED_ENTRY");
    const statements = { name: "plain" };
    const linked = await prepare({ modelPath: snapshot, hfCache: true, statements });
    expect(linked.built.metadata.provenance).to.deep.equal(plain.built.metadata.provenance);
  });

  it("passes on what a person should know of the names", async function () {
    const { warnings } = await prepare({ modelPath: await temporary.write("model", { a: "1", A: "2" }) });
    expect(warnings.some((text) => text.includes("differ only by case"))).to.equal(true);
  });
});

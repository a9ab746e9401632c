import { expect } from "chai";
import { ZERO_DIGEST } from "../../../src/base/hex.ts";
import { hashModel } from "../../../src/model/hash-model.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { type OnnxParts, createOnnx, externalTensor } from "../../helpers/write-onnx.ts";

describe("the weight files of a model", function () {
  const temporary = useTemporaryFolder();
  type Files = Record<string, string | Uint8Array>;

  async function weightsOf(name: string, files: Files) {
    const folder = await temporary.write(name, files);
    const { weights, weightsDigest } = await hashModel(folder);
    return { ...weights, weightsDigest };
  }

  const places: Record<string, (tensor: Uint8Array) => OnnxParts> = {
    "an initializer": (tensor) => ({ initializers: [tensor] }),
    "a sparse initializer": (tensor) => ({ sparse: [tensor] }),
    "a constant": (tensor) => ({ constants: [tensor] }),
    "a constant of a branch": (tensor) => ({ branch: { constants: [tensor] } }),
    "an initializer of a branch of a branch": (tensor) => ({ branch: { branch: { initializers: [tensor] } } }),
  };
  for (const [what, place] of Object.entries(places)) {
    it(`are those that ${what} of an ONNX model names, whatever they are called`, async function () {
      for (const [i, location] of ["model.onnx.data", "weights", "parts/a.txt", "./b.json", "README.md"].entries()) {
        const graph = createOnnx(place(externalTensor("w", location)));
        const named = location.replace("./", "");
        const one = await weightsOf(`${i}-one`, { "onnx/m.onnx": graph, [`onnx/${named}`]: Buffer.alloc(64, 1) });
        const other = await weightsOf(`${i}-other`, { "onnx/m.onnx": graph, [`onnx/${named}`]: Buffer.alloc(64, 2) });
        expect(one.files).to.have.members(["onnx/m.onnx", `onnx/${named}`]);
        expect(one.opaque).to.deep.equal([]);
        expect(one.weightsDigest).to.not.equal(other.weightsDigest);
      }
    });
  }

  it("are those that an index names", async function () {
    const index = JSON.stringify({ weight_map: { a: "part.one", b: "part.two" } });
    const { files } = await weightsOf("index", {
      "model.index.json": index,
      "part.one": "1",
      "part.two": "2",
      rest: "3",
    });
    expect(files).to.deep.equal(["part.one", "part.two"]);
    const groups = JSON.stringify({ weightsManifest: [{ paths: ["group1-shard1of1"] }] });
    expect((await weightsOf("tfjs", { "model.json": groups, "group1-shard1of1": "1" })).files).to.deep.equal([
      "group1-shard1of1",
    ]);
  });

  it("are all files of a TensorFlow checkpoint", async function () {
    const parts = { "model.ckpt-9.index": "i", "model.ckpt-9.meta": "m", "model.ckpt-9.data-00000-of-00001": "d" };
    const { files, opaque } = await weightsOf("tf1", { ...parts, "other.index": "o", checkpoint: "text" });
    expect(files).to.have.members(Object.keys(parts));
    expect(opaque).to.deep.equal(["checkpoint", "other.index"]);
  });

  it("are no training state, also where an index names it", async function () {
    const index = JSON.stringify({ weight_map: { a: "optimizer.pt" } });
    const files = { "x.index.json": index, "optimizer.pt": "1", "checkpoint-5/model.safetensors": "2" };
    expect(await weightsOf("state", files)).to.include({ weightsDigest: ZERO_DIGEST });
  });

  it("are not known for files that are neither weights nor text", async function () {
    const files = { "model.safetensors": "w", "tokenizer.model": "t", "LICENSE-MODEL": "l", "config.json": "{}" };
    expect((await weightsOf("opaque", files)).opaque).to.deep.equal(["tokenizer.model"]);
  });

  it("are those of names alone where a header is malformed", async function () {
    const { files, opaque } = await weightsOf("malformed", { "m.onnx": "no protobuf", "model.data": "1" });
    expect([files, opaque]).to.deep.equal([["m.onnx"], ["model.data"]]);
  });

  for (const [what, files] of Object.entries({
    "an ONNX model": { "m.onnx": createOnnx({ initializers: [externalTensor("w", ".cache/huggingface/w")] }) },
    "an index": { "m.index.json": JSON.stringify({ weight_map: { a: "../.huggingface/w" } }).replace("../", "") },
    "a configuration": { "config.json": JSON.stringify({ file: [".huggingface/w"] }), ".huggingface/w": "1" },
    "a configuration in a folder": { "a/config.json": '{"file":"..\\/.huggingface\\/w"}', ".huggingface/w": "1" },
  } as Record<string, Files>)) {
    it(`are refused where ${what} names a file that is never part of a model`, async function () {
      const folder = await temporary.write("refused", { ...files, "model.bin": "w" });
      expect(await errorCode(() => hashModel(folder))).to.equal("MODEL_UNSUPPORTED_ENTRY");
    });
  }

  it("are not refused where a configuration remembers a cache elsewhere", async function () {
    const config = JSON.stringify({
      _name_or_path: "/root/.cache/huggingface/hub/x",
      other: ".cache/huggingface/none",
    });
    const folder = await temporary.write("memory", { "config.json": config, ".cache/huggingface/.gitignore": "*" });
    expect((await hashModel(folder)).resources).to.have.lengthOf(1);
  });
});

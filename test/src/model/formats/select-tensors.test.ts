import { expect } from "chai";
import { describeFormats } from "../../../../src/model/formats/describe-formats.ts";
import { digestTensors } from "../../../../src/model/tensors/digest-tensors.ts";
import { toSources } from "../../../helpers/model-vectors.ts";
import { createSafetensors } from "../../../helpers/safetensors.ts";
import { type GgufTensor, createGguf } from "../../../helpers/write-gguf.ts";

type Files = Record<string, Buffer>;

/** Tensors of bytes, by name and number of bytes. */
function weights(sizes: Record<string, number>): Buffer {
  let end = 0;
  const header = Object.entries(sizes).map(([name, size]) => {
    const begin = end;
    end += size;
    return [name, { dtype: "U8", shape: [size], data_offsets: [begin, end] }];
  });
  return createSafetensors(Object.fromEntries(header) as Record<string, unknown>, end);
}

const index = (map: Record<string, string>) => Buffer.from(JSON.stringify({ weight_map: map }));
const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const tensor = (more: Partial<GgufTensor> = {}) => ({ name: "w", shape: [256], type: 12, bytes: 144, ...more });
const q4 = (more: Record<string, string | number> = {}) =>
  createGguf({ "general.architecture": "llama", ...more }, [tensor()]);
const describeFiles = (files: Files) => describeFormats(toSources(files));

describe("the tensors of a model", function () {
  const W = weights({ w: 4 });

  for (const [what, files] of Object.entries({
    "a folder for each quantisation": { "BF16/m.gguf": q4(), "Q4/m.gguf": q4() },
    "two files of one folder": { "a.safetensors": W, "b.safetensors": W },
    "a folder beside the model": { "model.safetensors": W, "fp16/model.safetensors": W },
    "a pipeline beside another": { "a/unet/m.safetensors": W, "b/unet/m.safetensors": W },
  } as Record<string, Files>)) {
    it(`are not counted where ${what} holds alternatives, and why is said`, async function () {
      const { parameters, ambiguity } = await describeFiles(files);
      expect(parameters).to.equal(undefined);
      expect(ambiguity).to.be.a("string");
    });
  }

  for (const [what, files, total] of [
    [
      "parts of a pipeline",
      {
        "model_index.json": json({ _class_name: "P", mine: ["a", "B"], other: ["a", "C"] }),
        "mine/m.safetensors": W,
        "other/m.safetensors": W,
      },
      8,
    ],
    [
      "parts of a sentence transformer",
      {
        "modules.json": json([{ path: "" }, { path: "2_Dense" }]),
        "model.safetensors": W,
        "2_Dense/model.safetensors": W,
      },
      8,
    ],
    ["parts with the names of diffusers", { "unet/m.safetensors": W, "vae/m.safetensors": W }, 8],
    [
      "the model and checkpoints of its trainer",
      { "model.safetensors": W, "checkpoint-1/model.safetensors": W, "x/checkpoint-2/model.safetensors": W },
      4,
    ],
    ["the model and its optimizer", { "model.safetensors": W, "optimizer.safetensors": weights({ w: 4, v: 4 }) }, 4],
    ["shards and the form of Mistral", { "model.safetensors": W, "consolidated.safetensors": weights({ x: 4 }) }, 4],
    [
      "shards and lists of both forms",
      {
        "m-1.safetensors": W,
        "model.safetensors.index.json": index({ w: "m-1.safetensors" }),
        "consolidated-1.safetensors": weights({ x: 4 }),
        "consolidated.safetensors.index.json": index({ x: "consolidated-1.safetensors" }),
      },
      4,
    ],
    ["the form of Mistral alone", { "consolidated.safetensors": weights({ x: 4 }) }, 4],
    [
      "a model and its importance matrix",
      {
        "m.gguf": q4(),
        "imatrix.gguf": createGguf({ "general.type": "imatrix" }, [
          tensor({ name: "w.in_sum2", type: 0, bytes: 1024 }),
        ]),
      },
      256,
    ],
    [
      "a model and an adapter",
      { "m.gguf": q4(), "lora.gguf": createGguf({ "general.type": "adapter" }, [tensor({ name: "w.lora_a" })]) },
      256,
    ],
    [
      "an adapter alone",
      { "lora.gguf": createGguf({ "general.type": "adapter" }, [tensor({ name: "w.lora_a" })]) },
      256,
    ],
    [
      "a list that is older than the whole file",
      { "model.safetensors": W, "model.safetensors.index.json": index({ w: "gone-1.safetensors" }) },
      4,
    ],
    [
      "a whole file beside shards of another model",
      {
        "model.safetensors": W,
        "old-1.safetensors": weights({ v: 8 }),
        "model.safetensors.index.json": index({ w: "old-1.safetensors" }),
      },
      4,
    ],
    [
      "a list with ./ before its shards",
      { "m-1.safetensors": W, "model.safetensors.index.json": index({ w: "./m-1.safetensors" }) },
      4,
    ],
  ] as [string, Files, number][]) {
    it(`are those of ${what}`, async function () {
      const { parameters, ambiguity } = await describeFiles(files);
      expect(ambiguity).to.equal(undefined);
      expect(parameters?.total).to.equal(total);
    });
  }

  it("say what is not counted", async function () {
    const { warnings } = await describeFiles({ "model.safetensors": W, "checkpoint-1/model.safetensors": W });
    expect(warnings).to.have.lengthOf(1);
    expect(warnings[0]).to.include("checkpoint-1/model.safetensors");
  });

  it("come from the shard that the list names, also where another holds one of the name", async function () {
    const map = index({ a: "m-1.safetensors", w: "overlay.safetensors" });
    const common = { "overlay.safetensors": weights({ w: 8 }), "model.safetensors.index.json": map };
    const rootOf = async (files: Files) => (await digestTensors(toSources(files), await describeFiles(files)))?.root;
    const [plain, overlaid] = [
      { ...common, "m-1.safetensors": weights({ a: 4 }) },
      { ...common, "m-1.safetensors": weights({ a: 4, w: 2 }) },
    ];
    expect(await rootOf(overlaid))
      .to.be.a("string")
      .and.equal(await rootOf(plain));
    expect((await describeFiles(overlaid)).warnings).to.have.lengthOf(1);
    expect((await describeFiles(plain)).warnings).to.deep.equal([]);
  });

  it("name the architecture of the model, before that of a projector or a matrix", async function () {
    const projector = createGguf({ "general.type": "mmproj", "general.architecture": "clip" }, [tensor({ name: "v" })]);
    const files = {
      "a-mmproj.gguf": projector,
      "b.gguf": q4(),
      "imatrix.gguf": createGguf({ "general.type": "imatrix" }, []),
    };
    const { architecture, parameters } = await describeFiles(files);
    expect([architecture, parameters?.total]).to.deep.equal(["llama", 512]);
  });

  it("keep what is known beside a type that is not", async function () {
    const file = createGguf({ "general.architecture": "llama" }, [
      tensor({ name: "a", type: 99, bytes: 64 }),
      tensor({ name: "b", shape: [2, 128], type: 41, bytes: 36 }),
      tensor({ name: "c", type: 98, bytes: 32 }),
    ]);
    const files = { "m.gguf": file };
    const { parameters, architecture, warnings, tensors } = await describeFiles(files);
    expect(parameters).to.deep.equal({ total: 768, byDtype: { TYPE_99: 256, Q1_0: 256, TYPE_98: 256 } });
    expect([architecture, warnings.length]).to.deep.equal(["llama", 2]);
    expect(tensors[1]?.place?.length).to.equal(36);
    expect(
      await digestTensors(toSources(files), await describeFiles(files)),
      "nothing says what their bytes are",
    ).to.equal(undefined);
  });
});

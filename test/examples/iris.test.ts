import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { parse } from "yaml";

import { readIris, splitRows } from "../../examples/iris/dataset.ts";
import { evaluate } from "../../examples/iris/evaluation.ts";
import { fineTuneIris } from "../../examples/iris/fine-tune.ts";
import { readModelFolder, readTrainingConfig } from "../../examples/iris/model-folder.ts";
import { decodeSafetensors } from "../../examples/iris/safetensors.ts";
import { trainIris } from "../../examples/iris/train.ts";

// Another machine, engine or change that alters one bit of the weights is noticed here.
const WEIGHTS_SHA256 = {
  version1: "9a531d47816c628ff5d74542ff3fbd1817a97617b60777ceea132a69b089a08d",
  version2: "14ec0815f440ccad4017fa5faa69cbeda5dbc198ec6b7eba590747b920dd9b98",
};
const FILES = ["README.md", "config.json", "model.safetensors", "training-config.json"];

interface Header {
  [name: string]: { dtype: string; shape: number[]; data_offsets: [number, number] };
}

interface FrontMatter {
  license: string;
  library_name: string;
  pipeline_tag: string;
  datasets: string[];
  base_model?: string;
  base_model_relation?: string;
  "model-index": { name: string; results: { metrics: { type: string; value: number }[] }[] }[];
}

describe("Iris example", function () {
  let root: string;
  let version1: string;
  let version2: string;

  before(async function () {
    root = await mkdtemp(join(tmpdir(), "iris-"));
    version1 = join(root, "version1");
    version2 = join(root, "version2");
    await trainIris(version1);
    await fineTuneIris(version1, version2);
  });

  after(async function () {
    await rm(root, { recursive: true, force: true });
  });

  describe("data", function () {
    it("has 150 rows, 50 of each species", async function () {
      const { rows } = await readIris();
      expect(rows).to.have.lengthOf(150);
      for (const label of [0, 1, 2]) expect(rows.filter((row) => row.label === label)).to.have.lengthOf(50);
    });

    it("has rows 35 and 38 as in Fisher's paper", async function () {
      const { rows } = await readIris();
      expect(rows[34]?.features).to.deep.equal([4.9, 3.1, 1.5, 0.2]);
      expect(rows[37]?.features).to.deep.equal([4.9, 3.6, 1.4, 0.1]);
    });

    it("is split by species, every row on one side, alike for the same seed", async function () {
      const { rows } = await readIris();
      const split = splitRows(rows, { seed: 7, heldOutPerSpecies: 15 });
      const divided = new Set([...split.training, ...split.heldOut]);
      expect(split.training.length + split.heldOut.length).to.equal(rows.length);
      expect(rows.every((row) => divided.has(row))).to.equal(true);
      for (const label of [0, 1, 2]) expect(split.heldOut.filter((row) => row.label === label)).to.have.lengthOf(15);
      expect(splitRows(rows, { seed: 7, heldOutPerSpecies: 15 })).to.deep.equal(split);
      expect(splitRows(rows, { seed: 8, heldOutPerSpecies: 15 })).to.not.deep.equal(split);
    });
  });

  describe("trainIris and fineTuneIris", function () {
    it("write the same bytes again", async function () {
      const again1 = join(root, "again1");
      const again2 = join(root, "again2");
      await trainIris(again1);
      await fineTuneIris(again1, again2);
      expect(await readFolder(again1)).to.deep.equal(await readFolder(version1));
      expect(await readFolder(again2)).to.deep.equal(await readFolder(version2));
    });

    it("write the weights that are known", async function () {
      expect(await hashWeights(version1)).to.equal(WEIGHTS_SHA256.version1);
      expect(await hashWeights(version2)).to.equal(WEIGHTS_SHA256.version2);
    });

    it("report the files and sizes they wrote", async function () {
      const { files } = await trainIris(join(root, "reported"));
      const written = await readFolder(join(root, "reported"));
      expect(files.map(({ name }) => name).toSorted()).to.deep.equal(FILES);
      for (const { name, size } of files) expect(written.get(name)?.length).to.equal(size);
    });

    it("use no function of Math that engines may round differently", async function () {
      const directory = new URL("../../examples/iris/", import.meta.url);
      const sources = (await readdir(directory)).filter((name) => name.endsWith(".ts"));
      const code = (await Promise.all(sources.map((name) => readFile(new URL(name, directory), "utf8")))).join("\n");
      const statements = code.replaceAll(/\/\*\*[^]*?\*\/|\/\/.*/g, "");
      const used = new Set(statements.match(/Math\.\w+|\*\*/g));
      expect([...used].toSorted()).to.deep.equal(["Math.ceil", "Math.floor", "Math.imul", "Math.round", "Math.sqrt"]);
    });
  });

  describe("fineTuneIris", function () {
    it("starts from the weights in the base folder", async function () {
      const base = join(root, "other-base");
      await trainIris(base);
      const weights = await readFile(join(base, "model.safetensors"));
      weights.writeFloatLE(0.5, weights.length - 4);
      await writeFile(join(base, "model.safetensors"), weights);

      await fineTuneIris(base, join(root, "other-version2"));
      expect(await hashWeights(join(root, "other-version2"))).to.not.equal(WEIGHTS_SHA256.version2);
      const { baseModel } = await readTrainingConfig(join(root, "other-version2"));
      expect(baseModel).to.deep.equal({ name: "iris-perceptron", weightsSha256: await hashWeights(base) });
    });

    it("keeps the base model's held-out rows held out", async function () {
      const before = await readTrainingConfig(version1);
      const after = await readTrainingConfig(version2);
      expect(after.split).to.deep.equal(before.split);
    });

    it("names its base model in the card", async function () {
      const card = await readFrontMatter(version2);
      expect(card.base_model).to.equal((await readModelFolder(version1)).name);
      expect(card.base_model_relation).to.equal("finetune");
      expect(await readFrontMatter(version1)).to.not.have.any.keys("base_model", "base_model_relation");
    });

    it("refuses a folder without a model, and its base as the output", async function () {
      expect(await messageOf(fineTuneIris(join(root, "nothing"), join(root, "out")))).to.include("nothing");
      expect(await messageOf(fineTuneIris(version1, `${version1}/.`))).to.include("overwrite");
    });
  });

  for (const version of ["version1", "version2"]) {
    describe(`model folder of ${version}`, function () {
      it("has a valid safetensors file without gap or overlap", async function () {
        const file = await readFile(join(root, version, "model.safetensors"));
        const headerLength = Number(file.readBigUInt64LE());
        expect(headerLength % 8).to.equal(0);
        const { __metadata__: metadata, ...entries } = JSON.parse(file.toString("utf8", 8, 8 + headerLength)) as Header;
        for (const text of Object.values(metadata ?? {})) expect(text).to.be.a("string");

        let position = 0;
        for (const { dtype, shape, data_offsets: offsets } of Object.values(entries)) {
          const size = shape.reduce((product, length) => product * length, 4);
          expect(dtype).to.equal("F32");
          expect(offsets).to.deep.equal([position, position + size]);
          position += size;
        }
        expect(8 + headerLength + position).to.equal(file.length);
        expect(Object.keys(entries)).to.deep.equal(
          [0, 1, 2].flatMap((n) => [`layers.${n}.weight`, `layers.${n}.bias`]),
        );
      });

      it("states the accuracy that its files give on the held-out rows", async function () {
        const { network, scaling } = await readModelFolder(join(root, version));
        const { split } = await readTrainingConfig(join(root, version));
        const { heldOut } = splitRows((await readIris()).rows, split);
        const { accuracy, correct, total } = evaluate(network, scaling, heldOut);

        const card = await readFrontMatter(join(root, version));
        expect(card["model-index"][0]?.results[0]?.metrics[0]).to.include({ type: "accuracy", value: accuracy });
        expect(accuracy).to.equal(Math.round((correct / total) * 10_000) / 10_000);
        expect(correct * 10 >= total * 9, `${correct} of ${total}`).to.equal(true);
      });

      it("has a card with licence, library, task and data", async function () {
        const card = await readFrontMatter(join(root, version));
        expect(card).to.deep.include({
          license: "apache-2.0",
          library_name: "typescript",
          pipeline_tag: "tabular-classification",
          datasets: ["iris"],
        });
      });
    });
  }

  describe("decodeSafetensors", function () {
    it("refuses a file that is cut short, or longer than its tensors", async function () {
      const file = await readFile(join(version1, "model.safetensors"));
      expect(() => decodeSafetensors(file.subarray(0, 4))).to.throw("at least 8 bytes");
      expect(() => decodeSafetensors(file.subarray(0, 100))).to.throw("only 92 follow");
      expect(() => decodeSafetensors(file.subarray(0, -1))).to.throw("layers.2.bias");
      expect(() => decodeSafetensors(Buffer.concat([file, Buffer.alloc(1)]))).to.throw("1 bytes follow");
    });

    it("refuses overlapping tensors, a wrong size, another type, and a header that is not JSON", function () {
      const a = { dtype: "F32", shape: [2], data_offsets: [0, 8] };
      expect(() => decodeSafetensors(createFile({ a, b: { ...a, data_offsets: [4, 12] } }, 12))).to.throw("expected 8");
      expect(() => decodeSafetensors(createFile({ a: { ...a, shape: [3] } }, 8))).to.throw("needs 12");
      expect(() => decodeSafetensors(createFile({ a: { ...a, dtype: "F16" } }, 8))).to.throw("F16");
      expect(() => decodeSafetensors(createFile([], 0))).to.throw("not a JSON object");
      expect(() => decodeSafetensors(createFile(null, 0))).to.throw("not a JSON object");
      expect(() => decodeSafetensors(Buffer.from("\x01\0\0\0\0\0\0\0{"))).to.throw("not JSON");
    });
  });
});

async function readFolder(directory: string): Promise<Map<string, Buffer>> {
  const names = (await readdir(directory)).toSorted();
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(directory, name))] as const)));
}

async function hashWeights(directory: string): Promise<string> {
  const weights = await readFile(join(directory, "model.safetensors"));
  return createHash("sha256").update(weights).digest("hex");
}

async function readFrontMatter(directory: string): Promise<FrontMatter> {
  const card = await readFile(join(directory, "README.md"), "utf8");
  return parse(card.split("---\n")[1] ?? "") as FrontMatter;
}

async function messageOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "no error",
    (error: unknown) => String(error),
  );
}

function createFile(header: unknown, bodyLength: number): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(bodyLength)]);
}

import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { createProgress } from "../../../../src/cli/progress.ts";
import { Wallet } from "ethers";
import type { Registry } from "../../../../src/registry/registry.ts";
import { runLineageTensors } from "../../../../src/cli/run/lineage-tensors.ts";
import type { Terminal } from "../../../../src/cli/terminal.ts";
import { buildProvenance } from "../../../../src/metadata/build-provenance.ts";
import { buildManifestEntry } from "../../../../src/metadata/manifest-entry.ts";
import { readModelFacts } from "../../../../src/metadata/read-model-facts.ts";
import { hashModel } from "../../../../src/model/hash-model.ts";
import { warnOfContradiction } from "../../../../src/publish/check-relation.ts";
import { prepareModel } from "../../../../src/publish/prepare-model.ts";
import { readModelTensors } from "../../../../src/model/tensors/read-model-tensors.ts";
import { type ModelFiles, failureOf, readModelVectors } from "../../../helpers/model-vectors.ts";
import { writeSafetensors } from "../../../helpers/write-safetensors.ts";

const tensor = (name: string, content: string) => ({ name, dtype: "U8", shape: [64], data: Buffer.alloc(64, content) });
const parentFile = writeSafetensors([tensor("a", "1"), tensor("b", "2")]);
const childFile = writeSafetensors([tensor("b", "2"), tensor("a", "3")]);

function vector(kind: "valid" | "invalid", folder: string, name: string): ModelFiles {
  return readModelVectors(kind, folder).find((candidate) => candidate.name === name)?.files as ModelFiles;
}

/** Bytes that this process has read from files so far, in all its threads, where the system counts them. */
function bytesRead(): number | undefined {
  const count = existsSync("/proc/self/io") && /^rchar: (\d+)$/m.exec(readFileSync("/proc/self/io", "utf8"));
  return count ? Number(count[1]) : undefined;
}

describe("Tensors of models on disk", function () {
  let root = "";

  beforeEach(async function () {
    root = await mkdtemp(join(tmpdir(), "model-provenance-"));
  });

  afterEach(async function () {
    await rm(root, { recursive: true, force: true });
  });

  async function write(folder: string, files: Readonly<Record<string, string | Buffer>>): Promise<string> {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, folder, name)), { recursive: true });
      await writeFile(join(root, folder, name), content);
    }
    return join(root, folder);
  }

  async function factsOf(files: Readonly<Record<string, string | Buffer>>) {
    const warnings: string[] = [];
    const model = await hashModel(await write("model", files));
    return { model, warnings, facts: await readModelFacts(model, (text) => warnings.push(text)) };
  }

  describe("readModelFacts", function () {
    it("takes parameters and tensors from the headers, and records root and count", async function () {
      const { model, facts, warnings } = await factsOf({ "model.safetensors": parentFile });
      const { manifest } = await buildManifestEntry(model);
      const account = { creator: `0x${"1".repeat(40)}`, registry: `0x${"2".repeat(40)}`, chainId: 1n };
      const provenance = buildProvenance(model, manifest, facts, {}, account, () => undefined);
      expect(provenance.parameters).to.deep.equal({ total: 128, byDtype: { U8: 128 } });
      expect(provenance.tensors).to.deep.equal({ root: (await readModelTensors(model.path)).root, count: 2 });
      expect(warnings).to.deep.equal([]);
    });

    it("fills architecture and framework from GGUF where config.json is silent", async function () {
      const { facts } = await factsOf(vector("valid", "gguf", "v3"));
      expect(facts.architecture).to.equal("llama");
      expect(facts.framework).to.deep.equal({ name: "GGUF", version: "3" });
    });

    it("prefers config.json to the headers", async function () {
      const config = JSON.stringify({ architectures: ["LlamaForCausalLM"], transformers_version: "5.0.0" });
      const { facts } = await factsOf({ ...vector("valid", "gguf", "v3"), "config.json": config });
      expect(facts.architecture).to.equal("LlamaForCausalLM");
      expect(facts.framework).to.deep.equal({ name: "transformers", version: "5.0.0" });
    });

    it("warns of a malformed header and leaves parameters and tensors out", async function () {
      const files = { "model.safetensors": parentFile, "other.safetensors": Buffer.from("no header") };
      const { facts, warnings } = await factsOf(files);
      expect(facts.parameters).to.equal(undefined);
      expect(facts.tensors).to.equal(undefined);
      expect(warnings).to.have.length(1);
    });

    it("warns of a malformed file of a format that is not the model's, and counts the model", async function () {
      const { facts, warnings } = await factsOf({ "model.safetensors": parentFile, "model.onnx": Buffer.from("x") });
      expect(facts.parameters?.total).to.equal(128);
      expect(facts.tensors?.tensors).to.have.length(2);
      expect(warnings).to.have.length(1);
    });

    it("counts nothing where only a copy in another format can be read", async function () {
      const files = { ...vector("valid", "onnx", "inline"), "model.safetensors": Buffer.from("no header") };
      expect((await factsOf(files)).facts.parameters).to.equal(undefined);
    });

    it("warns of alternatives and leaves parameters and tensors out", async function () {
      const { facts, warnings } = await factsOf({ "a.safetensors": parentFile, "b.safetensors": childFile });
      expect(facts.parameters).to.equal(undefined);
      expect(facts.tensors).to.equal(undefined);
      expect(warnings).to.have.length(1);
    });

    it("counts a model that is one file", async function () {
      const folder = await write("model", { "model.safetensors": parentFile });
      const facts = await readModelFacts(await hashModel(join(folder, "model.safetensors")), () => undefined);
      expect(facts.parameters?.total).to.equal(128);
    });

    it("fails with MODEL_CHANGED when a file has another size than was hashed", async function () {
      const folder = await write("model", { "model.safetensors": parentFile });
      const model = await hashModel(folder);
      await write("model", { "model.safetensors": Buffer.concat([parentFile, parentFile]) });
      expect(await failureOf(() => readModelFacts(model, () => undefined))).to.equal("MODEL_CHANGED");
    });
  });

  describe("warnOfContradiction", function () {
    it("warns where the tensors contradict the relation, and is silent where they do not", async function () {
      const child = await readModelTensors(await write("child", { "model.safetensors": childFile }));
      const parent = await write("parent", { "model.safetensors": parentFile });
      const warnings: string[] = [];
      const warn = (text: string) => warnings.push(text);
      const tensors = await readModelTensors(parent);
      warnOfContradiction(child, { path: parent, tensors }, "fine-tune", warn);
      expect(warnings).to.deep.equal([]);
      warnOfContradiction(child, { path: parent, tensors }, "quantized", warn);
      expect(warnings).to.have.length(1);
    });
  });

  describe("prepareModel", function () {
    it("warns where the relation stated contradicts the tensors of a parent that is given as a path", async function () {
      const warnings: string[] = [];
      const registry = { chainId: 1n, address: `0x${"2".repeat(40)}` } as Registry;
      const modelPath = await write("child", { "model.safetensors": childFile });
      const parents = [await write("parent", { "model.safetensors": parentFile })];
      for (const relation of ["adapter", "fine-tune"] as const) {
        const request = { modelPath, parents, statements: { relation, license: "MIT" } };
        const context = {
          registry,
          signer: new Wallet(`0x${"1".repeat(64)}`),
          warn: (text: string) => warnings.push(text),
        };
        const { built } = await prepareModel(request, context);
        expect(built.metadata.provenance.tensors?.count).to.equal(2);
      }
      expect(warnings).to.have.length(1);
    });
  });

  describe("prepareModel of a model with tensors", function () {
    const size = 24 * 1024 * 1024;
    const large = (content: string) => ({
      name: content,
      dtype: "U8",
      shape: [size],
      data: Buffer.alloc(size, content),
    });

    async function prepare(modelPath: string, parents: string[], withCid: boolean) {
      const warnings: string[] = [];
      let [total, counted] = [0, 0];
      const { built } = await prepareModel(
        { modelPath, parents, withCid, statements: { relation: "version", license: "MIT" } },
        {
          registry: { chainId: 1n, address: `0x${"2".repeat(40)}` } as Registry,
          signer: new Wallet(`0x${"1".repeat(64)}`),
          warn: (text) => warnings.push(text),
          onTotal: (bytes) => (total += bytes),
          onBytes: (bytes) => (counted += bytes),
        },
      );
      return { metadata: built.metadata, warnings, total, counted };
    }

    for (const withCid of [false, true]) {
      it(`reads it once, and its parent once${withCid ? ", with the CID" : ""}`, async function () {
        const parent = await write("parent", { "model.safetensors": parentFile, "README.md": "a parent" });
        const child = await write("child", {
          "model-00001-of-00002.safetensors": writeSafetensors([large("x"), tensor("b", "2")]),
          "model-00002-of-00002.safetensors": writeSafetensors([large("y")]),
        });
        const expected = (await readModelTensors(child)).root;
        const before = bytesRead();
        const { metadata, total, counted, warnings } = await prepare(child, [parent], withCid);
        const after = bytesRead();
        expect(metadata.provenance.tensors).to.deep.equal({ root: expected, count: 3 });
        const bytes = [child, parent].flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
        expect(total).to.equal(bytes.reduce((sum, path) => sum + statSync(path).size, 0));
        expect(counted).to.equal(total);
        // The headers are read before, and cards and configurations after the pass over everything.
        if (before !== undefined && after !== undefined) expect(after - before).to.be.within(total, total * 1.1);
        expect(warnings).to.deep.equal([]);
      });
    }

    it("warns of files that may run code when they are loaded, and records them", async function () {
      const pickles = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`part-${i}.pt`, "pickle"]));
      const child = await write("child", { "model.safetensors": childFile, ...pickles });
      const { metadata, warnings } = await prepare(child, [await write("parent", { a: "b" })], false);
      expect(warnings.join()).to.match(/^Unsafe serialization: .* and 96 more may run code/);
      const { unsafeSerialization } = metadata.provenance.extensions as Record<string, { files: string[] }>;
      expect(unsafeSerialization).to.include({ count: 101 });
      expect(unsafeSerialization?.files).to.have.length(100);
      const attribute = { trait_type: "Files with unsafe serialization", value: 101 };
      expect(metadata.attributes).to.deep.include(attribute);
    });

    it("says nothing of a parent whose tensors cannot be read", async function () {
      const child = await write("child", { "model.safetensors": childFile });
      const { warnings } = await prepare(child, [await write("parent", { "pytorch_model.bin": "pickle" })], false);
      expect(warnings).to.deep.equal([]);
    });
  });

  describe("runLineageTensors", function () {
    async function run(format: "human" | "json") {
      const printed: string[] = [];
      const terminal: Terminal = {
        progress: () => createProgress({ write: () => undefined }, () => 0),
        print: (text) => printed.push(text),
        note: () => undefined,
        warn: () => undefined,
        ask: () => Promise.resolve(false),
        interactive: false,
      };
      const childPath = await write("child", { "model.safetensors": childFile });
      const parentPath = await write("parent", { "model.safetensors": parentFile });
      const exitCode = await runLineageTensors({ childPath, parentPath, format }, terminal);
      return { exitCode, output: printed.join("\n") };
    }

    it("prints a table and a verdict", async function () {
      const { exitCode, output } = await run("human");
      expect(exitCode).to.equal(0);
      expect(output).to.match(/^changed +1 +64 +50\.00 % of the child$/m);
      expect(output).to.match(/^FINE-TUNE: /m);
    });

    it("prints JSON", async function () {
      const { output } = await run("json");
      const report = JSON.parse(output) as Record<string, unknown>;
      expect(report).to.include({ schemaVersion: "1.0", verdict: "fine-tune" });
      expect(report["identical"]).to.deep.equal(["b"]);
    });

    it("follows the bytes of the tensors", async function () {
      let [total, counted] = [0, 0];
      await readModelTensors(await write("child", { "model.safetensors": childFile }), {
        onTotal: (bytes) => (total += bytes),
        onBytes: (bytes) => (counted += bytes),
      });
      expect([total, counted]).to.deep.equal([128, 128]);
    });

    it("refuses a model without tensors that can be compared", async function () {
      const path = await write("onnx", vector("valid", "onnx", "inline"));
      expect(await failureOf(() => readModelTensors(path))).to.equal("MODEL_HEADER_INVALID");
    });
  });
});

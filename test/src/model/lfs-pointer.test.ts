import { writeFileSync } from "node:fs";
import { expect } from "chai";
import { hashModel } from "../../../src/model/hash-model.ts";
import { parseLfsPointer } from "../../../src/model/lfs-pointer.ts";
import { computeManifestDigests } from "../../../src/model/manifest-digests.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { lfsPointer, lfsPointerTo } from "../../helpers/lfs-pointer.ts";
import { resourceOf } from "../../helpers/resources.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { readVectors } from "../../helpers/vectors.ts";

const WITH_EXTENSION = lfsPointerTo("w").replace("oid", `ext-0-foo sha256:${"ab".repeat(32)}\noid`);

describe("parseLfsPointer", function () {
  for (const { description, text, sha256, size } of readVectors<{ text: string; sha256: string; size: number }>(
    "valid",
    "lfs-pointer",
  )) {
    it(`reads ${description}`, function () {
      expect(parseLfsPointer(Buffer.from(text))).to.deep.equal({ sha256, size });
    });
  }

  for (const { description, text } of readVectors<{ text: string }>("invalid", "lfs-pointer")) {
    it(`refuses ${description}`, function () {
      expect(parseLfsPointer(Buffer.from(text))).to.equal(undefined);
    });
  }

  it("refuses more than 1024 bytes", function () {
    expect(parseLfsPointer(Buffer.from(lfsPointerTo("x").padEnd(1025, "\n")))).to.equal(undefined);
  });
});

describe("hashModel of Git LFS pointers", function () {
  const temporary = useTemporaryFolder();
  const pointer = lfsPointerTo("weights");
  const FILES = { "README.md": "x", "model.safetensors": pointer, "tokenizer.model": lfsPointerTo("tokens") };

  it("warns of files that are pointers, and hashes them as the files they are", async function () {
    const model = await hashModel(await temporary.write("model", FILES));
    expect(model.resources[1]).to.deep.equal(resourceOf("model.safetensors", pointer));
    expect(model.pointers).to.deep.equal([]);
    expect(model.warnings).to.have.length(2);
    expect(model.warnings[0]).to.include("model.safetensors").and.to.include("git lfs pull");
  });

  for (const [program, text] of [
    ["Xet", `# xet version 0\nfilesize = 10\nhash = '${"ab".repeat(32)}'\n`],
    ["git-annex", `/annex/objects/SHA256E-s10--${"ab".repeat(32)}.bin\n`],
  ] as const) {
    it(`warns of pointers of ${program} as well, takes no digest from them, and refuses them`, async function () {
      const folder = await temporary.write("model", { "vocab.txt": text, "README.md": "x" });
      for (const lfsPointers of ["warn", "accept"] as const) {
        const { warnings, resources } = await hashModel(folder, { lfsPointers });
        expect(warnings.join()).to.include("vocab.txt").and.to.include(program);
        expect(resources[1]).to.deep.equal(resourceOf("vocab.txt", text));
      }
      expect(await errorCode(() => hashModel(folder, { lfsPointers: "refuse" }))).to.equal("MODEL_INCOMPLETE");
    });
  }

  it("takes digests and sizes from pointers where it is asked to", async function () {
    const folder = await temporary.write("model", FILES);
    let bytes = 0;
    const model = await hashModel(folder, { lfsPointers: "accept", onBytes: (read) => (bytes += read) });
    const resources = [
      resourceOf("README.md", "x"),
      resourceOf("model.safetensors", "weights"),
      resourceOf("tokenizer.model", "tokens"),
    ];
    expect(model.resources).to.deep.equal(resources);
    expect(model).to.include(computeManifestDigests(resources));
    expect(model.pointers).to.deep.equal(["model.safetensors", "tokenizer.model"]);
    expect([model.warnings, bytes]).to.deep.equal([[], 1]);
  });

  it("takes a pointer that is the whole model", async function () {
    const folder = await temporary.write("model", { "a.gguf": pointer });
    const model = await hashModel(`${folder}/a.gguf`, { lfsPointers: "accept" });
    expect(model.resources).to.deep.equal([resourceOf("a.gguf", "weights")]);
  });

  it("holds sizes above 32 bits", async function () {
    const size = 5 * 2 ** 30;
    const folder = await temporary.write("model", { "a.gguf": lfsPointer("ab".repeat(32), size) });
    const model = await hashModel(folder, { lfsPointers: "accept" });
    expect(model.resources[0]).to.deep.equal({ name: "a.gguf", size, sha256: "ab".repeat(32) });
  });

  it("warns of what only looks like a pointer, and hashes it", async function () {
    for (const text of [WITH_EXTENSION, pointer.replaceAll("\n", "\r\n"), pointer.trimEnd()]) {
      const model = await hashModel(await temporary.write("model", { "a.bin": text }), { lfsPointers: "accept" });
      expect(model.resources).to.deep.equal([resourceOf("a.bin", text)]);
      expect([model.pointers.length, model.warnings.length]).to.deep.equal([0, 1]);
    }
  });

  it("takes a file that says more than a pointer for what it is", async function () {
    const text = pointer.padEnd(1025, "x");
    const model = await hashModel(await temporary.write("model", { "a.bin": text }), { lfsPointers: "accept" });
    expect(model.resources).to.deep.equal([resourceOf("a.bin", text)]);
    expect(model.warnings).to.deep.equal([]);
  });

  for (const [what, text] of Object.entries({ pointer, "pointer with extensions": WITH_EXTENSION })) {
    it(`refuses a ${what} where content is needed, weights or not`, async function () {
      for (const name of ["model.bin", "sub/vocab.txt"]) {
        const folder = await temporary.write(`model-${name.length}`, { [name]: text, other: "1" });
        expect(await errorCode(() => hashModel(folder, { lfsPointers: "refuse" }))).to.equal("MODEL_INCOMPLETE");
        const left = await hashModel(folder, { lfsPointers: "refuse", ignorePaths: [name] });
        expect(left.resources).to.have.length(1);
      }
    });
  }

  it("refuses to compute a CID from pointers", async function () {
    const folder = await temporary.write("model", FILES);
    const code = await errorCode(() => hashModel(folder, { lfsPointers: "accept", withCid: true }));
    expect(code).to.equal("MODEL_INCOMPLETE");
  });

  it("notices a pointer that is replaced meanwhile", async function () {
    const folder = await temporary.write("model", FILES);
    const onBytes = () => writeFileSync(`${folder}/model.safetensors`, "weights");
    expect(await errorCode(() => hashModel(folder, { lfsPointers: "accept", onBytes }))).to.equal("MODEL_CHANGED");
  });
});

import { once } from "node:events";
import { chmodSync, closeSync, ftruncateSync, linkSync, openSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { planHashing } from "../../../src/model/hashing/plan.ts";
import { warnOfCaseCollisions } from "../../../src/model/case-collisions.ts";
import { hashModel } from "../../../src/model/hash-model.ts";
import { createManifestTree } from "../../../src/model/manifest-tree.ts";
import { computeModelDigest } from "../../../src/model/manifest.ts";
import { walkModel } from "../../../src/model/walk.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { resourceOf } from "../../helpers/resources.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { errorUnprivileged } from "../../helpers/unprivileged.ts";

const GIB = 2 ** 30;

describe("odd folders", function () {
  const temporary = useTemporaryFolder();

  describe("sparse and huge files", function () {
    /** A file that is one hole. */
    function makeSparse(path: string, size: number): void {
      const file = openSync(path, "w");
      ftruncateSync(file, size);
      closeSync(file);
    }

    it("are listed and planned with all bits of their size", async function () {
      const folder = await temporary.write("model", { "small.bin": "1" });
      makeSparse(`${folder}/hole.bin`, 5 * GIB);
      const { files } = await walkModel(folder);
      expect(files.map(({ size }) => size)).to.deep.equal([5 * GIB, 1]);
      expect(files[0]?.identity.size).to.equal(5n * 2n ** 30n);
      expect(planHashing(files, 4, 2)).to.deep.equal({ batches: [[1]], lone: 0 });
      expect(planHashing(files, 1, 1)).to.deep.equal({ batches: [[0], [1]] });
    });

    it("are read as the zeros they are", async function () {
      const size = 40 * 1024 * 1024 + 1;
      const folder = await temporary.write("model", {});
      makeSparse(`${folder}/hole.bin`, size);
      const { resources } = await hashModel(folder);
      expect(resources).to.deep.equal([resourceOf("hole.bin", Buffer.alloc(size))]);
    });

    for (const size of [2 ** 31, 2 ** 32 - 1, 2 ** 32, 5 * GIB, 2 ** 53 - 1]) {
      it(`have a Merkle leaf with a size of ${size}`, function () {
        const sha256 = "ab".repeat(32);
        const { root } = createManifestTree([{ name: "hole.bin", size, sha256 }]);
        const leaves: [string, bigint, string][] = [["hole.bin", BigInt(size), `0x${sha256}`]];
        expect(root).to.equal(StandardMerkleTree.of(leaves, ["string", "uint64", "bytes32"]).root);
      });
    }
  });

  it("may hold very many files", async function () {
    const folder = await temporary.write("model", {});
    const resources = Array.from({ length: 20_000 }, (_, i) => {
      const [name, content] = [`${String(i).padStart(5, "0")}.json`, `{"i":${i}}`];
      writeFileSync(`${folder}/${name}`, content);
      return resourceOf(name, content);
    });
    const model = await hashModel(folder);
    expect(model.resources).to.have.length(20_000);
    expect(model.modelDigest).to.equal(computeModelDigest(resources));
  });

  describe("names", function () {
    it("of any script keep their bytes, in the order of these", async function () {
      const names = ["Zürich", "zürich.bin", "Ελλάδα", "Привет", "שלום", "مرحبا", "हिन्दी", "ภาษาไทย", "中文.gguf"];
      names.push("日本語/モデル.onnx", "한국어", "\ufb01", "\u{1f600}.txt", "\u{20000}", " lead", "new\nline", "-rf");
      const folder = await temporary.write("model", Object.fromEntries(names.map((name) => [name, name])));
      const model = await hashModel(folder);
      const sorted = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(model.resources).to.deep.equal(sorted.map((name) => resourceOf(name, name)));
      expect(model.warnings).to.deep.equal([]);
    });

    it("that are equal but for case are warned of", async function () {
      const files = { "Model.bin": "1", "model.bin": "2", "a/X": "3", "A/y": "4", ÉCOLE: "5", école: "6", b: "7" };
      const { warnings } = await hashModel(await temporary.write("model", files));
      expect(warnings).to.have.length(3);
      for (const pair of [
        ["Model.bin", "model.bin"],
        ["a", "A"],
        ["ÉCOLE", "école"],
      ] as const) {
        expect(warnings.some((text) => pair.every((name) => text.split(/ (?:and|differ) /).includes(name)))).to.equal(
          true,
          pair.join(),
        );
      }
    });

    it("of a file and a folder collide as well; the same folder does not", function () {
      expect(warnOfCaseCollisions(["a/b/x", "a/b/y", "a/c", "d"])).to.deep.equal([]);
      expect(warnOfCaseCollisions(["a/b/x", "a/B"])).to.have.length(1);
      expect(warnOfCaseCollisions(["a/x", "A/x"])).to.have.length(2);
      expect(warnOfCaseCollisions(["caf\u00e9", "CAFE\u0301"])).to.have.length(1);
    });

    it("that collide by the thousand are counted", function () {
      const names = Array.from({ length: 1000 }, (_, i) => [`a${i}`, `A${i}`]).flat();
      const warnings = warnOfCaseCollisions(names);
      expect(warnings).to.have.length(11);
      expect(warnings[10]).to.include("990");
    });
  });

  it("may hold hard links: each name is a file of its own", async function () {
    const folder = await temporary.write("model", { a: "same" });
    linkSync(`${folder}/a`, `${folder}/b`);
    linkSync(`${folder}/a`, temporary.path("outside"));
    const { resources } = await hashModel(folder, { withCid: true });
    expect(resources).to.deep.equal([resourceOf("a", "same"), resourceOf("b", "same")]);
  });

  it("are refused with a socket in them, or a device for a model", async function () {
    const folder = await temporary.write("model", { a: "1" });
    const server = createServer().listen(`${folder}/socket`);
    await once(server, "listening");
    try {
      expect(await errorCode(() => walkModel(folder))).to.equal("MODEL_UNSUPPORTED_ENTRY");
      expect(await errorCode(() => walkModel(`${folder}/socket`))).to.equal("MODEL_UNSUPPORTED_ENTRY");
      expect((await walkModel(folder, { ignorePaths: ["socket"] })).files).to.have.length(1);
    } finally {
      server.close();
    }
    expect(await errorCode(() => walkModel("/dev/null"))).to.equal("MODEL_UNSUPPORTED_ENTRY");
  });

  for (const content of ["weights", "x".repeat(2000)]) {
    it(`are refused by the name of the file of ${content.length} bytes that cannot be read`, async function () {
      const folder = await temporary.write("model", { a: "1", "sub/secret.bin": content });
      chmodSync(temporary.path(), 0o755);
      chmodSync(`${folder}/sub/secret.bin`, 0o000);
      const { code, message } = await errorUnprivileged("model/hash-model.ts", "hashModel", folder);
      expect(code).to.equal("MODEL_UNREADABLE");
      expect(message).to.include("sub/secret.bin");
    });
  }
});

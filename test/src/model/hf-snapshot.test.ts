import { linkSync, mkdirSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { readClaim } from "../../../src/model/claim.ts";
import { hashModel } from "../../../src/model/hash-model.ts";
import { findBlobsFolder } from "../../../src/model/hf-snapshot.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { resourceOf } from "../../helpers/resources.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { readVectors } from "../../helpers/vectors.ts";

const REPOSITORY = "hub/models--org--name";
const SNAPSHOT = `${REPOSITORY}/snapshots/0123abc`;
const [CLAIM] = readVectors<{ claim: object }>("valid", "claim");

describe("a snapshot of the Hugging Face cache", function () {
  const temporary = useTemporaryFolder();

  /** As huggingface_hub lays it out: content under its digest, and links under the names. */
  async function makeSnapshot(): Promise<string> {
    await temporary.write(`${REPOSITORY}/blobs`, { aaaa: "{}", bbbb: "weights", cccc: "onnx" });
    const folder = await temporary.write(SNAPSHOT, {});
    mkdirSync(`${folder}/onnx/int8`, { recursive: true });
    symlinkSync("../../blobs/aaaa", `${folder}/config.json`);
    symlinkSync("../../blobs/bbbb", `${folder}/model.safetensors`);
    symlinkSync("../../../../blobs/cccc", `${folder}/onnx/int8/model.onnx`);
    return folder;
  }

  const RESOURCES = [
    resourceOf("config.json", "{}"),
    resourceOf("model.safetensors", "weights"),
    resourceOf("onnx/int8/model.onnx", "onnx"),
  ];

  it("has the names of the links and the content of the blobs, in nested folders too", async function () {
    const model = await hashModel(await makeSnapshot(), { hfCache: true });
    expect(model.resources).to.deep.equal(RESOURCES);
    expect(model.warnings).to.deep.equal([]);
  });

  it("has the digests of the same files without links", async function () {
    const linked = await hashModel(await makeSnapshot(), { hfCache: true, withCid: true });
    const files = { "config.json": "{}", "model.safetensors": "weights", "onnx/int8/model.onnx": "onnx" };
    const plain = await hashModel(await temporary.write("plain", files), { hfCache: true, withCid: true });
    expect(linked).to.deep.equal({ ...plain, path: linked.path, sources: linked.sources });
  });

  it("is hashed by a folder in it, by one of its links, and by a link to it", async function () {
    const folder = await makeSnapshot();
    const below = await hashModel(`${folder}/onnx`, { hfCache: true });
    expect(below.resources).to.deep.equal([resourceOf("int8/model.onnx", "onnx")]);
    const file = await hashModel(`${folder}/model.safetensors`, { hfCache: true });
    expect(file).to.include({ kind: "file" });
    expect(file.resources).to.deep.equal([resourceOf("model.safetensors", "weights")]);
    symlinkSync(folder, temporary.path("latest"));
    expect((await hashModel(temporary.path("latest"), { hfCache: true })).resources).to.deep.equal(RESOURCES);
  });

  it("may hold plain files, absolute links and two links to one blob", async function () {
    const folder = await makeSnapshot();
    writeFileSync(`${folder}/notes`, "plain");
    symlinkSync("../../blobs/bbbb", `${folder}/same.safetensors`);
    const { path } = await hashModel(folder, { hfCache: true });
    symlinkSync(path.replace(/snapshots.*/, "blobs/cccc"), `${folder}/absolute`);
    const { resources } = await hashModel(folder, { hfCache: true });
    expect(resources).to.have.deep.members([
      ...RESOURCES,
      resourceOf("notes", "plain"),
      resourceOf("same.safetensors", "weights"),
      resourceOf("absolute", "onnx"),
    ]);
  });

  describe("whose blobs lie in the shared store of the cache", function () {
    const [BLOB, STORED] = ["e".repeat(64), `dd${"d".repeat(62)}`];

    async function makeShared(odd: { store?: string; marker?: string; blob?: string; stored?: string } = {}) {
      const { store = "hub/blobs", marker = "1\n", stored = `dd/${STORED}` } = odd;
      await temporary.write(`${REPOSITORY}/blobs`, {});
      await temporary.write(store, {
        ...(marker === "" ? {} : { ".huggingface-shared-blobs": marker }),
        [stored]: "weights",
      });
      const folder = await temporary.write(SNAPSHOT, {});
      symlinkSync(odd.blob ?? `../../blobs/${stored}`, temporary.path(REPOSITORY, `blobs/${BLOB}`));
      symlinkSync(`../../blobs/${BLOB}`, `${folder}/model.bin`);
      return folder;
    }
    const codeOf = (folder: string) => errorCode(() => hashModel(folder, { hfCache: true }));

    it("has their content, also by an absolute link and by the path of one file", async function () {
      const folder = await makeShared();
      const resources = [resourceOf("model.bin", "weights")];
      expect((await hashModel(folder, { hfCache: true })).resources).to.deep.equal(resources);
      expect((await hashModel(`${folder}/model.bin`, { hfCache: true })).resources).to.deep.equal(resources);
      const blob = temporary.path(REPOSITORY, `blobs/${BLOB}`);
      unlinkSync(blob);
      symlinkSync(temporary.path(`hub/blobs/dd/${STORED}`), blob);
      expect((await hashModel(folder, { hfCache: true })).resources).to.deep.equal(resources);
    });

    for (const [what, odd] of Object.entries({
      "is not marked": { marker: "" },
      "is marked as another version": { marker: "2\n" },
      "is that of another cache": { store: "other/blobs", blob: `../../../other/blobs/dd/${STORED}` },
      "has another name": { stored: `aa/${STORED}` },
      "holds something else": { stored: "dd/notes.txt" },
      "is reached by a way round": { blob: `../../blobs/dd/../dd/${STORED}` },
    })) {
      it(`is refused where the store ${what}`, async function () {
        expect(await codeOf(await makeShared(odd))).to.equal("MODEL_UNSUPPORTED_ENTRY");
      });
    }

    it("is refused where the stored blob is a link again, or missing, or the store is a link", async function () {
      const folder = await makeShared();
      const stored = temporary.path(`hub/blobs/dd/${STORED}`);
      renameSync(stored, temporary.path("elsewhere"));
      expect(await codeOf(folder)).to.equal("MODEL_UNSUPPORTED_ENTRY");
      symlinkSync(temporary.path("elsewhere"), stored);
      expect(await codeOf(folder)).to.equal("MODEL_UNSUPPORTED_ENTRY");
      unlinkSync(stored);
      renameSync(temporary.path("elsewhere"), stored);
      renameSync(temporary.path("hub/blobs"), temporary.path("hub/moved"));
      symlinkSync("moved", temporary.path("hub/blobs"));
      expect(await codeOf(folder)).to.equal("MODEL_UNSUPPORTED_ENTRY");
    });
  });

  it("leaves a claim out that is a link, and finds it", async function () {
    const folder = await makeSnapshot();
    writeFileSync(temporary.path(REPOSITORY, "blobs/dddd"), JSON.stringify(CLAIM?.claim));
    symlinkSync("../../blobs/dddd", `${folder}/model-provenance.json`);
    symlinkSync("../../blobs/dddd", `${folder}/.gitattributes`);
    const model = await hashModel(folder, { hfCache: true });
    expect(model.resources).to.deep.equal(RESOURCES);
    expect(model.excluded.map(({ reason }) => reason)).to.deep.equal(["git", "claim"]);
    expect(await readClaim(folder, "folder", { hfCache: true })).to.deep.equal(CLAIM?.claim);
    expect(await readClaim(folder, "folder")).to.equal(undefined);
  });

  describe("refuses", function () {
    it("its links without the option", async function () {
      const folder = await makeSnapshot();
      expect(await errorCode(() => hashModel(folder))).to.equal("MODEL_UNSUPPORTED_ENTRY");
    });

    const links: Record<string, string> = {
      "that dangles": "../../blobs/eeee",
      "to another repository's blobs": "../../../models--org--other/blobs/ffff",
      "to a file beside the blobs": "../../refs/main",
      "to a file below a folder in the blobs": "../../blobs/folder/file",
      "to the blobs themselves": "../../blobs",
      "to a folder in the blobs": "../../blobs/folder",
      "to a file of the snapshot": "config.json",
      "to a link in the blobs": "../../blobs/link",
      "by way of a linked folder": "../../elsewhere/../blobs/bbbb",
      "by way of the snapshot's own folder": "../0123abc/../../blobs/bbbb",
      "out of everything": "/etc/hostname",
      "to a socket or FIFO": "/dev/null",
    };
    for (const [what, target] of Object.entries(links)) {
      it(`a link ${what}`, async function () {
        const folder = await makeSnapshot();
        await temporary.write("hub/models--org--other/blobs", { ffff: "foreign" });
        await temporary.write(REPOSITORY, { "refs/main": "0123abc", "blobs/folder/file": "x" });
        symlinkSync("bbbb", temporary.path(REPOSITORY, "blobs/link"));
        symlinkSync("../models--org--other/blobs", temporary.path(REPOSITORY, "elsewhere"));
        symlinkSync(target, `${folder}/link`);
        expect(await errorCode(() => hashModel(folder, { hfCache: true }))).to.equal("MODEL_UNSUPPORTED_ENTRY");
        expect(await errorCode(() => hashModel(`${folder}/link`, { hfCache: true }))).to.equal(
          "MODEL_UNSUPPORTED_ENTRY",
        );
      });
    }

    it("a folder that is a link", async function () {
      const folder = await makeSnapshot();
      symlinkSync("onnx", `${folder}/linked`);
      expect(await errorCode(() => hashModel(folder, { hfCache: true }))).to.equal("MODEL_UNSUPPORTED_ENTRY");
    });

    it("blobs that are a link to another repository's", async function () {
      const folder = await makeSnapshot();
      await temporary.write("hub/models--org--other/blobs", { aaaa: "{}", bbbb: "weights", cccc: "onnx" });
      renameSync(temporary.path(REPOSITORY, "blobs"), temporary.path(REPOSITORY, "gone"));
      symlinkSync("../models--org--other/blobs", temporary.path(REPOSITORY, "blobs"));
      expect(await errorCode(() => hashModel(folder, { hfCache: true }))).to.equal("MODEL_UNSUPPORTED_ENTRY");
    });

    it("links of a folder that is no snapshot", async function () {
      const folder = await temporary.write("model", { a: "1" });
      symlinkSync("a", `${folder}/b`);
      expect(await errorCode(() => hashModel(folder, { hfCache: true }))).to.equal("MODEL_UNSUPPORTED_ENTRY");
    });

    it("blobs of a repository that the snapshot itself brings along", async function () {
      const folder = await makeSnapshot();
      const inner = await temporary.write(`${SNAPSHOT}/models--x--y`, { "blobs/zzzz": "x", "snapshots/1/b": "y" });
      symlinkSync("../../blobs/zzzz", `${inner}/snapshots/1/a`);
      expect(await errorCode(() => hashModel(folder, { hfCache: true }))).to.equal("MODEL_UNSUPPORTED_ENTRY");
    });
  });

  describe("that changes meanwhile", function () {
    const relink = (folder: string, target: string) => {
      unlinkSync(`${folder}/config.json`);
      symlinkSync(target, `${folder}/config.json`);
    };
    const changes: Record<string, (folder: string) => void> = {
      "a link that leads to another blob": (folder) => relink(folder, "../../blobs/bbbb"),
      "a link that leads to the same file by another name": (folder) => relink(folder, "../../blobs/hard"),
      "a link written anew": (folder) => relink(folder, "../../blobs/aaaa"),
      "a link that became a file": (folder) => {
        unlinkSync(`${folder}/config.json`);
        linkSync(`${folder}/../../blobs/aaaa`, `${folder}/config.json`);
      },
      "a blob that was written": (folder) => writeFileSync(`${folder}/../../blobs/aaaa`, "[]"),
      "a blob put in another's place": (folder) =>
        renameSync(`${folder}/../../blobs/cccc`, `${folder}/../../blobs/aaaa`),
    };
    for (const [what, change] of Object.entries(changes)) {
      it(`is refused: ${what}`, async function () {
        const folder = await makeSnapshot();
        linkSync(`${folder}/../../blobs/aaaa`, `${folder}/../../blobs/hard`);
        let changed = false;
        const onBytes = () => {
          if (!changed) change(folder);
          changed = true;
        };
        const code = await errorCode(() => hashModel(folder, { hfCache: true, onBytes }));
        expect(code).to.be.oneOf(["MODEL_CHANGED", "MODEL_UNSUPPORTED_ENTRY"]);
      });
    }
  });

  it("is known by its path", function () {
    expect(findBlobsFolder("/h/models--a--b/snapshots/1")).to.equal("/h/models--a--b/blobs");
    expect(findBlobsFolder("/h/datasets--a--b/snapshots/1/x/y")).to.equal("/h/datasets--a--b/blobs");
    for (const path of [
      "/h/models--a--b/snapshots",
      "/h/models--a--b/1",
      "/h/other/snapshots/1",
      "/snapshots/1",
      "/",
    ]) {
      expect(findBlobsFolder(path), path).to.equal(undefined);
    }
  });
});

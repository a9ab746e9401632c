import { execFileSync } from "node:child_process";
import { unlinkSync, writeFileSync } from "node:fs";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { walkModel } from "../../../src/model/walk.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { errorCodeUnprivileged } from "../../helpers/unprivileged.ts";
import { readVectors } from "../../helpers/vectors.ts";

const [CLAIM] = readVectors<{ claim: object }>("valid", "claim");
const [BUNDLE] = readVectors<{ bundle: object }>("valid", "oms-bundle");
const claimText = JSON.stringify(CLAIM?.claim);
const bundleText = JSON.stringify(BUNDLE?.bundle);

describe("walkModel refuses", function () {
  const temporary = useTemporaryFolder();

  async function list(files: Record<string, string>, ignorePaths: string[] = []) {
    const { files: listed } = await walkModel(await temporary.write("model", files), { ignorePaths });
    return listed.map(({ name }) => name);
  }

  it("a missing path, and of a path through a file", async function () {
    const folder = await temporary.write("model", { a: "1" });
    expect(await errorCode(() => walkModel(temporary.path("nothing")))).to.equal("MODEL_NOT_FOUND");
    expect(await errorCode(() => walkModel(`${folder}/a/b`))).to.equal("MODEL_NOT_FOUND");
  });

  it("a folder without files, or in which all are left out", async function () {
    await mkdir(temporary.path("empty/sub"), { recursive: true });
    expect(await errorCode(() => walkModel(temporary.path("empty")))).to.equal("MODEL_EMPTY");
    expect(await errorCode(() => list({ ".gitignore": "x", "notes.txt": "x" }, ["notes.txt"]))).to.equal("MODEL_EMPTY");
  });

  it("a folder that cannot be read", async function () {
    const folder = await temporary.write("model", { "closed/a": "1", b: "2" });
    await chmod(temporary.path(), 0o755);
    expect(await errorCodeUnprivileged("model/walk.ts", "walkModel", folder)).to.equal("no error");
    await chmod(`${folder}/closed`, 0o000);
    try {
      expect(await errorCodeUnprivileged("model/walk.ts", "walkModel", folder)).to.equal("MODEL_UNREADABLE");
      expect(await errorCodeUnprivileged("model/walk.ts", "walkModel", `${folder}/closed/a`)).to.equal(
        "MODEL_UNREADABLE",
      );
    } finally {
      await chmod(`${folder}/closed`, 0o755);
    }
  });

  for (const [where, target] of Object.entries({
    inside: "a",
    "to a folder inside": "sub",
    outside: "/etc/hostname",
    nowhere: "nothing",
  })) {
    it(`a link that leads ${where}`, async function () {
      const folder = await temporary.write("model", { a: "1", "sub/b": "2" });
      await symlink(target, `${folder}/link`);
      expect(await errorCode(() => walkModel(folder))).to.equal("MODEL_UNSUPPORTED_ENTRY");
    });
  }

  it("links under the claim's and the bundle's name", async function () {
    const folder = await temporary.write("model", { a: "1" });
    for (const [name, text] of Object.entries({ "model-provenance.json": claimText, "model.sig": bundleText })) {
      await writeFile(temporary.path("target"), text);
      await symlink("../target", `${folder}/${name}`);
      expect(await errorCode(() => walkModel(folder))).to.equal("MODEL_UNSUPPORTED_ENTRY");
      unlinkSync(`${folder}/${name}`);
    }
  });

  it("a FIFO, in the folder or as the model", async function () {
    const folder = await temporary.write("model", { a: "1" });
    execFileSync("mkfifo", [`${folder}/model-provenance.json`]);
    expect(await errorCode(() => walkModel(folder))).to.equal("MODEL_UNSUPPORTED_ENTRY");
    expect(await errorCode(() => walkModel(`${folder}/model-provenance.json`))).to.equal("MODEL_UNSUPPORTED_ENTRY");
  });

  it("a name that is not valid UTF-8", async function () {
    const folder = await temporary.write("model", { a: "1" });
    const path = Buffer.concat([Buffer.from(`${folder}/bad-`), Buffer.from([0xff, 0xfe])]);
    writeFileSync(path, "x");
    try {
      expect(await errorCode(() => walkModel(folder))).to.equal("RESOURCE_NAME_INVALID");
    } finally {
      unlinkSync(path);
    }
  });

  it("a name with a backslash, in the folder or as the model", async function () {
    expect(await errorCode(() => list({ "a\\b": "1" }))).to.equal("RESOURCE_NAME_INVALID");
    expect(await errorCode(() => walkModel(temporary.path("model", "a\\b")))).to.equal("RESOURCE_NAME_INVALID");
  });

  it("two names that are equal after normalisation", async function () {
    expect(await errorCode(() => list({ "caf\u00e9": "1", "cafe\u0301": "2" }))).to.equal("RESOURCE_NAME_INVALID");
    expect(await list({ "caf\u00e9": "1", "cafe\u0301": "2" }, ["cafe\u0301"])).to.deep.equal(["caf\u00e9"]);
  });
});

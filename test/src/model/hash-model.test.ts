import { renameSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { hashModel } from "../../../src/model/hash-model.ts";
import { computeManifestDigests } from "../../../src/model/manifest-digests.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { resourceOf } from "../../helpers/resources.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { readVectors } from "../../helpers/vectors.ts";

describe("hashModel", function () {
  const temporary = useTemporaryFolder();

  for (const { description, files, modelDigest } of readVectors<{ files: Record<string, string>; modelDigest: string }>(
    "valid",
    "model-digest",
  )) {
    it(`gives the known OMS digest of files on disk: ${description}`, async function () {
      expect((await hashModel(await temporary.write("model", files))).modelDigest).to.equal(modelDigest);
    });
  }

  it("lists resources in name order with their digests, and what was left out", async function () {
    const folder = await temporary.write("model", { "model.bin": "weights", ".gitignore": "x", "a/b": "", notes: "x" });
    let counted = 0;
    const model = await hashModel(folder, { ignorePaths: ["notes"], onBytes: (bytes) => (counted += bytes) });
    expect(model.resources).to.deep.equal([resourceOf("a/b", ""), resourceOf("model.bin", "weights")]);
    expect(model).to.include(computeManifestDigests(model.resources));
    expect(model.excluded.map(({ name }) => name)).to.deep.equal([".gitignore", "notes"]);
    expect(model.ignorePaths).to.deep.equal(["notes"]);
    expect(counted).to.equal(7);
  });

  it("gives a single file the digest of a folder that holds nothing else", async function () {
    const folder = await temporary.write("model", { "model.bin": "weights" });
    const { kind: _, path: __, ...ofFolder } = await hashModel(folder);
    const { kind, path: ___, ...ofFile } = await hashModel(`${folder}/model.bin`);
    expect(kind).to.equal("file");
    expect(ofFile).to.deep.equal(ofFolder);
  });

  describe("of a folder that changes meanwhile", function () {
    const changes: Record<string, (folder: string) => void> = {
      "another file put in a file's place": (folder) => renameSync(`${folder}/spare`, `${folder}/a`),
      "a file written that was hashed already": (folder) => writeFileSync(`${folder}/a`, "else"),
      "a file added": (folder) => writeFileSync(`${folder}/new`, "new"),
      "a file removed": (folder) => unlinkSync(`${folder}/a`),
      "a folder that became a link out of it": (folder) => {
        renameSync(`${folder}/sub`, `${folder}-outside`);
        symlinkSync(`${folder}-outside`, `${folder}/sub`);
      },
    };
    for (const [what, change] of Object.entries(changes)) {
      it(`refuses ${what}`, async function () {
        const folder = await temporary.write("model", { a: "1", b: "2", spare: "3", "sub/x": "4" });
        let changed = false;
        const onBytes = () => {
          if (!changed) change(folder);
          changed = true;
        };
        const code = await errorCode(() => hashModel(folder, { onBytes }));
        expect(code).to.be.oneOf(["MODEL_CHANGED", "MODEL_UNSUPPORTED_ENTRY"]);
      });
    }
  });
});

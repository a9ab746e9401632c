import { execFileSync } from "node:child_process";
import { symlink, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { isOmsBundle } from "../../../src/model/oms-bundle.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { readVectors } from "../../helpers/vectors.ts";

describe("isOmsBundle", function () {
  const temporary = useTemporaryFolder();

  for (const { description, bundle } of readVectors<{ bundle: object }>("valid", "oms-bundle")) {
    it(`tells a bundle: ${description}`, async function () {
      await writeFile(temporary.path("model.sig"), JSON.stringify(bundle));
      expect(await isOmsBundle(temporary.path("model.sig"))).to.equal(true);
      await symlink("model.sig", temporary.path("link"));
      expect(await isOmsBundle(temporary.path("link"))).to.equal(false);
    });
  }

  for (const { description, text } of readVectors<{ text: string }>("invalid", "oms-bundle")) {
    it(`tells something else: ${description}`, async function () {
      await writeFile(temporary.path("model.sig"), text);
      expect(await isOmsBundle(temporary.path("model.sig"))).to.equal(false);
    });
  }

  it("tells a missing file, a folder and a FIFO from a bundle", async function () {
    execFileSync("mkfifo", [temporary.path("fifo")]);
    for (const name of ["nothing", ".", "fifo"]) expect(await isOmsBundle(temporary.path(name))).to.equal(false);
  });
});

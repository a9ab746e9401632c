import { mkdir, readFile, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { downloadModel } from "../../../src/hub/download-model.ts";
import { inspectModel } from "../../../src/hub/inspect-model.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { hubRepo, lfsFile } from "../../helpers/servers/hub-repo.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { useHub } from "../../helpers/use-hub.ts";

const REPO = hubRepo("lab/model", { "config.json": "{}", "weights/model.bin": lfsFile("weights") });

describe("downloadModel", function () {
  const temporary = useTemporaryFolder();
  const hub = useHub({ repos: [REPO] });
  const inspect = async () => inspectModel(hub.open(), { reference: { id: "lab/model" } });

  it("fetches every file into the model's own folder, and none that is there", async function () {
    const target = await downloadModel(await inspect(), temporary.path("copies"));
    expect(target).to.equal(temporary.path("copies/lab/model"));
    expect(await readFile(join(target, "weights/model.bin"), "utf8")).to.equal("weights");
    const fetched = hub.server().requests.length;
    await downloadModel(await inspect(), temporary.path("copies"));
    const later = hub.server().requests.slice(fetched);
    expect(later.filter(({ path, range }) => path.includes("model.bin") && range === undefined)).to.deep.equal([]);
  });

  it("follows no link that lies in its folder, wherever it stands", async function () {
    const outside = await temporary.write("outside", {});
    for (const link of ["lab", "lab/model", "lab/model/weights"]) {
      const copies = temporary.path(`copies-${link.length}`);
      await mkdir(join(copies, link, ".."), { recursive: true });
      await symlink(outside, join(copies, link));
      const model = await inspect();
      expect(await errorCode(async () => downloadModel(model, copies)), link).to.equal("OPTION_INVALID");
      expect(await readdir(outside), link).to.deep.equal([]);
    }
  });
});

import { mkdir, readFile, readdir, stat, symlink } from "node:fs/promises";
import { expect } from "chai";
import { writeFileAtomically } from "../../../src/base/atomic-write.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

describe("writeFileAtomically", function () {
  const folder = useTemporaryFolder();

  it("writes a file, replaces one, and leaves nothing beside it", async function () {
    const path = folder.path("file.json");
    await writeFileAtomically(path, "old");
    await writeFileAtomically(path, Buffer.from("new"));
    expect(await readFile(path, "utf8")).to.equal("new");
    expect(await readdir(folder.path())).to.deep.equal(["file.json"]);
  });

  it("gives the permissions asked for", async function () {
    const path = folder.path("private");
    await writeFileAtomically(path, "mine", { mode: 0o600 });
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
  });

  it("replaces a symbolic link and leaves its target alone", async function () {
    await folder.write("elsewhere", { target: "theirs" });
    await symlink(folder.path("elsewhere", "target"), folder.path("link"));
    await writeFileAtomically(folder.path("link"), "ours");
    expect(await readFile(folder.path("link"), "utf8")).to.equal("ours");
    expect(await readFile(folder.path("elsewhere", "target"), "utf8")).to.equal("theirs");
  });

  it("takes a name as long as names may be", async function () {
    const name = "n".repeat(255);
    await writeFileAtomically(folder.path(name), "long");
    expect(await readdir(folder.path())).to.deep.equal([name]);
  });

  it("leaves nothing where the place cannot be taken", async function () {
    await mkdir(folder.path("taken"));
    const failure = await writeFileAtomically(folder.path("taken"), "text").catch((error: unknown) => error);
    expect((failure as NodeJS.ErrnoException).code).to.be.oneOf(["EISDIR", "EPERM"]);
    expect(await readdir(folder.path())).to.deep.equal(["taken"]);
  });

  it("leaves one of many writers' contents whole", async function () {
    const texts = Array.from({ length: 8 }, (_, i) => String(i).repeat(100_000));
    await Promise.all(texts.map(async (text) => writeFileAtomically(folder.path("shared"), text)));
    expect(await readFile(folder.path("shared"), "utf8")).to.be.oneOf(texts);
    expect(await readdir(folder.path())).to.deep.equal(["shared"]);
  });
});

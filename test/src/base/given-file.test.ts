import { execFileSync } from "node:child_process";
import { mkdir, symlink } from "node:fs/promises";
import { expect } from "chai";
import type { ProvenanceError } from "../../../src/base/errors.ts";
import { readGivenFile } from "../../../src/base/given-file.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const FILE = { what: "The list", maxBytes: 10 };

describe("readGivenFile", function () {
  const temporary = useTemporaryFolder();

  /** What is said of the path `file`. */
  async function faultOf(file = FILE): Promise<string> {
    const path = temporary.path("file");
    const { code, message } = await readGivenFile(path, file).then(
      () => expect.fail("it was read"),
      (error: unknown) => error as ProvenanceError,
    );
    expect(code).to.equal("OPTION_INVALID");
    return message.replace(path, "PATH");
  }

  it("gives the bytes of a file, and of one that a link leads to", async function () {
    await temporary.write("", { file: "0123456789", empty: "" });
    await symlink(temporary.path("file"), temporary.path("link"));
    expect((await readGivenFile(temporary.path("file"), FILE)).toString()).to.equal("0123456789");
    expect((await readGivenFile(temporary.path("link"), FILE)).toString()).to.equal("0123456789");
    expect(await readGivenFile(temporary.path("empty"), FILE)).to.have.length(0);
  });

  it("says in words what is wrong with what was named", async function () {
    expect(await faultOf()).to.equal("The list PATH does not exist.");
    await temporary.write("", { file: "0123456789-" });
    expect(await faultOf()).to.equal("The list PATH has 11 bytes, more than the 10 allowed.");
  });

  it("says that it is a folder", async function () {
    await mkdir(temporary.path("file"));
    expect(await faultOf()).to.equal("The list PATH is a folder, and should be a file.");
  });

  it("does not wait for what may never come", async function () {
    if (process.platform === "win32") this.skip();
    execFileSync("mkfifo", [temporary.path("file")]);
    expect(await faultOf()).to.equal("The list PATH is no regular file.");
  });

  it("goes round in no circle of links", async function () {
    await symlink(temporary.path("file"), temporary.path("file"));
    expect(await faultOf()).to.equal("The list PATH is a link that leads to itself.");
  });

  it("reads to the bound of a file that says it is empty", async function () {
    if (process.platform !== "linux") this.skip();
    const reading = readGivenFile("/proc/self/maps", FILE);
    const { message } = await reading.then(
      () => expect.fail("it was read"),
      (error: unknown) => error as ProvenanceError,
    );
    expect(message).to.equal("The list /proc/self/maps has more than the 10 bytes allowed.");
  });
});

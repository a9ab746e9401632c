import { execFile, spawnSync } from "node:child_process";
import { access, constants, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { parse } from "yaml";
import { lfsPointerTo } from "../helpers/lfs-pointer.ts";
import { writeLockedModel } from "../helpers/locked-model.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const WEIGHTS = "model.safetensors";

interface Hook {
  readonly entry: string;
}

describe("the pre-commit hook", function () {
  const temporary = useTemporaryFolder();

  before(function () {
    if (spawnSync("python3", ["--version"]).status === 0) return;
    console.log("    skipped: there is no python3 on the PATH");
    this.skip();
  });

  const readHook = async () => (parse(await readFile(join(root, ".pre-commit-hooks.yaml"), "utf8")) as [Hook])[0];

  /** Runs the hook's entry in a repository, as pre-commit does. */
  async function runHook(...args: string[]) {
    const { entry } = await readHook();
    return run(join(root, entry), args, { cwd: temporary.path() }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: unknown) => error as { code: number; stdout: string; stderr: string },
    );
  }

  it("is an entry that can be run, whichever files a commit touches", async function () {
    const hook = await readHook();
    expect(hook).to.include({ language: "script", pass_filenames: false, always_run: true });
    expect(hook).to.not.have.any.keys("files", "types", "types_or", "exclude");
    await access(join(root, hook.entry), constants.X_OK);
  });

  it("passes models that are as their locks approve", async function () {
    await writeLockedModel(temporary, "one");
    await writeLockedModel(temporary, "two models");
    const { code, stdout } = await runHook("one=one.lock.json", "two models=two models.lock.json");
    expect(code).to.equal(0);
    expect(stdout.match(/VERIFIED/g)).to.have.length(2);
  });

  it("takes a Git LFS pointer for the content that it names", async function () {
    const { modelPath, contents } = await writeLockedModel(temporary);
    await writeFile(join(modelPath, WEIGHTS), lfsPointerTo(contents[WEIGHTS] as string));
    const { code, stderr } = await runHook("model=model.lock.json");
    expect([code, stderr]).to.deep.equal([0, "warning: 1 files are Git LFS pointers: their content was not seen.\n"]);
    await writeFile(join(modelPath, WEIGHTS), lfsPointerTo("other"));
    expect((await runHook("model=model.lock.json")).code).to.equal(1);
  });

  it("refuses everything else", async function () {
    const { modelPath } = await writeLockedModel(temporary, "bad");
    await writeLockedModel(temporary, "good");
    await writeFile(join(modelPath, WEIGHTS), "changed");
    const both = await runHook("good=good.lock.json", "bad=bad.lock.json");
    expect(both.code).to.equal(1);
    expect(both.stderr).to.include(`MISMATCH ${WEIGHTS}`);
    expect((await runHook("bad=bad.lock.json")).stdout).to.not.include("VERIFIED");
    for (const args of [
      [],
      ["good"],
      ["=good.lock.json"],
      ["good="],
      ["good=none"],
      ["none=good.lock.json"],
      ["--help=x"],
    ]) {
      const { code, stdout } = await runHook(...args);
      expect(code, args.join(" ")).to.equal(2);
      expect(stdout).to.not.include("VERIFIED");
    }
  });
});

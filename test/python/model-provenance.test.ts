import { execFile, spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import * as fc from "fast-check";
import { hashModel } from "../../src/model/hash-model.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { setUpVerify } from "../helpers/verify-command.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const MODULE = join(root, "python/model_provenance.py");
const version = spawnSync("python3", ["-c", "import sys; print(*sys.version_info[:2])"], { encoding: "utf8" }).stdout;

/** Runs python3 without leaving compiled files behind. */
async function python(...args: string[]) {
  return run("python3", ["-B", ...args], { cwd: root, maxBuffer: 64 * 1024 * 1024 });
}

describe("the Python module", function () {
  const temporary = useTemporaryFolder();

  before(function () {
    const [major = 0, minor = 0] = (version ?? "").trim().split(" ").map(Number);
    if (major === 3 && minor >= 9) return;
    console.log("    skipped: there is no python3 of version 3.9 or later on the PATH");
    this.skip();
  });

  it("passes its own tests, on the vectors of all", async function () {
    this.timeout(120_000);
    const { stderr } = await python("test/python/test_model_provenance.py");
    expect(stderr).to.match(/Ran \d\d tests in [^]*\nOK\s*$/);
  });

  it("imports nothing but the standard library", async function () {
    const isolated = `import sys; sys.path.insert(0, ${JSON.stringify(join(root, "python"))}); import model_provenance`;
    await run("python3", ["-B", "-I", "-S", "-W", "error", "-c", isolated]);
  });

  it("computes the digests that the library computes", async function () {
    this.timeout(120_000);
    const part = fc.stringMatching(/^[a-c.é\u{1F600}\uffff-]{1,3}$/u).filter((text) => !/^\.{1,2}$/.test(text));
    const name = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
    const files = fc.dictionary(name, fc.string(), { minKeys: 1, maxKeys: 6, noNullPrototype: true });
    let folders = 0;
    await fc.assert(
      fc.asyncProperty(files, async (contents) => {
        fc.pre(isTree(Object.keys(contents)));
        const folder = await temporary.write(`model-${folders++}`, contents);
        const expected = await hashModel(folder);
        const { stdout } = await python(MODULE, "hash", folder, "--json");
        const { modelDigest, manifestRoot, weightsDigest, resources } = expected;
        expect(JSON.parse(stdout)).to.deep.equal({
          schemaVersion: "1.0",
          ...{ modelDigest, manifestRoot, weightsDigest, resources, kind: "folder" },
        });
      }),
      { numRuns: 8 },
    );
  });

  it("reads the lock that verify writes", async function () {
    const { record, verify, minter } = await setUpVerify(temporary);
    const modelPath = await temporary.write("model", { "a-b/x.bin": "1", "a/x.bin": "2", "a.txt": "3", café: "4" });
    await record({ modelPath, statements: { version: "1.0.0" } });
    const lock = temporary.path("model.lock.json");
    const policy = temporary.path("policy.yaml");
    await writeFile(policy, `schemaVersion: "1.0"\ncreators: ["${minter.address}"]\n`);
    const { exitCode, stdout } = await verify({ MODEL_PATH: modelPath, WRITE_LOCK: lock, MODEL_POLICY: policy });
    expect(exitCode, stdout).to.equal(0);
    const args = ["verify", modelPath, "--lock", lock, "--policy", policy, "--creators", minter.address.toLowerCase()];
    expect((await python(MODULE, ...args)).stdout).to.match(/^VERIFIED: 4 files/);
    await writeFile(join(modelPath, "a.txt"), "changed");
    const failure = await python(MODULE, ...args).catch((error: unknown) => error);
    expect(failure).to.include({ code: 1, stdout: "" });
  });

  it("answers with the exit codes of the command line", async function () {
    const folder = await temporary.write("model", { "model.bin": "weights" });
    const lock = temporary.path("lock.json");
    await writeFile(lock, "{}");
    const failure = await python(MODULE, "verify", folder, "--lock", lock).catch((error: unknown) => error);
    expect(failure).to.include({ code: 2, stdout: "" });
    expect((failure as { stderr: string }).stderr).to.include("LOCK_INVALID");
  });
});

/** Tells whether no name is that of a folder above another, and none equals another when normalised. */
function isTree(names: readonly string[]): boolean {
  const distinct = new Set(names.map((name) => name.normalize("NFC"))).size === names.length;
  return distinct && names.every((name) => !names.some((other) => other.startsWith(`${name}/`)));
}

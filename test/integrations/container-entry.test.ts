import { spawn } from "node:child_process";
import { chmod, chown, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { writeLockedModel } from "../helpers/locked-model.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";

const root = join(import.meta.dirname, "../..");
const ENTRY = join(root, "integrations/container-entry.sh");
const NOBODY = 65532;
const isRoot = process.getuid?.() === 0;

describe("the init container", function () {
  const temporary = useTemporaryFolder();

  /** Runs a copy of the entry as another user than root, with a command that shows how it was called. */
  async function runEntry(environment: Record<string, string>, args: string[] = [], asRoot = false) {
    const bin = temporary.path("bin");
    await writeFile(bin, '#!/bin/sh\necho "$MODEL_PATH|$LOCK_FILE|$*"\nexit "${EXIT:-0}"\n');
    const entry = temporary.path("entry.sh");
    await writeFile(entry, await readFile(ENTRY));
    await Promise.all([chmod(bin, 0o755), chmod(entry, 0o755), chmod(temporary.path(), 0o755)]);
    const { PATH = "" } = process.env;
    const user = isRoot && !asRoot ? { uid: NOBODY, gid: NOBODY } : {};
    const child = spawn(entry, args, { cwd: "/", env: { PATH, MODEL_PROVENANCE_BIN: bin, ...environment }, ...user });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (piece: Buffer) => (stdout += piece.toString()));
    child.stderr.on("data", (piece: Buffer) => (stderr += piece.toString()));
    const exitCode = await new Promise<number | null>((resolve, reject) =>
      child.on("error", reject).on("close", resolve),
    );
    return { exitCode, stdout, stderr };
  }

  /** A model that the user of the container cannot write. */
  async function mountModel() {
    const model = await writeLockedModel(temporary);
    await chmod(model.modelPath, isRoot ? 0o755 : 0o555);
    return model;
  }

  it("verifies what is mounted, with options from the environment, and ends as the command does", async function () {
    const { modelPath, lockPath } = await mountModel();
    const environment = { MODEL_PATH: modelPath, LOCK_FILE: lockPath };
    const called = await runEntry(environment, ["--format", "json"]);
    expect(called).to.deep.equal({
      exitCode: 0,
      stdout: `${modelPath}|${lockPath}|verify --format json\n`,
      stderr: "",
    });
    for (const code of [1, 2, 3, 4, 5, 130]) {
      expect((await runEntry({ ...environment, EXIT: String(code) })).exitCode).to.equal(code);
    }
  });

  it("asks for the registry to trust", async function () {
    const { modelPath } = await mountModel();
    expect((await runEntry({ MODEL_PATH: modelPath })).exitCode).to.equal(2);
    expect((await runEntry({ MODEL_PATH: modelPath }, ["--contract", "0x12"])).exitCode).to.equal(0);
  });

  it("refuses a volume that can be written, that is not there, and to run as root", async function () {
    const { modelPath } = await mountModel();
    await chmod(modelPath, 0o777);
    const locked = { LOCK_FILE: "lock.json" };
    const writable = await runEntry({ ...locked, MODEL_PATH: modelPath });
    expect([writable.exitCode, writable.stdout]).to.deep.equal([2, ""]);
    expect(writable.stderr).to.include("read-only");
    const missing = await runEntry({ ...locked, MODEL_PATH: temporary.path("none") });
    expect([missing.exitCode, missing.stdout]).to.deep.equal([2, ""]);
    if (!isRoot) return;
    await chown(modelPath, 0, 0);
    const asRoot = await runEntry({ ...locked, MODEL_PATH: modelPath }, [], true);
    expect([asRoot.exitCode, asRoot.stdout]).to.deep.equal([2, ""]);
    expect(asRoot.stderr).to.include("root");
  });

  it("is built for nobody in particular, without scripts of packages", async function () {
    const text = await readFile(join(root, "Containerfile"), "utf8");
    expect(text)
      .to.match(/^USER 65532:65532$/m)
      .and.match(/^ENTRYPOINT \["\/gate\/entry\.sh"\]$/m);
    const [, run = ""] = /^RUN ((?:.*\\\n)*.*)$/m.exec(text) ?? [];
    expect(run)
      .to.match(/^npm ci .*--ignore-scripts/)
      .and.to.match(/npm prune .*--omit=dev --ignore-scripts/);
    expect(text).to.not.match(/npm install|npx|@\d+\.\d+\.\d+/);
  });
});

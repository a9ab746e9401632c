import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";

const LAUNCHER = join(import.meta.dirname, "../../bin/model-provenance.js");
/** Loaded first: the process takes itself for an older Node. */
const OLD = `data:text/javascript,${encodeURIComponent(`
  Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } });`)}`;
/** Stands for the command: says what it was given and which Node runs it. */
const COMMAND = `
  process.stdout.write(JSON.stringify({ args: process.argv.slice(2), version: process.versions.node }));
  if (process.argv.includes("wait")) setInterval(() => undefined, 1000);
  process.exitCode = 5;`;

describe("the file that starts the command", function () {
  const temporary = useTemporaryFolder();

  async function makeClone(files: Record<string, string>, withNode = false): Promise<string> {
    const clone = await temporary.write("clone", { "package.json": '{"type":"module"}', ...files });
    const launcher = join(clone, "bin/model-provenance.js");
    await mkdir(dirname(launcher));
    await copyFile(LAUNCHER, launcher);
    if (withNode) {
      await mkdir(join(clone, "node_modules/node/bin"), { recursive: true });
      await symlink(process.execPath, join(clone, "node_modules/node/bin/node"));
    }
    return launcher;
  }

  function start(launcher: string, args: readonly string[], node: readonly string[] = []) {
    const child = spawn(process.execPath, [...node, launcher, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    const read = async (stream: typeof child.stdout) => (await stream.toArray()).join("");
    const ended = Promise.all([read(child.stdout), read(child.stderr), once(child, "exit")]).then(
      ([stdout, stderr, [code, signal]]) => ({ stdout, stderr, code: code as unknown, signal: signal as unknown }),
    );
    return { child, ended };
  }

  const BUILT = { "dist/src/cli/bin.js": COMMAND };

  it("runs the command, with its arguments and its exit code", async function () {
    const { stdout, code } = await start(await makeClone(BUILT), ["a b", "--c"]).ended;
    expect(JSON.parse(stdout)).to.deep.equal({ args: ["a b", "--c"], version: process.versions.node });
    expect(code).to.equal(5);
  });

  it("takes the Node of the clone where the machine's is too old", async function () {
    const { stdout, code } = await start(await makeClone(BUILT, true), ["a b", "--c"], ["--import", OLD]).ended;
    expect(JSON.parse(stdout)).to.deep.equal({ args: ["a b", "--c"], version: process.versions.node });
    expect(code).to.equal(5);
  });

  it("passes on what interrupts it", async function () {
    const { child, ended } = start(await makeClone(BUILT, true), ["wait"], ["--import", OLD]);
    await once(child.stdout, "readable");
    child.kill("SIGINT");
    expect((await ended).signal).to.equal("SIGINT");
  });

  it("leaves it to the command to refuse an old Node where there is no other", async function () {
    const { stdout } = await start(await makeClone(BUILT), [], ["--import", OLD]).ended;
    expect(JSON.parse(stdout)).to.include({ version: "20.20.2" });
  });

  it("says what to run where nothing is built", async function () {
    const { stdout, stderr, code } = await start(await makeClone({}), ["verify", "x"]).ended;
    expect({ stdout, code }).to.deep.equal({ stdout: "", code: 2 });
    expect(stderr).to.include("npm run setup");
  });
});

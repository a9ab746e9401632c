import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { truncate, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { expect } from "chai";
import { hashModel } from "../../src/model/hash-model.ts";
import { BIN } from "../helpers/built-command.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";

type Line = Readonly<Record<string, unknown>>;

describe("serve-stdio", function () {
  const temporary = useTemporaryFolder();
  let server: ChildProcessWithoutNullStreams;
  let lines: AsyncIterator<string>;

  beforeEach(async function () {
    server = spawn(process.execPath, [BIN, "serve-stdio"]);
    lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
    expect(await answer()).to.include({ ready: true, protocol: 1 });
  });

  afterEach(async function () {
    if (server.exitCode !== null) return;
    server.stdin.end();
    await once(server, "exit");
  });

  const say = (line: unknown) => server.stdin.write(`${typeof line === "string" ? line : JSON.stringify(line)}\n`);
  const answer = async () => JSON.parse((await lines.next()).value as string) as Line;
  const call = (id: number, args: readonly string[]) => ({ id, args, folder: temporary.path(), environment: {} });

  it("answers each call with what the command prints, and its exit code", async function () {
    const model = await temporary.write("model", { "model.bin": "weights" });
    const { modelDigest } = await hashModel(model);
    say(call(7, ["hash", "model", "--json"]));
    const { stdout, ...rest } = await answer();
    expect(JSON.parse(stdout as string)).to.include({ modelDigest });
    expect(rest).to.deep.equal({ id: 7, exitCode: 0, stderr: "" });
    say(call(8, ["verify", "none", "--lock", "none"]));
    expect(await answer()).to.include({ id: 8, exitCode: 2 });
    say({ ...call(9, ["hash", "model"]), folder: temporary.path("gone") });
    expect(await answer()).to.include({ id: 9, exitCode: 2 });
  });

  it("hashes with all cores, as the command does", async function () {
    const large = temporary.path("large.bin");
    await writeFile(large, "");
    await truncate(large, 2 ** 26);
    const { modelDigest } = await hashModel(large);
    say(call(1, ["hash", large, "--json"]));
    expect(JSON.parse((await answer())["stdout"] as string)).to.include({ modelDigest });
  });

  it("calls off what is under way, and does what waits", async function () {
    const huge = temporary.path("huge.bin");
    await writeFile(huge, "");
    await truncate(huge, 2 ** 42); // A hole: what hashes it is at it for many minutes.
    const count = 20; // More than are done at once.
    for (let id = 0; id < count; id++) say(call(id, ["hash", huge]));
    for (let id = 0; id < count; id++) say({ cancel: id });
    const ids: unknown[] = [];
    for (let i = 0; i < count; i++) {
      const { id, ...rest } = await answer();
      expect(rest).to.deep.equal({ cancelled: true });
      ids.push(id);
    }
    expect(ids).to.have.members(Array.from({ length: count }, (_, id) => id));
    say({ cancel: 3 });
    say(call(count, ["--version"]));
    expect(await answer()).to.include({ id: count, exitCode: 0 });
  });

  it("takes calls that are there before it is", async function () {
    for (let i = 0; i < 3; i++) {
      const early = spawn(process.execPath, [BIN, "serve-stdio"]);
      early.stdin.write(`${JSON.stringify(call(1, ["--version"]))}\n`);
      const said: Line[] = [];
      for await (const line of createInterface({ input: early.stdout })) {
        said.push(JSON.parse(line) as Line);
        if (said.length === 2) early.stdin.end();
      }
      expect(said[1]).to.include({ id: 1, exitCode: 0 });
    }
  });

  it("says what is no call, and goes on", async function () {
    for (const line of ["no JSON", "[]", "null", { id: 1 }, { ...call(1, []), more: true }, { cancel: "1" }]) {
      say(line);
      const { failed, ...rest } = await answer();
      expect(failed).to.match(/^This line is no call/);
      expect(rest).to.deep.equal({});
    }
    say(call(1, ["--version"]));
    say(call(1, ["--version"]));
    const answers = [await answer(), await answer()];
    expect(answers.filter(({ failed }) => failed === "There is a call 1 already.")).to.have.length(1);
    expect(answers.filter(({ exitCode }) => exitCode === 0)).to.have.length(1);
  });

  for (const end of ["its input", "a signal"]) {
    it(`ends by ${end}, whatever is under way`, async function () {
      const huge = temporary.path("huge.bin");
      await writeFile(huge, "");
      await truncate(huge, 2 ** 42);
      say(call(1, ["hash", huge]));
      if (end === "its input") server.stdin.end();
      else server.kill("SIGTERM");
      const [code] = (await once(server, "exit")) as [number];
      expect(code).to.equal(0);
    });
  }
});

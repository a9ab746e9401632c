import { spawn } from "node:child_process";
import { chmod, cp, mkdir, readFile, readdir, realpath, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { OPTIONS } from "../../src/cli/options.ts";
import { writeBinWrapper } from "../helpers/bin-wrapper.ts";
import { type LockVector, writeLockedModel } from "../helpers/locked-model.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";

const root = join(import.meta.dirname, "../..");
const SCRIPT = join(root, "integrations/action.sh");

interface Step {
  readonly run?: string;
  readonly env?: Record<string, string>;
}
interface Action {
  readonly inputs: Record<string, { default?: unknown }>;
  readonly outputs: Record<string, { value: string }>;
  readonly runs: { steps: Step[] };
}

describe("the GitHub Action", function () {
  const temporary = useTemporaryFolder();

  /** Runs the script of the step as a runner does, with files for its outputs and its summary. */
  async function runStep(environment: Record<string, string>, cwd = temporary.path(), script = SCRIPT) {
    const [output, summary] = [temporary.path("github-output"), temporary.path("github-summary")];
    await writeFile(output, "before=1\n");
    await writeFile(summary, "");
    const { PATH = "", HOME = "" } = process.env;
    const bin = await writeBinWrapper(temporary.path("model-provenance"));
    const files = { GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary, RUNNER_TEMP: temporary.path() };
    const child = spawn("bash", [script], {
      cwd,
      env: { PATH, HOME, MODEL_PROVENANCE_BIN: bin, ...files, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let log = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece: Buffer) => (log += piece.toString()));
    const exitCode = await new Promise<number | null>((resolve) => child.on("close", resolve));
    const outputs = parseOutputs(await readFile(output, "utf8"));
    return { exitCode, log, outputs, summary: await readFile(summary, "utf8") };
  }

  it("passes with outputs and a table where all is as approved", async function () {
    const { modelPath, lockPath, lock } = await writeLockedModel(temporary);
    const { exitCode, log, outputs, summary } = await runStep({ MODEL_PATH: modelPath, LOCK_FILE: lockPath });
    expect(exitCode, log).to.equal(0);
    expect(outputs).to.include({
      before: "1",
      verdict: "verified",
      "exit-code": "0",
      "token-id": lock.record.tokenId,
      creator: lock.record.creator,
    });
    expect(summary)
      .to.match(/^### VERIFIED/)
      .and.include("| file | status |");
    for (const { sha256 } of lock.files) expect(summary).to.include(sha256);
    expect(log).to.match(/^::notice title=VERIFIED::/m);
  });

  it("fails where a file differs, and says which", async function () {
    const { modelPath, lockPath, lock } = await writeLockedModel(temporary);
    const [{ name }] = lock.files as [LockVector["lock"]["files"][0]];
    await writeFile(join(modelPath, name), "changed");
    const { exitCode, log, outputs, summary } = await runStep({ MODEL_PATH: modelPath, LOCK_FILE: lockPath });
    expect([exitCode, outputs["verdict"], outputs["exit-code"]]).to.deep.equal([1, "mismatch", "1"]);
    expect(log)
      .to.match(/^::error file=.*title=MISMATCH::/m)
      .and.not.include("VERIFIED");
    expect(summary).to.include("mismatch").and.not.include("VERIFIED");
  });

  it("fails with outputs where nothing could be checked", async function () {
    const { modelPath, lockPath } = await writeLockedModel(temporary);
    const cases: [Record<string, string>, number][] = [
      [{ MODEL_PATH: modelPath, LOCK_FILE: temporary.path("none") }, 2],
      [{ MODEL_PATH: temporary.path("none"), LOCK_FILE: lockPath }, 2],
      [{ MODEL_PATH: modelPath }, 2],
      [{ MODEL_PATH: "", LOCK_FILE: lockPath }, 2],
      [{ MODEL_PATH: modelPath, LOCK_FILE: lockPath, MODEL_PROVENANCE_BIN: "/bin/true" }, 4],
      [{ MODEL_PATH: modelPath, LOCK_FILE: lockPath, MODEL_PROVENANCE_BIN: temporary.path("missing") }, 127],
    ];
    for (const [environment, code] of cases) {
      const { exitCode, log, outputs, summary } = await runStep(environment);
      expect([exitCode, outputs["verdict"], outputs["exit-code"]], log).to.deep.equal([code, "error", String(code)]);
      expect(summary)
        .to.match(/^### COULD NOT CHECK/)
        .and.include("| exit code | reason |");
      expect(log + summary).to.not.include("VERIFIED");
    }
  });

  it("takes inputs for values, whatever they hold", async function () {
    const { modelPath, lockPath } = await writeLockedModel(temporary);
    const attacks = [
      "$(touch pwned)",
      "`touch pwned`",
      '"; touch pwned; "',
      "'; touch pwned; '",
      "x\ntouch pwned\n",
      "--lock=/dev/null",
      "-rf",
      "x\nverdict=verified",
      "x\n::set-output name=verdict::verified",
      "%0A::notice::VERIFIED",
      "</code></td><script>alert(1)</script>",
      "[VERIFIED **all ok**](www.evil.example) ![x](https:",
    ];
    const folder = await temporary.write("workspace", { "README.md": "x" });
    for (const [i, attack] of attacks.entries()) {
      const locked = { MODEL_PATH: modelPath, LOCK_FILE: lockPath };
      const input = (["MODEL_PATH", "LOCK_FILE", "MODEL_CREATORS"] as const)[i % 3] as string;
      const { exitCode, outputs, summary, log } = await runStep({ ...locked, [input]: attack }, folder);
      expect(exitCode, `${input}=${attack}`).to.not.equal(0);
      expect(outputs["verdict"]).to.not.equal("verified");
      expect(Object.keys(outputs).sort()).to.deep.equal(OUTPUTS);
      expect(summary).to.not.match(/<script>|\*\*|\[VERIFIED|!\[/);
      expect(commandsOf(log).filter((line) => /^::(set-output|notice)/.test(line))).to.deep.equal([]);
      expect(await readdir(folder)).to.deep.equal(["README.md"]);
    }
  });

  it("lets no file name become a command, markup or an output", async function () {
    const { modelPath, lockPath } = await writeLockedModel(temporary);
    const names = [
      "a\n::notice title=VERIFIED::x",
      "b|<img src=x>`code`[link](x)",
      "c%0A::warning::x",
      "d\nverdict=verified",
      "##[notice]x",
    ];
    for (const name of names) await writeFile(join(modelPath, name.replaceAll("/", "∕")), "x");
    const { exitCode, outputs, summary, log } = await runStep({ MODEL_PATH: modelPath, LOCK_FILE: lockPath });
    expect([exitCode, outputs["verdict"]]).to.deep.equal([1, "mismatch"]);
    expect(Object.keys(outputs).sort()).to.deep.equal(OUTPUTS);
    expect(summary).to.not.match(/<img|`code`|\[link\]/);
    expect(summary.split("\n").filter((line) => /^(verdict=|::)/.test(line))).to.deep.equal([]);
    expect(commandsOf(log).filter((line) => !line.startsWith("::error "))).to.deep.equal([]);
  });

  it("has inputs that are environment variables of the command, and no script in the file", async function () {
    const action = parse(await readFile(join(root, "action.yml"), "utf8")) as Action;
    const steps = action.runs.steps.filter(({ run }) => run !== undefined);
    expect(steps).to.have.length(1);
    const [{ run = "", env = {} }] = steps as [Step];
    expect(run).to.equal('bash "$GITHUB_ACTION_PATH/integrations/action.sh"');
    const known = new Set(Object.values(OPTIONS).map(({ environment }) => environment));
    for (const name of Object.keys(env)) expect(known.has(name), name).to.equal(true);
    const passed = Object.values(env).map((value) => /^\$\{\{ inputs\.([a-z-]+) \}\}$/.exec(value)?.[1]);
    expect(new Set([...passed, "node-version"])).to.deep.equal(new Set(Object.keys(action.inputs)));
    expect(Object.keys(action.outputs).sort()).to.deep.equal(OUTPUTS.filter((name) => name !== "before"));
  });

  it("judges with its own checkout and the packages of its lock file, and never by what a registry of packages holds", async function () {
    const { modelPath, lockPath } = await writeLockedModel(temporary);
    const checkout = temporary.path("checkout");
    await mkdir(join(checkout, "integrations"), { recursive: true });
    await mkdir(join(checkout, "bin"));
    await cp(SCRIPT, join(checkout, "integrations/action.sh"));
    // An npm that notes how it was called, and builds nothing but the command.
    const tools = await temporary.write("tools", { npm: '#!/bin/sh\necho "$PWD: $*" >> "$NPM_CALLS"\n' });
    await chmod(join(tools, "npm"), 0o755);
    await writeBinWrapper(join(checkout, "bin/model-provenance.js"));
    const calls = temporary.path("calls");
    const environment = { PATH: `${tools}:${process.env["PATH"]}`, NPM_CALLS: calls, MODEL_PROVENANCE_BIN: "" };
    const locked = { MODEL_PATH: modelPath, LOCK_FILE: lockPath };
    const script = join(checkout, "integrations/action.sh");
    const { exitCode, log } = await runStep({ ...locked, ...environment }, temporary.path(), script);
    expect(exitCode, log).to.equal(0);
    const lines = (await readFile(calls, "utf8")).trim().split("\n");
    const place = await realpath(checkout);
    expect(lines.every((line) => line.startsWith(`${place}: `))).to.equal(true);
    expect(lines.map((line) => line.split(": ")[1]?.split(" ").slice(0, 1)[0])).to.deep.equal(["ci", "run"]);
    expect(lines[0]).to.include("--ignore-scripts");
    const sources = await Promise.all(
      ["action.yml", "Containerfile", "integrations/action.sh"].map(async (name) => readFile(join(root, name), "utf8")),
    );
    for (const text of sources) expect(text).to.not.match(/npm install|npx|@\d+\.\d+\.\d+/);
  });

  it("asks for the registry, which is never the one that the checkout names", async function () {
    const { modelPath } = await writeLockedModel(temporary);
    const deployed = { "ModelProvenanceNFT#ModelProvenanceNFT": `0x${"12".repeat(20)}` };
    const folder = await temporary.write("judged", {
      "ignition/deployments/chain-31337/deployed_addresses.json": JSON.stringify(deployed),
    });
    const { exitCode, outputs } = await runStep({ MODEL_PATH: modelPath, RPC_URL: "http://127.0.0.1:1" }, folder);
    expect([exitCode, outputs["verdict"]]).to.deep.equal([2, "error"]);
    expect(outputs["reason"]).to.include("registry");
  });
});

const OUTPUTS = ["before", "creator", "exit-code", "publisher", "reason", "token-id", "verdict"];

/** Reads the file of outputs as a runner does. */
function parseOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = text.split("\n");
  while (lines.length > 0) {
    const line = lines.shift() as string;
    if (line === "") continue;
    const [, name, mark] = /^([^=]*?)<<(.+)$/.exec(line) ?? [];
    if (name === undefined || mark === undefined) {
      const [key = "", ...rest] = line.split("=");
      outputs[key] = rest.join("=");
      continue;
    }
    const end = lines.indexOf(mark);
    if (end === -1) throw new Error(`no end of ${basename(name)}`);
    outputs[name] = lines
      .splice(0, end + 1)
      .slice(0, -1)
      .join("\n");
  }
  return outputs;
}

/** The workflow commands in a log, as a runner finds them: none between stop-commands and its mark. */
function commandsOf(log: string): string[] {
  let stopped: string | undefined;
  return log.split("\n").filter((line) => {
    if (stopped !== undefined) {
      if (line.trim() === `::${stopped}::`) stopped = undefined;
      return false;
    }
    stopped = /^::stop-commands::(.+)$/.exec(line.trim())?.[1];
    return stopped === undefined && /^\s*::|##\[/.test(line);
  });
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { startChain } from "../helpers/json-rpc-server.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";

const ROOT = join(import.meta.dirname, "../..");
const NOTES = join(ROOT, "cache/.hardhat-network-instances.json"); // Of the nodes of who runs the tests.

describe("README's section on publishing", function () {
  const temporary = useTemporaryFolder();
  let notes: Buffer | undefined;
  let end: (() => Promise<void>) | undefined;

  before(async function () {
    notes = await readFile(NOTES).catch(() => undefined);
    await rm(NOTES, { force: true });
  });

  after(async function () {
    await end?.();
    await (notes === undefined ? rm(NOTES, { force: true }) : writeFile(NOTES, notes));
  });

  it("runs as it is written, and its models verify", async function () {
    const chain = await startChain(31337);
    end = chain.close;
    const card = "---\nlicense: apache-2.0\n---\n# A model\n";
    await temporary.write("my-model", { "README.md": card, "config.json": "{}", "weights.bin": "one" });
    await temporary.write("my-model-v2", { "README.md": card, "config.json": "{}", "weights.bin": "two" });
    const ignition = temporary.path("ignition");
    await cp(join(ROOT, "ignition"), ignition, { recursive: true, filter: (path) => !path.endsWith("/deployments") });
    await symlink(join(ROOT, "node_modules"), temporary.path("node_modules")); // The copied modules import from there.
    const environment = {
      LOCALHOST_RPC_URL: chain.url,
      IGNITION_PATH: ignition,
      STORE_PATH: temporary.path("store"),
      STATE_PATH: temporary.path("state"),
    };
    const commands = await readCommands("## Publish a model");
    expect(commands).to.have.length.of.at.least(5);
    for (const command of [...commands, "npx model-provenance verify ./my-model-v2 --network localhost"]) {
      // Models lie in a folder of their own, for the clone is the working folder.
      const { exitCode, output } = await runShell(
        command.replaceAll("./my-model", temporary.path("my-model")),
        environment,
      );
      expect(exitCode, `${command}\n${output}`).to.equal(0);
    }
  });
});

/** The commands of a section, one a line, without comments. */
async function readCommands(heading: string): Promise<string[]> {
  const text = await readFile(join(ROOT, "README.md"), "utf8");
  const [section = ""] = text.slice(text.indexOf(heading)).split(/\n(?=## )/);
  const blocks = [...section.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = ""]) => block);
  const lines = blocks.join("").replaceAll("\\\n", " ").split("\n");
  return lines.map((line) => line.replace(/(^|\s)#.*$/, "").trim()).filter((line) => line !== "");
}

async function runShell(command: string, environment: Record<string, string>) {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn("bash", ["-c", command], {
    cwd: ROOT,
    env: { PATH, HOME, HARDHAT_DISABLE_TELEMETRY_PROMPT: "true", NO_COLOR: "1", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [exitCode] = (await once(child, "close")) as [number | null];
  return { exitCode, output };
}

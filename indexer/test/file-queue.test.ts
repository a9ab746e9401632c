import { mkdir, open, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { createSafetensors } from "../../test/helpers/safetensors.ts";
import { runCommand } from "../../test/helpers/run-command.ts";
import { useTemporaryFolder } from "../../test/helpers/temporary-folder.ts";
import { endProcess } from "./helpers/running-command.ts";
import { useNode } from "./helpers/use-node.ts";
import { useQueue } from "./helpers/use-queue.ts";

const MEBIBYTE = 1024 * 1024;
const MODELS = 6;

describe("files that the workers of a queue hash", function () {
  this.timeout(600_000);
  const temporary = useTemporaryFolder();
  const queue = useQueue();
  const node = useNode();

  beforeEach(async function () {
    for (let i = 0; i < MODELS; i++) await writeModel(join(temporary.path("shared"), `model-${i}`), i);
    const list = Array.from({ length: MODELS }, (_, i) => `shared/model-${i}`);
    await writeFile(temporary.path("models.json"), JSON.stringify(list));
  });

  const startWorker = (...args: string[]) => queue.start(["worker", "--threads", "1", ...args]);
  const hashAll = async (...args: string[]) => {
    const result = await runCommand(["hash", "--batch", temporary.path("models.json"), "--json", ...args]);
    return { ...result, read: JSON.parse(result.stdout || "{}") as { models: object[] } };
  };

  it("have the digests and the CIDs that one machine computes, over a kill", async function () {
    const alone = await hashAll("--cid");
    expect(alone.exitCode, alone.stderr).to.equal(0);
    const together = hashAll("--cid", "--queue", queue.url());
    const victim = startWorker("--files", temporary.path("shared"));
    await victim.says(/waiting/); // it takes work from here on
    await endProcess(victim, "SIGKILL");
    const worker = startWorker("--files", temporary.path("shared"));
    const { exitCode, stdout, stderr } = await together;
    expect(exitCode, stderr).to.equal(0);
    expect(stdout).to.equal(alone.stdout);
    await endProcess(worker, "SIGTERM");
    const again = await hashAll("--cid", "--queue", queue.url()); // by what was found: nobody works any more
    expect(again.stdout).to.equal(alone.stdout);
    const status = await runCommand(["import", "--status", "--queue", queue.url(), "--json"]);
    expect(JSON.parse(status.stdout)).to.deep.include({ waiting: 0, active: 0, done: MODELS, failed: {} });
  });

  it("are hashed again when they were written to", async function () {
    startWorker("--files", temporary.path("shared"));
    const before = await hashAll("--queue", queue.url());
    expect(before.exitCode, before.stderr).to.equal(0);
    const first = join(temporary.path("shared"), "model-0", "model.safetensors");
    const { atime, mtime } = await stat(first);
    const file = await open(first, "r+");
    await file.write("x", 100);
    await file.close();
    await utimes(first, atime, mtime); // as if nothing had been written
    const after = await hashAll("--queue", queue.url());
    expect(after.read.models[0]).to.not.deep.equal(before.read.models[0]);
    expect(after.stdout).to.equal((await hashAll()).stdout);
  });

  it("are handed back by a worker that cannot read them, and done by one that can", async function () {
    await mkdir(temporary.path("elsewhere"));
    const hashing = hashAll("--queue", queue.url());
    const blind = startWorker("--files", temporary.path("elsewhere"), "--json");
    await blind.says(/handed back/);
    expect(blind.said()).to.match(
      /cannot hash .*model-.*: it is in none of the folders that it may read. Share the folder/,
    );
    await endProcess(blind, "SIGTERM");
    startWorker("--files", temporary.path("shared"));
    const { exitCode, stderr, stdout } = await hashing;
    expect(exitCode, stderr).to.equal(0);
    expect(stdout).to.equal((await hashAll()).stdout);
  });

  it("become the tokens that one machine publishes", async function () {
    const publish = async (place: string, ...args: string[]) => {
      const { exitCode, stdout, stderr } = await runCommand(
        ["publish", "--batch", temporary.path("models.json"), "--json", "--yes", ...args],
        {
          ...node.environment(),
          STORE_PATH: temporary.path(`store-${place}`),
          STATE_PATH: temporary.path(`state-${place}`),
        },
      );
      expect(exitCode, stderr).to.equal(0);
      // The metadata hold the digest of every tensor.
      return stdout.match(/"(tokenId|uri)": *"[^"]+"/g);
    };
    const alone = await publish("alone");
    await node.revert();
    startWorker("--files", temporary.path("shared"));
    expect(await publish("together", "--queue", queue.url()))
      .to.have.length(2 * MODELS)
      .and.to.deep.equal(alone);
  });
});

/** A model with a file that is long enough for the queue, of tensors that have digests of their own. */
async function writeModel(folder: string, seed: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const length = 5 * MEBIBYTE;
  const half = length / 2;
  const header = {
    first: { dtype: "F32", shape: [half / 4], data_offsets: [0, half] },
    second: { dtype: "F32", shape: [half / 4], data_offsets: [half, length] },
  };
  const file = createSafetensors(header, length);
  file.writeUInt32LE(seed + 1, file.length - 4);
  await writeFile(join(folder, "model.safetensors"), file);
  await writeFile(join(folder, "config.json"), JSON.stringify({ model_type: "bert", seed }));
}

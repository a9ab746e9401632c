import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { expect } from "chai";
import { JsonRpcProvider } from "ethers";
import { createSafetensors } from "../../test/helpers/safetensors.ts";
import { deployToNode } from "../../test/helpers/deploy-to-node.ts";
import { startChain } from "../../test/helpers/json-rpc-server.ts";
import { runCommand } from "../../test/helpers/run-command.ts";
import { useTemporaryFolder } from "../../test/helpers/temporary-folder.ts";
import { type Postgres, findPostgres, startPostgres } from "./helpers/postgres.ts";
import { endProcess, startWorkerProcess } from "./helpers/workers.ts";

const MEBIBYTE = 1024 * 1024;
const MODELS = 6;

describe("files that the workers of a queue hash", function () {
  this.timeout(600_000);
  const temporary = useTemporaryFolder();
  const workers: ChildProcess[] = [];
  let postgres: Postgres;
  let queue: string;
  let name = 0;

  before(async function () {
    const programs = findPostgres();
    if (programs === undefined) {
      console.log("      skipped: it takes PostgreSQL 15 (.ci/install-peers)");
      return this.skip();
    }
    postgres = await startPostgres(programs);
  });

  after(async function () {
    await postgres?.close();
  });

  beforeEach(async function () {
    queue = await postgres.createDatabase(`files${name++}`);
    for (let i = 0; i < MODELS; i++) await writeModel(join(temporary.path("shared"), `model-${i}`), i);
    const list = Array.from({ length: MODELS }, (_, i) => `shared/model-${i}`);
    await writeFile(temporary.path("models.json"), JSON.stringify(list));
  });

  afterEach(async function () {
    await Promise.all(workers.splice(0).map(async (worker) => endProcess(worker, "SIGKILL")));
  });

  const startWorker = (...args: string[]): ChildProcess => {
    const worker = startWorkerProcess(["--queue", queue, "--threads", "1", ...args]);
    workers.push(worker);
    return worker;
  };
  const hashAll = async (...args: string[]) => {
    const result = await runCommand(["hash", "--batch", temporary.path("models.json"), "--json", ...args]);
    return { ...result, read: JSON.parse(result.stdout || "{}") as { models: object[] } };
  };

  it("have the digests and the CIDs that one machine computes, over a kill", async function () {
    const alone = await hashAll("--cid");
    expect(alone.exitCode, alone.stderr).to.equal(0);
    const together = hashAll("--cid", "--queue", queue);
    const victim = startWorkerProcess(["--queue", queue, "--files", temporary.path("shared")], {}, "pipe");
    workers.push(victim);
    await once(victim.stderr as Readable, "data"); // it takes work from here on
    await endProcess(victim, "SIGKILL");
    startWorker("--files", temporary.path("shared"));
    const { exitCode, stdout, stderr } = await together;
    expect(exitCode, stderr).to.equal(0);
    expect(stdout).to.equal(alone.stdout);
    await Promise.all(workers.map(async (worker) => endProcess(worker, "SIGTERM")));
    const again = await hashAll("--cid", "--queue", queue); // by what was found: nobody works any more
    expect(again.stdout).to.equal(alone.stdout);
    const status = await runCommand(["import", "--status", "--queue", queue, "--json"]);
    expect(JSON.parse(status.stdout)).to.deep.include({ waiting: 0, active: 0, done: MODELS, failed: {} });
  });

  it("are hashed again when they were written to", async function () {
    startWorker("--files", temporary.path("shared"));
    const before = await hashAll("--queue", queue);
    expect(before.exitCode, before.stderr).to.equal(0);
    const first = join(temporary.path("shared"), "model-0", "model.safetensors");
    const { atime, mtime } = await stat(first);
    const file = await open(first, "r+");
    await file.write("x", 100);
    await file.close();
    await utimes(first, atime, mtime); // as if nothing had been written
    const after = await hashAll("--queue", queue);
    expect(after.read.models[0]).to.not.deep.equal(before.read.models[0]);
    expect(after.stdout).to.equal((await hashAll()).stdout);
  });

  it("are handed back by a worker that cannot read them, and done by one that can", async function () {
    await mkdir(temporary.path("elsewhere"));
    const hashing = hashAll("--queue", queue);
    const blind = startWorkerProcess(["--queue", queue, "--files", temporary.path("elsewhere"), "--json"], {}, "pipe");
    workers.push(blind);
    let said = "";
    blind.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
    while (!said.includes("handed back")) await Promise.race([once(blind.stderr as Readable, "data"), hashing]);
    expect(said).to.match(/cannot hash .*model-.*: it is in none of the folders that it may read. Share the folder/);
    await endProcess(blind, "SIGTERM");
    startWorker("--files", temporary.path("shared"));
    const { exitCode, stderr, stdout } = await hashing;
    expect(exitCode, stderr).to.equal(0);
    expect(stdout).to.equal((await hashAll()).stdout);
  });

  it("become the tokens that one machine publishes", async function () {
    const chain = await startChain(1337);
    const provider = new JsonRpcProvider(chain.url, undefined, { cacheTimeout: -1 });
    try {
      const address = await deployToNode(chain.url);
      const snapshot = (await provider.send("evm_snapshot", [])) as string;
      const publish = async (place: string, ...args: string[]) => {
        const { exitCode, stdout, stderr } = await runCommand(
          ["publish", "--batch", temporary.path("models.json"), "--json", "--yes", ...args],
          {
            RPC_URL: chain.url,
            MODEL_PROVENANCE_ADDRESS: address,
            STORE_PATH: temporary.path(`store-${place}`),
            STATE_PATH: temporary.path(`state-${place}`),
          },
        );
        expect(exitCode, stderr).to.equal(0);
        // The metadata hold the digest of every tensor.
        return stdout.match(/"(tokenId|uri)": *"[^"]+"/g);
      };
      const alone = await publish("alone");
      await provider.send("evm_revert", [snapshot]);
      startWorker("--files", temporary.path("shared"));
      expect(await publish("together", "--queue", queue))
        .to.have.length(2 * MODELS)
        .and.to.deep.equal(alone);
    } finally {
      provider.destroy();
      await chain.close();
    }
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

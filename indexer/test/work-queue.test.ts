import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { JsonRpcProvider } from "ethers";
import { createRepos } from "../../bench/import/models.ts";
import { ModelProvenanceNFT__factory } from "../../typechain-types/factories/contracts/registry/ModelProvenanceNFT__factory.ts";
import { deployToNode } from "../../test/helpers/deploy-to-node.ts";
import { startChain } from "../../test/helpers/json-rpc-server.ts";
import { type CommandResult, runCommand } from "../../test/helpers/run-command.ts";
import { startHub } from "../../test/helpers/servers/hub.ts";
import { useTemporaryFolder } from "../../test/helpers/temporary-folder.ts";
import { type Postgres, findPostgres, startPostgres } from "./helpers/postgres.ts";
import { endProcess, startWorkerProcess } from "./helpers/workers.ts";

const IS_LONG = process.env["INDEXER_TESTS"] === "long";
const MODELS = IS_LONG ? 10_000 : 1000;
const BATCH = IS_LONG ? 4000 : 400;
const WORKERS = 3;
const KILLS = IS_LONG ? 20 : 3;
const RATE = 2000;

describe(`an import of ${MODELS} models by the workers of a queue`, function () {
  this.timeout(3_600_000);
  const temporary = useTemporaryFolder();
  let postgres: Postgres;
  let hub: Awaited<ReturnType<typeof startHub>>;
  let chain: Awaited<ReturnType<typeof startChain>>;
  let provider: JsonRpcProvider;
  let address: string;
  let snapshot: string;
  /** When the Hub was asked, in milliseconds. */
  const asked: number[] = [];
  let name = 0;

  before(async function () {
    const programs = findPostgres();
    if (programs === undefined) {
      console.log("      skipped: it takes PostgreSQL 15 (.ci/install-peers)");
      return this.skip();
    }
    postgres = await startPostgres(programs);
    hub = await startHub({ repos: createRepos(MODELS), pageSize: 500, keepRequests: false });
    hub.fail({ path: /./, times: Infinity, before: () => void asked.push(performance.now()) });
    chain = await startChain(1337);
    provider = new JsonRpcProvider(chain.url, undefined, { cacheTimeout: -1 });
    address = await deployToNode(chain.url);
    snapshot = (await provider.send("evm_snapshot", [])) as string;
  });

  after(async function () {
    provider?.destroy();
    await Promise.all([chain?.close(), hub?.close(), postgres?.close()]);
  });

  beforeEach(async function () {
    await provider.send("evm_revert", [snapshot]);
    snapshot = (await provider.send("evm_snapshot", [])) as string;
    asked.length = 0;
  });

  const environment = (more: Record<string, string> = {}) => ({
    HF_ENDPOINT: hub.url,
    RPC_URL: chain.url,
    MODEL_PROVENANCE_ADDRESS: address,
    STORE_PATH: temporary.path("store"),
    IMPORT_STATE: temporary.path("import.jsonl"),
    STATE_PATH: temporary.path("state"),
    MODELS_CSV: temporary.path("models.csv"),
    BLOCKCHAIN_DATA: temporary.path("chain.json"),
    ...more,
  });
  const importAll = async (more: Record<string, string> = {}): Promise<CommandResult> =>
    runCommand(["import", "--author", "bench", "--batch-size", String(BATCH), "--json"], environment(more));

  /** What is on the chain: roots and directories of the batches in their order. */
  const readBatches = async () => {
    const registry = ModelProvenanceNFT__factory.connect(address, provider);
    const events = await registry.queryFilter(registry.filters.BatchAnchored());
    return events.map(({ args: { root, contentDigest, count } }) => [root, contentDigest, Number(count)]);
  };

  const startWorker = (queue: string, ...more: string[]): ChildProcess =>
    startWorkerProcess(["--queue", queue, "--hf-rate", String(RATE), ...more], { HF_ENDPOINT: hub.url });

  it(`makes the batches of a single process, over ${KILLS} kills of workers and a restart of PostgreSQL`, async function () {
    const alone = await importAll();
    expect(alone.exitCode, alone.stderr).to.equal(0);
    const expected = await readBatches();
    expect(expected.map(([, , count]) => count).reduce<number>((sum, count) => sum + Number(count), 0)).to.equal(
      MODELS,
    );

    await provider.send("evm_revert", [snapshot]);
    snapshot = (await provider.send("evm_snapshot", [])) as string;
    const places = {
      STORE_PATH: "store2",
      IMPORT_STATE: "import2.jsonl",
      STATE_PATH: "state2",
      MODELS_CSV: "models2.csv",
    };
    const others = Object.fromEntries(Object.entries(places).map(([key, path]) => [key, temporary.path(path)]));
    const queue = await postgres.createDatabase(`work${name++}`);
    const workers = Array.from({ length: WORKERS }, () => startWorker(queue));
    try {
      let isDone = false;
      const chaos = (async () => {
        for (let kills = 0; kills < KILLS && !isDone; kills++) {
          await sleep((IS_LONG ? 4000 : 2000) + Math.random() * 2000);
          const victim = Math.floor(Math.random() * WORKERS);
          await endProcess(workers[victim] as ChildProcess, "SIGKILL");
          workers[victim] = startWorker(queue);
          if (kills === 1) await postgres.restart();
        }
      })();
      const together = await importAll({
        ...others,
        QUEUE_URL: queue,
        HF_RATE: String(RATE),
        BLOCKCHAIN_DATA: temporary.path("chain2.json"),
      });
      isDone = true;
      await chaos;
      expect(together.exitCode, together.stderr).to.equal(0);
      expect(await readBatches()).to.deep.equal(expected);
      const table = await readFile(others["MODELS_CSV"] as string, "utf8");
      expect(table === (await readFile(temporary.path("models.csv"), "utf8")), "the same table").to.equal(true);
      const status = await runCommand(["import", "--status", "--queue", queue, "--json"]);
      expect(JSON.parse(status.stdout)).to.deep.include({ waiting: 0, active: 0, done: MODELS, failed: {} });
    } finally {
      await Promise.all(workers.map(async (worker) => endProcess(worker, "SIGKILL")));
    }
  });

  it("asks the Hub no faster than was said, all workers together", async function () {
    const queue = await postgres.createDatabase(`work${name++}`);
    const rate = 20;
    const few = [
      "import",
      "--author",
      "bench",
      "--limit",
      "12",
      "--dry-run",
      "--json",
      "--queue",
      queue,
      "--hf-rate",
      String(rate),
    ];
    const [importing] = [runCommand(few, environment({ RPC_URL: "" }))];
    const workers = Array.from({ length: WORKERS }, () => startWorker(queue, "--hf-rate", String(rate)));
    try {
      const { exitCode, stderr } = await importing;
      expect(exitCode, stderr).to.equal(0);
      // Two kinds of requests, each at its rate; whoever waited may come a little late.
      const most = Math.max(...asked.map((from) => asked.filter((time) => time >= from && time < from + 1000).length));
      expect(asked.length).to.be.greaterThan(40);
      expect(most).to.be.at.most(2 * rate + 6);
    } finally {
      await Promise.all(workers.map(async (worker) => endProcess(worker, "SIGKILL")));
    }
  });

  it("hands work back when it is told to stop, and ends by itself when nothing is left", async function () {
    const queue = await postgres.createDatabase(`work${name++}`);
    const few = [
      "import",
      "--author",
      "bench",
      "--limit",
      "30",
      "--dry-run",
      "--json",
      "--queue",
      queue,
      "--hf-rate",
      "15",
    ];
    const importing = runCommand(few, environment({ RPC_URL: "" }));
    const stopped = startWorker(queue, "--hf-rate", "15");
    while (asked.length < 10 && stopped.exitCode === null) await sleep(50);
    await endProcess(stopped, "SIGTERM");
    expect(stopped.exitCode).to.equal(0);
    const drained = startWorker(queue, "--drain", "--hf-rate", "1000");
    const [code] = (await once(drained, "exit")) as [number];
    expect(code).to.equal(0);
    const { exitCode, stdout, stderr } = await importing;
    expect(exitCode, stderr).to.equal(0);
    expect((JSON.parse(stdout) as { selected: number }).selected).to.equal(30);
  });

  it("is refused in one sentence where the queue cannot be reached", async function () {
    const result = await runCommand(["worker", "--queue", "postgres://nobody:secret@127.0.0.1:1/none"]);
    expect(result.exitCode).to.equal(4);
    expect(result.stderr)
      .to.match(/The queue .* cannot be used/)
      .and.not.include("secret");
  });
});

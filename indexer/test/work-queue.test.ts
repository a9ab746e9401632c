import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { createRepos } from "../../bench/import/models.ts";
import { ModelProvenanceNFT__factory } from "../../typechain-types/factories/contracts/registry/ModelProvenanceNFT__factory.ts";
import { type CommandResult, runCommand } from "../../test/helpers/run-command.ts";
import { startHub } from "../../test/helpers/servers/hub.ts";
import { useTemporaryFolder } from "../../test/helpers/temporary-folder.ts";
import { endProcess } from "./helpers/running-command.ts";
import { useNode } from "./helpers/use-node.ts";
import { useQueue } from "./helpers/use-queue.ts";

const IS_LONG = process.env["INDEXER_TESTS"] === "long";
const MODELS = IS_LONG ? 10_000 : 1000;
const BATCH = IS_LONG ? 4000 : 400;
const WORKERS = 3;
const KILLS = IS_LONG ? 20 : 3;
const RATE = 2000;

describe(`an import of ${MODELS} models by the workers of a queue`, function () {
  this.timeout(3_600_000);
  const temporary = useTemporaryFolder();
  const queue = useQueue();
  const node = useNode();
  let hub: Awaited<ReturnType<typeof startHub>>;
  /** When the Hub was asked, in milliseconds. */
  const asked: number[] = [];
  let onAsked = () => undefined as void;

  before(async function () {
    hub = await startHub({ repos: createRepos(MODELS), pageSize: 500, keepRequests: false });
    const before = () => {
      asked.push(performance.now());
      onAsked();
    };
    hub.fail({ path: /./, times: Infinity, before });
  });

  after(async function () {
    await hub?.close();
  });

  beforeEach(function () {
    asked.length = 0;
  });

  /** Waits until the Hub was asked so many times. */
  const whenAsked = async (times: number): Promise<void> =>
    new Promise((resolve) => {
      onAsked = () => {
        if (asked.length >= times) resolve();
      };
    });
  const environment = (more: Record<string, string> = {}) => ({
    HF_ENDPOINT: hub.url,
    ...node.environment(),
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
    const registry = ModelProvenanceNFT__factory.connect(node.address(), node.provider());
    const events = await registry.queryFilter(registry.filters.BatchAnchored());
    return events.map(({ args: { root, contentDigest, count } }) => [root, contentDigest, Number(count)]);
  };

  /** At the rate that the import says. */
  const startWorker = (...more: string[]) => queue.start(["worker", ...more], { HF_ENDPOINT: hub.url });
  /** Reads some models, and records none. */
  const readSome = (count: number, ...more: string[]) =>
    queue.start(["import", "--author", "bench", "--limit", String(count), "--dry-run", "--json", ...more], {
      ...environment(),
      RPC_URL: "",
    });

  it(`makes the batches of a single process, over ${KILLS} kills of workers and a restart of PostgreSQL`, async function () {
    const alone = await importAll();
    expect(alone.exitCode, alone.stderr).to.equal(0);
    const expected = await readBatches();
    const counts = expected.map(([, , count]) => Number(count));
    expect(counts.reduce((sum, count) => sum + count, 0)).to.equal(MODELS);
    await node.revert();
    const requests = asked.length;
    asked.length = 0;

    const places = {
      STORE_PATH: "store2",
      IMPORT_STATE: "import2.jsonl",
      STATE_PATH: "state2",
      MODELS_CSV: "models2.csv",
      BLOCKCHAIN_DATA: "chain2.json",
    };
    const others = Object.fromEntries(Object.entries(places).map(([key, path]) => [key, temporary.path(path)]));
    const workers = Array.from({ length: WORKERS }, () => startWorker());
    let kills = 0;
    const killWorkers = async () => {
      for (; kills < KILLS; kills++) {
        await whenAsked((requests * (kills + 1)) / (KILLS + 1));
        const victim = Math.floor(Math.random() * WORKERS);
        await endProcess(workers[victim] as (typeof workers)[number], "SIGKILL");
        workers[victim] = startWorker();
        if (kills === 1) await queue.postgres().restart();
      }
    };
    const killing = killWorkers();
    const together = await importAll({ ...others, QUEUE_URL: queue.url(), HF_RATE: String(RATE) });
    expect(together.exitCode, together.stderr).to.equal(0);
    expect(kills).to.equal(KILLS);
    await killing;
    expect(await readBatches()).to.deep.equal(expected);
    const table = await readFile(others["MODELS_CSV"] as string, "utf8");
    expect(table === (await readFile(temporary.path("models.csv"), "utf8")), "the same table").to.equal(true);
    const status = await runCommand(["import", "--status", "--queue", queue.url(), "--json"]);
    expect(JSON.parse(status.stdout)).to.deep.include({ waiting: 0, active: 0, done: MODELS, failed: {} });
  });

  it("asks the Hub no faster than was said, all workers together", async function () {
    const rate = ["--hf-rate", "20"];
    const importing = readSome(12, ...rate);
    for (let i = 0; i < WORKERS; i++) startWorker();
    expect(await importing.ended, importing.said()).to.equal(0);
    // Two kinds of requests, each at its rate; whoever waited may come a little late.
    const most = Math.max(...asked.map((from) => asked.filter((time) => time >= from && time < from + 1000).length));
    expect(asked.length).to.be.greaterThan(40);
    expect(most).to.be.at.most(2 * 20 + 6);
  });

  it("hands work back when it is told to stop, and ends by itself when nothing is left", async function () {
    const importing = readSome(30, "--hf-rate", "15");
    const stopped = startWorker();
    await whenAsked(10);
    expect(await endProcess(stopped, "SIGTERM"), stopped.said()).to.equal(0);
    const drained = startWorker("--drain", "--hf-rate", "1000");
    expect(await drained.ended, drained.said()).to.equal(0);
    expect(await importing.ended, importing.said()).to.equal(0);
    expect((JSON.parse(importing.printed()) as { selected: number }).selected).to.equal(30);
  });

  it("is refused in one sentence where the queue cannot be reached", async function () {
    const result = await runCommand(["worker", "--queue", "postgres://nobody:secret@127.0.0.1:1/none"]);
    expect(result.exitCode).to.equal(4);
    expect(result.stderr)
      .to.match(/The queue .* cannot be used/)
      .and.not.include("secret");
  });
});

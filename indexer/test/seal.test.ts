import { expect } from "chai";
import { createRepos } from "../../bench/import/models.ts";
import { ModelProvenanceNFT__factory } from "../../typechain-types/factories/contracts/registry/ModelProvenanceNFT__factory.ts";
import { startHub } from "../../test/helpers/servers/hub.ts";
import { useTemporaryFolder } from "../../test/helpers/temporary-folder.ts";
import { type RunningCommand, endProcess } from "./helpers/running-command.ts";
import { useNode } from "./helpers/use-node.ts";
import { useQueue } from "./helpers/use-queue.ts";

const MODELS = 6;
const RATE = ["--hf-rate", "1000"];

describe("two imports that record for one account by the same queue", function () {
  this.timeout(600_000);
  const temporary = useTemporaryFolder();
  const queue = useQueue();
  const node = useNode();
  let hub: Awaited<ReturnType<typeof startHub>>;

  before(async function () {
    hub = await startHub({ repos: createRepos(MODELS) });
  });

  after(async function () {
    await hub?.close();
  });

  afterEach(async function () {
    await node.provider().send("evm_setAutomine", [true]);
  });

  /** Each has a state of its own, and makes other batches than the other. */
  const startImport = (state: string, batchSize: number): RunningCommand =>
    start(state, "--author", "bench", "--batch-size", String(batchSize));
  const start = (state: string, ...args: string[]): RunningCommand =>
    queue.start(["import", ...args, ...RATE], {
      ...node.environment(),
      HF_ENDPOINT: hub.url,
      STORE_PATH: temporary.path("store"),
      IMPORT_STATE: temporary.path(state, "import.jsonl"),
      STATE_PATH: temporary.path(state, "state"),
      MODELS_CSV: temporary.path(state, "models.csv"),
      BLOCKCHAIN_DATA: temporary.path(state, "chain.json"),
    });
  const startWorker = () => queue.start(["worker", ...RATE], { HF_ENDPOINT: hub.url });

  /** Until it holds the place, has read what is recorded, and waits for workers. */
  const untilAsked = async ({ process }: RunningCommand): Promise<void> => {
    const count = async () => Number(await queue.query("SELECT count(*) FROM pgboss.job").catch(() => 0));
    while (process.exitCode === null && (await count()) < MODELS);
  };
  /** As if its holder had given no sign of life for a minute. */
  const expire = async () => queue.query("UPDATE provenance_work.sealer SET until = now() - interval '1 second'");
  const readBatches = async () => {
    const registry = ModelProvenanceNFT__factory.connect(node.address(), node.provider());
    const events = await registry.queryFilter(registry.filters.BatchAnchored());
    return events.map(({ args: { root, count } }) => [root, Number(count)] as const);
  };
  const countsOf = async () => (await readBatches()).map(([, count]) => count);

  it("wait for what one sent that was killed, and find it recorded", async function () {
    await node.provider().send("evm_setAutomine", [false]);
    const first = startImport("first", MODELS);
    await untilAsked(first);
    await expire(); // nobody else came: it keeps the place
    startWorker();
    await first.says(/sent transaction/);
    await endProcess(first, "SIGKILL");
    const second = startImport("second", MODELS / 2);
    await second.says(/another process records for this account: waiting/);
    await expire();
    await second.says(/what another process sent for this account is not in a block yet: waiting/);
    await node.provider().send("evm_mine", []);
    expect(await second.ended, second.said()).to.equal(0);
    expect(await countsOf()).to.deep.equal([MODELS]);
  });

  it("go on with what the same state sent, without waiting for it first", async function () {
    await node.provider().send("evm_setAutomine", [false]);
    startWorker();
    const killed = startImport("first", MODELS);
    await killed.says(/sent transaction/);
    await endProcess(killed, "SIGKILL");
    const again = startImport("first", MODELS);
    await again.says(/another process records for this account: waiting/);
    await expire();
    await node.provider().send("evm_setAutomine", [true]);
    await node.provider().send("evm_mine", []);
    expect(await again.ended, again.said()).to.equal(0);
    expect(again.said()).to.not.match(/is not in a block yet/);
    expect(await countsOf()).to.deep.equal([MODELS]);
  });

  it("do not wait for one that was stopped by its user", async function () {
    const first = startImport("first", MODELS);
    await untilAsked(first);
    startWorker();
    await endProcess(first, "SIGINT");
    expect(first.process.signalCode).to.equal("SIGINT");
    expect(first.said()).to.match(/to go on from here/);
    const second = startImport("second", MODELS);
    expect(await second.ended, second.said()).to.equal(0);
    expect(second.said()).to.not.match(/waiting/);
    expect(await countsOf()).to.deep.equal([MODELS]);

    await queue.query("DELETE FROM provenance_work.turn");
    const watching = start("second", "--watch");
    expect(await watching.ended, watching.said()).to.equal(0);
    // It took its turns at the Hub with all others.
    expect(await queue.query("SELECT count(*) FROM provenance_work.turn")).to.equal("1");
  });

  it("let one go on when the other stands still, which then sends nothing", async function () {
    const first = startImport("first", MODELS);
    await untilAsked(first);
    first.process.kill("SIGSTOP");
    const second = startImport("second", MODELS / 2);
    await second.says(/another process records for this account: waiting/);
    startWorker();
    await expire();
    expect(await second.ended, second.said()).to.equal(0);
    const recorded = await readBatches();
    expect(await countsOf()).to.deep.equal([MODELS / 2, MODELS / 2]);
    const sent = await node.provider().getTransactionCount((await node.provider().getSigner(0)).address);
    first.process.kill("SIGCONT");
    expect(await first.ended, first.said()).to.equal(4);
    expect(first.said()).to.match(/another one records for this account since then. Nothing was sent after that/);
    expect(await readBatches()).to.deep.equal(recorded);
    expect(await node.provider().getTransactionCount((await node.provider().getSigner(0)).address)).to.equal(sent);
  });
});

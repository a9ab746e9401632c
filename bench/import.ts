import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployToNode } from "../test/helpers/deploy-to-node.ts";
import { startChain } from "../test/helpers/json-rpc-server.ts";
import { startHub } from "../test/helpers/servers/hub.ts";
import { createRepos } from "./import/models.ts";
import { type MeasuredRun, runMeasured } from "./import/run.ts";

/**
 * Imports models from a replay of the Hub into a registry on a development node, all on this machine: a first run is
 * killed (kill -9) when 4 of 10 models were read, a second one ends the work, a third one finds nothing to do.
 *
 *   npm run bench:import              10 000 models
 *   BENCH_MODELS=500 npm run bench:import
 *
 * Hub and node are in this process, and share the processor with the import:
 * processor time says more than the time.
 */
const models = Number(process.env["BENCH_MODELS"] ?? 10_000);
const batchSize = Number(process.env["BENCH_BATCH_SIZE"] ?? 5000);
// Processor time of this process, in microseconds, when it was last reported.
let servedBefore = 0;
const folder = await mkdtemp(join(tmpdir(), "model-provenance-bench-"));
const hub = await startHub({ repos: createRepos(models), pageSize: 500, keepRequests: false });
const chain = await startChain(1337);
try {
  const environment = {
    HF_ENDPOINT: hub.url,
    RPC_URL: chain.url,
    MODEL_PROVENANCE_ADDRESS: await deployToNode(chain.url),
    STORE_PATH: join(folder, "store"),
    IMPORT_STATE: join(folder, "import.jsonl"),
    MODELS_CSV: join(folder, "models_metadata.csv"),
    BLOCKCHAIN_DATA: join(folder, "blockchain_data.json"),
  };
  const args = ["import", "--author", "bench", "--batch-size", String(batchSize), "--json"];
  const counter = { trees: 0, onTree: () => undefined as void };
  hub.fail({
    path: /\/tree\//,
    times: Infinity,
    before: () => {
      counter.trees++;
      counter.onTree();
    },
  });
  const killed = await runMeasured(args, environment, (kill) => {
    counter.onTree = () => {
      if (counter.trees >= models * 0.4) kill();
    };
  });
  counter.onTree = () => undefined;
  report("killed with kill -9", killed);
  const readBefore = counter.trees;
  const finished = await runMeasured(args, environment);
  report("finished", finished);
  console.log(`models read again after the kill: ${counter.trees - models} (of ${readBefore} begun)`);
  describe(finished);
  const again = await runMeasured(args, environment);
  report("nothing left to do", again);
  const checked = await runMeasured(["export", "--check", environment.BLOCKCHAIN_DATA], environment);
  report("export --check", checked);
  console.log(checked.stdout.trim());
} finally {
  await chain.close();
  await hub.close();
  await rm(folder, { recursive: true });
}

function report(what: string, run: MeasuredRun): void {
  const { exitCode, signal, seconds, processorSeconds, peakMiB, stderr } = run;
  const servers = process.cpuUsage();
  const own = (servers.user + servers.system - servedBefore) / 1e6;
  servedBefore += own * 1e6;
  const times = `${seconds.toFixed(1)} s, ${processorSeconds.toFixed(1)} s of processor time (Hub and node ${own.toFixed(1)} s)`;
  console.log(`${what}: exit ${exitCode ?? signal}, ${times}, at most ${peakMiB} MiB`);
  if (exitCode !== 0 && signal === null) console.log(stderr.split("\n").slice(-5).join("\n"));
}

function describe({ stdout }: MeasuredRun): void {
  const { selected, recorded, failed } = JSON.parse(stdout) as {
    selected: number;
    recorded: { count: number; transactionHash?: string }[];
    failed: unknown[];
  };
  const counts = recorded.map(({ count }) => count).join(" + ");
  console.log(`${selected} selected, ${failed.length} failed, recorded ${counts} in ${recorded.length} transactions`);
}

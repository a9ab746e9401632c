import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toBeHex } from "ethers";
import { openRegistry, readRegistryIndex } from "model-provenance-nft";
import { findAnvil, startAnvil } from "../indexer/test/helpers/anvil.ts";
import { fillRegistry, modelId } from "../indexer/test/helpers/fill-registry.ts";
import { type Indexer, startIndexer, writeRegistries } from "../indexer/test/helpers/indexer.ts";
import { findPostgres, startPostgres } from "../indexer/test/helpers/postgres.ts";
import { deployToNode } from "../test/helpers/deploy-to-node.ts";

/**
 * Indexes a registry on PostgreSQL and asks it what hubs ask, and reads the same by eth_getLogs as `lineage` does without an
 * indexer; the ratio between the two says more than the seconds of one machine.
 *
 *   npm run bench:indexer                     1 000 000 models, half of them with a parent
 *   BENCH_MODELS=100000 npm run bench:indexer
 *
 * anvil, PostgreSQL and the indexer share this machine.
 */
const models = Number(process.env["BENCH_MODELS"] ?? 1_000_000);
const ROUNDS = 200;
const FINALITY = 40;
const [node, programs] = [findAnvil(), findPostgres()];
if (node === undefined || programs === undefined) throw new Error("It takes anvil and PostgreSQL: .ci/install-peers");

const folder = await mkdtemp(join(tmpdir(), "model-provenance-bench-"));
const [anvil, postgres] = await Promise.all([startAnvil(node), startPostgres(programs)]);
let indexer: Indexer | undefined;
try {
  const address = await deployToNode(anvil.url);
  const filled = await timed(async () => fillRegistry(anvil.provider, address, { models, edges: models / 2 }));
  await anvil.provider.send("anvil_mine", [toBeHex(FINALITY)]);
  console.log(`${models} models with ${models / 2} edges; minted in ${seconds(filled)}`);

  const registries = await writeRegistries(join(folder, "registries.yaml"), address, anvil.url);
  const database = await postgres.createDatabase("indexer");
  const backfill = await timed(async () => {
    indexer = await startIndexer(registries, { database });
    await indexer.reach(await anvil.provider.getBlockNumber());
  });
  // A model is two events, and a child one more for its parent.
  const events = models * 2;
  console.log(
    `backfill: ${seconds(backfill)}, ${Math.round((events / backfill) * 1000)} events/s, at most ${await peakMiB(indexer as Indexer)} MiB`,
  );
  const bytes = (await postgres.sizeOf("indexer")) - (await postgres.sizeOf("postgres"));
  console.log(`the database: ${(bytes / 1e6).toFixed(1)} MB, ${Math.round(bytes / models)} bytes a model`);
  await measureQueries(indexer as Indexer);

  const registry = await openRegistry(anvil.provider, address);
  const scan = await timed(async () => readRegistryIndex(registry));
  console.log(
    `eth_getLogs, the index in memory: ${seconds(scan)}; the backfill takes ${(backfill / scan).toFixed(1)} times as long, once`,
  );
  const one = await median(20, async (i) => (indexer as Indexer).ask(`/lineage/${hex(i)}`));
  console.log(
    `one lineage: ${one.toFixed(1)} ms by the indexer, ${seconds(scan)} by eth_getLogs: 1 to ${Math.round(scan / one)}`,
  );
} finally {
  await indexer?.close();
  await Promise.all([anvil.close(), postgres.close()]);
  await rm(folder, { recursive: true });
}

async function measureQueries(server: Indexer): Promise<void> {
  const [first] = (await server.graphql("{ models(limit: 1) { items { creator } } }"))["models"]?.["items"] as {
    creator: string;
  }[];
  const questions: Record<string, (i: number) => Promise<unknown>> = {
    "children of a model": async (i) =>
      server.graphql(`{ edges(where: { parent: "${modelId(i)}" }, limit: 50) { items { child } } }`),
    "a creator's newest 50": async () =>
      server.graphql(
        `{ models(where: { creator: "${first?.creator}" }, orderBy: "mintedAt", orderDirection: "desc", limit: 50) { items { id } } }`,
      ),
    "models of a licence": async () =>
      server.graphql('{ models(where: { license: "MIT" }, limit: 50) { items { id } } }'),
    "search (no document)": async (i) => server.ask(`/search?q=model%20${i}`),
    "lineage of depth 10": async (i) => server.ask(`/lineage/${hex(i)}?depth=10`),
  };
  for (const [what, ask] of Object.entries(questions)) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const i = Math.floor(Math.random() * models);
      times.push(await timed(async () => ask(i)));
    }
    times.sort((a, b) => a - b);
    console.log(`${what}: p50 ${at(times, 0.5)} ms, p99 ${at(times, 0.99)} ms`);
  }
}

/** The most memory that the server and the process that indexes had, in MiB. */
async function peakMiB({ pid }: Indexer): Promise<number> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => ""))
    .split(" ")
    .filter(Boolean);
  const peaks = [String(pid), ...children].map(async (one) => {
    const status = await readFile(`/proc/${one}/status`, "utf8").catch(() => "");
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  });
  return Math.round((await Promise.all(peaks)).reduce((sum, peak) => sum + peak, 0));
}

async function median(rounds: number, work: (i: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) times.push(await timed(async () => work(i)));
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] as number;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function at(sorted: readonly number[], part: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] as number).toFixed(1);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function hex(number: number): string {
  return toBeHex(modelId(number), 32);
}

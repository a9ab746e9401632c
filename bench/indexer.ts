import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { toBeHex } from "ethers";
import { connectNode, openRegistry, readRegistryIndex } from "model-provenance-nft";
import { findAnvil, startAnvil } from "../indexer/test/helpers/anvil.ts";
import { fillDocuments } from "../indexer/test/helpers/fill-documents.ts";
import { MODELS_PER_TRANSACTION, fillRegistry } from "../indexer/test/helpers/fill-registry.ts";
import { type Indexer, startIndexer, writeRegistries } from "../indexer/test/helpers/indexer.ts";
import { findPostgres, startPostgres } from "../indexer/test/helpers/postgres.ts";
import { deployToNode } from "../test/helpers/deploy-to-node.ts";
import { measureQuestions } from "./indexer/questions.ts";
import { peakMiB, seconds, timed } from "./indexer/measure.ts";

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
const FINALITY = 40;
// anvil computes the root of all that it holds for each block.
const MOST_BLOCKS = 400;
const [node, programs] = [findAnvil(), findPostgres()];
if (node === undefined || programs === undefined) throw new Error("It takes anvil and PostgreSQL: .ci/install-peers");

const folder = await mkdtemp(join(tmpdir(), "model-provenance-bench-"));
const [anvil, postgres] = await Promise.all([startAnvil(node, { states: 0 }), startPostgres(programs)]);
let indexer: Indexer | undefined;
try {
  const address = await deployToNode(anvil.url);
  const filling = {
    models,
    edges: models / 2,
    transactionsPerBlock: Math.ceil(models / MODELS_PER_TRANSACTION / MOST_BLOCKS),
  };
  const filled = await timed(async () => fillRegistry(anvil.provider, address, filling));
  await anvil.provider.send("anvil_mine", [toBeHex(FINALITY)]);
  console.log(`${models} models with ${models / 2} edges; minted in ${seconds(filled)}; ${load()}`);

  const registries = await writeRegistries(join(folder, "registries.yaml"), address, anvil.url);
  const database = await postgres.createDatabase("indexer");
  const backfill = await timed(async () => {
    indexer = await startIndexer(registries, { database });
    await indexer.reach(await anvil.provider.getBlockNumber());
  });
  const server = indexer as unknown as Indexer;
  // A model is two events.
  const rate = Math.round((models * 2) / (backfill / 1000));
  console.log(
    `backfill, with the start: ${seconds(backfill)}, ${rate} events/s; at most ${await peakMiB(server.pid)} MiB`,
  );
  const bytes = (await postgres.sizeOf("indexer")) - (await postgres.sizeOf("postgres"));
  const documents = await timed(async () => fillDocuments(database, models));
  const withDocuments = (await postgres.sizeOf("indexer")) - (await postgres.sizeOf("postgres")) - bytes;
  console.log(
    `database: ${Math.round(bytes / models)} bytes a model, and ${Math.round(withDocuments / models)} its document; documents written in ${seconds(documents)}`,
  );

  const latencies = await measureQuestions(server, `eip155:31337:${address.toLowerCase()}`, models);
  for (const { what, p50, p99 } of latencies)
    console.log(`  ${what}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
  console.log(`at most ${await peakMiB(server.pid)} MiB in the end; ${load()}`);

  const { provider } = await connectNode(anvil.url);
  const registry = await openRegistry(provider, address);
  const scan = await timed(async () => readRegistryIndex(registry));
  console.log(`eth_getLogs, the whole index in memory: ${seconds(scan)}, ${load()}; beside that`);
  console.log(`  the backfill takes ${(backfill / scan).toFixed(1)} times as long, once`);
  for (const { what, p50 } of latencies) console.log(`  ${what}: one ${Math.round(scan / p50)}th`);
} finally {
  await indexer?.close();
  await Promise.all([anvil.close(), postgres.close()]);
  await rm(folder, { recursive: true });
}

function load(): string {
  return `load ${(loadavg()[0] ?? 0).toFixed(1)}`;
}

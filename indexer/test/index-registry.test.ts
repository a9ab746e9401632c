import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { toBeHex } from "ethers";
import { deployToNode } from "../../test/helpers/deploy-to-node.ts";
import { type Anvil, findAnvil, startAnvil } from "./helpers/anvil.ts";
import { fillRegistry, modelId, parentOf } from "./helpers/fill-registry.ts";
import { type Indexer, isIndexerInstalled, startIndexer, writeRegistries } from "./helpers/indexer.ts";
import { type Postgres, findPostgres, startPostgres } from "./helpers/postgres.ts";

const MODELS = Number(process.env["INDEXER_MODELS"] ?? 10_000);
const EDGES = MODELS / 2;

describe(`an index of ${MODELS} models`, function () {
  let folder: string;
  let anvil: Anvil;
  let postgres: Postgres;
  let address: string;
  let indexer: Indexer;

  before(async function () {
    const [node, database] = [findAnvil(), findPostgres()];
    if (node === undefined || database === undefined || !isIndexerInstalled()) {
      console.log("      skipped: it takes anvil, PostgreSQL 15 and the indexer's packages (.ci/install-peers)");
      return this.skip();
    }
    folder = await mkdtemp(join(tmpdir(), "model-provenance-indexer-"));
    [anvil, postgres] = await Promise.all([startAnvil(node), startPostgres(database)]);
    address = await deployToNode(anvil.url);
    await timed("filled", async () => fillRegistry(anvil.provider, address, { models: MODELS, edges: EDGES }));
    const registries = await writeRegistries(join(folder, "registries.yaml"), address, anvil.url);
    await timed("indexed", async () => {
      indexer = await startIndexer(registries, { database: await postgres.createDatabase("indexer") });
      await indexer.reach(await anvil.provider.getBlockNumber());
    });
  });

  after(async function () {
    await indexer?.close();
    await Promise.all([anvil?.close(), postgres?.close()]);
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  it("has every model and every edge", async function () {
    const { models, edges, holders } = await indexer.graphql(
      "{ models(limit: 1) { totalCount } edges(limit: 1) { totalCount } holders(limit: 1) { totalCount } }",
    );
    expect(models?.["totalCount"]).to.equal(MODELS);
    expect(edges?.["totalCount"]).to.equal(EDGES);
    expect(holders?.["totalCount"]).to.equal(MODELS);
  });

  it("answers the children and the line of ancestors of a model", async function () {
    const deep = deepestBelow(EDGES);
    const line: string[] = [];
    for (let one: number | undefined = deep; one !== undefined; one = parentOf(one, { edges: EDGES }))
      line.push(hex(one));
    const { links } = await indexer.ask(`/lineage/${hex(deep)}?depth=64`);
    const above = new Map((links as { child: string; parent: string }[]).map(({ child, parent }) => [child, parent]));
    const walked = [hex(deep)];
    for (let next = above.get(hex(deep)); next !== undefined; next = above.get(next)) walked.push(next);
    expect(walked).to.deep.equal(line);
    expect(line.length).to.be.greaterThan(5);
    const { children } = await indexer.ask(`/children/${hex(3)}`);
    expect((children as { tokenId: string }[]).map(({ tokenId }) => tokenId)).to.deep.equal([hex(7)]);
  });
});

function hex(number: number): string {
  return toBeHex(modelId(number), 32);
}

/** The last of the numbers 1, 3, 7, 15 …, each the child of the one before, that is below a bound. */
function deepestBelow(bound: number): number {
  let number = 1;
  while (2 * number + 1 < bound) number = 2 * number + 1;
  return number;
}

async function timed(what: string, work: () => Promise<void>): Promise<void> {
  const start = performance.now();
  await work();
  console.log(`      ${what} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

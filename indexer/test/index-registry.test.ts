import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { toBeHex } from "ethers";
import { callMany } from "../../src/registry/call-many.ts";
import { openRegistry } from "../../src/registry/registry.ts";
import { deployToNode } from "../../test/helpers/deploy-to-node.ts";
import { fillRegistry, modelId, parentOf } from "./helpers/fill-registry.ts";
import { type Indexer, writeRegistries } from "./helpers/indexer.ts";
import { checksumTables } from "./helpers/tables.ts";
import { useIndexing } from "./helpers/use-indexing.ts";

const IS_LONG = process.env["INDEXER_TESTS"] === "long";
const MODELS = Number(process.env["INDEXER_MODELS"] ?? (IS_LONG ? 100_000 : 10_000));
const EDGES = MODELS / 2;
const KILLS = IS_LONG ? 20 : 3;
const REORGS = IS_LONG ? Array.from({ length: 25 }, (_, i) => i + 1) : [1, 4, 25];
// More than Ponder waits for on a chain that it does not know: what lies before is read in one go.
const FINALITY = 40;
// Ponder asks for the blocks that are gone one after the other: on a loaded machine 25 of them take their time.
const PATIENCE = 300_000;

describe(`an index of ${MODELS} models`, function () {
  this.timeout(1_800_000);
  const { anvil, postgres, pathOf, start } = useIndexing({ states: 30 });
  let address: string;
  let registries: string;
  let database: string;
  let indexer: Indexer;

  before(async function () {
    address = await deployToNode(anvil().url);
    await timed("filled", async () => fillRegistry(anvil().provider, address, { models: MODELS, edges: EDGES }));
    await anvil().provider.send("anvil_mine", [toBeHex(FINALITY)]);
    registries = await writeRegistries(pathOf("registries.yaml"), address, anvil().url);
    database = await postgres().createDatabase("indexer");
    await timed("indexed", async () => {
      indexer = await start(registries, { database });
      await indexer.reach(await anvil().provider.getBlockNumber());
    });
  });

  const countModels = async () =>
    (await indexer.graphql("{ models(limit: 1) { totalCount } }"))["models"]?.["totalCount"];

  it("has every model, every edge and every holder", async function () {
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

  it("says of a random hundredth of the models what the contract says", async function () {
    const registry = await openRegistry(anvil().provider, address);
    const wanted = new Set(Array.from({ length: MODELS / 100 }, () => Math.floor(Math.random() * MODELS)));
    const ids = [...wanted].map(modelId);
    const head = await anvil().provider.getBlockNumber();
    const records = await callMany(
      registry,
      ids.map((id) => ({ name: "getModelData", args: [id] })),
      head,
    );
    const items: Record<string, unknown>[] = [];
    for (let start = 0; start < ids.length; start += 100) {
      const list = ids.slice(start, start + 100).map((id) => `"${id}"`);
      const fields =
        "id creator mintedAt relation status parentCount datasetDigest metadataDigest framework license performanceMetrics";
      const query = `{ models(limit: 100, where: { id_in: [${list.join()}] }) { items { ${fields} } } }`;
      items.push(...((await indexer.graphql(query))["models"]?.["items"] as Record<string, unknown>[]));
    }
    const indexed = new Map(items.map((item) => [String(item["id"]), item]));
    expect(indexed.size).to.equal(ids.length);
    ids.forEach((id, i) => {
      const [data] = records[i] as unknown as [Record<string, unknown> & { parents: bigint[]; creator: string }];
      expect(indexed.get(String(id)), String(id)).to.deep.equal({
        id: String(id),
        creator: data.creator.toLowerCase(),
        mintedAt: String(data["mintedAt"]),
        relation: Number(data["relation"]),
        status: Number(data["status"]),
        parentCount: data.parents.length,
        datasetDigest: data["datasetDigest"],
        metadataDigest: data["metadataDigest"],
        framework: data["framework"],
        license: data["license"],
        performanceMetrics: data["performanceMetrics"],
      });
    });
  });

  it(`holds the same after ${KILLS} kills while it indexes`, async function () {
    const other = await postgres().createDatabase("killed");
    const killed = await start(registries, { database: other });
    try {
      let kills = 0;
      while (kills < KILLS) {
        // It takes some seconds to start: the kill falls into the start, the backfill, or what comes after.
        await sleep(1500 + Math.random() * (IS_LONG ? 15_000 : 4000));
        if (await killed.killIndexing()) kills++;
      }
      await killed.reach(await anvil().provider.getBlockNumber());
      expect(await checksumTables(other)).to.deep.equal(await checksumTables(database));
    } finally {
      await killed.close();
    }
  });

  // documents.test.ts compares the two with few models.
  if (IS_LONG) {
    it("answers the same from PGlite", async function () {
      const other = await start(registries, { data: pathOf("data") });
      try {
        await other.reach(await anvil().provider.getBlockNumber());
        const numbers = Array.from({ length: 200 }, () => Math.floor(Math.random() * MODELS));
        const place = `registry=eip155:31337:${address.toLowerCase()}`;
        const routes = numbers.flatMap((i) => [
          `/lineage/${hex(i)}?depth=12`,
          `/children/${hex(i)}`,
          `/places/${hex(i)}?${place}`,
        ]);
        for (const route of routes) expect(await other.ask(route), route).to.deep.equal(await indexer.ask(route));
        const columns = "id creator mintedAt status license version metadataDigest weightsDigest block logIndex";
        for (const order of ["id", "mintedAt", "block"]) {
          const query = `{ models(orderBy: "${order}", limit: 1000) { totalCount items { ${columns} } } }`;
          expect(await other.graphql(query)).to.deep.equal(await indexer.graphql(query));
        }
      } finally {
        await other.close();
      }
    });
  }

  it(`takes back what a chain takes back: ${REORGS.join(", ")} blocks`, async function () {
    let next = MODELS;
    for (const depth of REORGS) {
      const before = await checksumTables(database);
      for (let i = 0; i < depth; i++) {
        await fillRegistry(anvil().provider, address, { models: 1, edges: 0, from: next++ });
      }
      await indexer.reach(await anvil().provider.getBlockNumber());
      await until(async () => (await countModels()) === MODELS + depth);
      await anvil().provider.send("anvil_reorg", [depth, []]);
      await until(async () => (await countModels()) === MODELS);
      expect(await checksumTables(database)).to.deep.equal(before);
    }
  });

  it("refuses hostile questions, and goes on answering others", async function () {
    const ask = async (path: string, init?: RequestInit) => (await fetch(indexer.url + path, init)).status;
    const sql = async (text: string) =>
      ask(`/sql/db?sql=${encodeURIComponent(JSON.stringify({ json: { sql: text, params: [] } }))}`);
    const post = (query: string) => ({
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query }),
    });
    expect(await sql("select count(*) from model")).to.equal(200);
    for (const text of [
      "delete from model",
      "select pg_sleep(100)",
      "select 1; drop table model",
      "with x as (insert into model) select 1",
    ]) {
      expect(await sql(text), text).to.equal(400);
    }
    expect(await ask(`/search?q=${"x".repeat(13_000)}`)).to.equal(414);
    expect(await ask("/graphql", { method: "POST", body: "x".repeat(100_000) })).to.equal(413);
    expect(await ask(`/lineage/${hex(1)}?depth=1000000`)).to.equal(400);
    expect(await ask("/nothing")).to.equal(404);
    const aliases = Array.from({ length: 50 }, (_, i) => `a${i}: models { totalCount }`).join(" ");
    const refused = (await (await fetch(`${indexer.url}/graphql`, post(`{ ${aliases} }`))).json()) as {
      errors: unknown[];
    };
    expect(refused.errors.length).to.be.greaterThan(0);
    // Products of tables that would take hours: two at a time, and nobody else waits for them.
    const product = "select count(*) from model a, model b, model c, model d where a.license < d.version";
    const slow = Array.from({ length: 10 }, async () => sql(product));
    expect(await ask(`/children/${hex(3)}`)).to.equal(200);
    const statuses = await Promise.all(slow);
    expect(statuses.filter((status) => status === 429).length).to.equal(8);
    expect(statuses.filter((status) => status === 504).length).to.equal(2);
    expect(await ask("/status")).to.equal(200);
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

async function until(condition: () => Promise<boolean>): Promise<void> {
  const start = performance.now();
  while (!(await condition())) {
    if (performance.now() - start > PATIENCE) throw new Error("it did not come about within five minutes");
    await sleep(100);
  }
}

async function timed(what: string, work: () => Promise<void>): Promise<void> {
  const start = performance.now();
  await work();
  console.log(`      ${what} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

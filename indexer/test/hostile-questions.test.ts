import { expect } from "chai";
import { toBeHex } from "ethers";
import { deployToNode } from "../../test/helpers/deploy-to-node.ts";
import { fillRegistry, modelId } from "./helpers/fill-registry.ts";
import { type Indexer, writeRegistries } from "./helpers/indexer.ts";
import { useIndexing } from "./helpers/use-indexing.ts";

const MODELS = 2000;

describe("hostile questions to an indexer", function () {
  this.timeout(600_000);
  const { anvil, postgres, pathOf, start } = useIndexing();
  let indexer: Indexer;
  let indexing: readonly number[];

  before(async function () {
    const address = await deployToNode(anvil().url);
    await fillRegistry(anvil().provider, address, { models: MODELS, edges: MODELS / 2 });
    const registries = await writeRegistries(pathOf("registries.yaml"), address, anvil().url);
    indexer = await start(registries, { database: await postgres().createDatabase("indexer") });
    await indexer.reach(await anvil().provider.getBlockNumber());
    indexing = await indexer.listIndexing();
  });

  // A process that ran out of memory is started again under another number.
  afterEach(async function () {
    if (indexer === undefined) return;
    expect((await fetch(`${indexer.url}/children/${toBeHex(modelId(3), 32)}`)).status).to.equal(200);
    expect(await indexer.listIndexing(), indexer.log()).to.deep.equal(indexing);
  });

  const sql = async (text: string, more: object = {}) => {
    const question = encodeURIComponent(JSON.stringify({ json: { sql: text, params: [] }, ...more }));
    // Those before it may keep their places until the database has ended them.
    for (;;) {
      const { status } = await fetch(`${indexer.url}/sql/db?sql=${question}`);
      if (status !== 429) return status;
    }
  };
  const graphql = async (body: string) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${indexer.url}/graphql`, { method: "POST", headers, body });
    return { status: response.status, text: await response.text() };
  };

  it("in SQL are answered in full where they are small", async function () {
    expect(await sql("select a.id from model a, model b where a.id = b.id limit 10")).to.equal(200);
  });

  it("in SQL do not fill the memory: products of tables, values that double, what has to be sorted", async function () {
    let doubled = "select performance_metrics || version as c from model limit 1";
    for (let i = 0; i < 27; i++) doubled = `select c||c as c from (${doubled}) x`;
    for (const text of [
      "select a.*, b.* from model a, model b",
      doubled,
      "select count(*) from (select distinct a.id, b.id, c.id from model a, model b, model c) x",
    ]) {
      expect(await sql(text), text.slice(0, 80)).to.be.oneOf([413, 500, 504]);
    }
  });

  it("in SQL are refused where they are nested deeply, or say more than a statement", async function () {
    expect(await sql(`select ${"(".repeat(2400)}1${")".repeat(2400)}`)).to.be.oneOf([200, 400, 500]);
    expect(await sql(`select ${"-".repeat(2)}1`)).to.equal(400);
    for (const meta of [
      { referentialEqualities: { "json.sql": ["__proto__.x"] } },
      { values: { "json.params": 7 } },
      7,
    ]) {
      expect(await sql("select id from model limit 1", { meta })).to.be.oneOf([200, 400, 500]);
    }
    for (const text of ["%00", "%7B", "[]", "null", encodeURIComponent('{"json":{"sql":7}}')]) {
      expect((await fetch(`${indexer.url}/sql/db?sql=${text}`)).status, text).to.equal(400);
    }
  });

  it("in GraphQL are refused by size, depth and aliases, and answered within bounds else", async function () {
    const many = Array.from({ length: 5000 }, (_, i) => `a${i}: models { totalCount }`).join(" ");
    const filter = Array.from({ length: 500 }, () => "{ OR: [").join(" ");
    for (const query of [
      `{ ${many.slice(0, 50_000)} }`,
      `{ models(where: ${filter}`,
      `{ __schema { types ${"{ fields { type ".repeat(8)} { name } ${"} } ".repeat(8)} } }`,
      "query { ...a } fragment a on Query { ...b } fragment b on Query { ...a }",
      "{ models(limit: 1000000000) { items { id } } }",
      "{ models(offset: 9000000000) { items { id } } }",
      '{ models(after: "AAAA") { items { id } } }',
      '{ models(orderBy: "__proto__") { items { id } } }',
    ]) {
      const { status, text } = await graphql(JSON.stringify({ query }));
      expect(status, query.slice(0, 80)).to.be.oneOf([200, 400]);
      expect(JSON.parse(text), query.slice(0, 80)).to.have.property("errors");
    }
    // Ponder takes no limit below zero for none.
    const select = "{ items { id transaction } }";
    for (const query of [`{ models(limit: -5) ${select} }`, `query ($n: Int = -5) { models(limit: $n) ${select} }`]) {
      expect((await graphql(JSON.stringify({ query }))).status, query).to.equal(400);
    }
    const query = `query ($n: Int) { models(limit: $n) ${select} }`;
    expect((await graphql(JSON.stringify({ query, variables: { n: -5 } }))).status).to.equal(400);
    const harmless = '{ models(limit: 1, where: { license: "CC-BY-4.0" }) { items { license } } } # - and no more';
    expect((await graphql(JSON.stringify({ query: harmless }))).text).to.include("CC-BY-4.0");
    for (const body of ["", "[", "7", JSON.stringify([{ query: "{ models { totalCount } }" }]), '{"query":7}']) {
      expect((await graphql(body)).status, body).to.equal(400);
    }
    // Everything of every table, as often as it may be asked for at once: an answer too large is refused.
    const columns = "items { id framework license performanceMetrics version manifestRoot weightsDigest transaction }";
    const all = JSON.stringify({
      query: `{ a: models(limit: 1000) { ${columns} } b: models(limit: 1000) { ${columns} } }`,
    });
    const statuses = (await Promise.all(Array.from({ length: 20 }, async () => graphql(all)))).map(
      ({ status }) => status,
    );
    for (const status of statuses) expect(status).to.be.oneOf([200, 413, 429, 504]);
  });

  it("in paths are refused, each with one sentence", async function () {
    const id = toBeHex(modelId(3), 32);
    for (const path of [
      "/lineage/%00",
      "/lineage/%zz",
      `/lineage/${id}?depth=1000000000`,
      `/lineage/${id}?depth=-1`,
      `/lineage/${id}?limit=99999999`,
      `/lineage/${id}/..%2f..%2fsql%2flive`,
      `/children/${id}/7`,
      `/children/${"9".repeat(5000)}`,
      "/weights/",
      "/weights/%F0%28",
      `/places/${id}`,
      `/places/${id}?registry=eip155:999999999999999:0x${"0".repeat(39)}`,
      "/anchored/0x%00",
      "/search?q=",
      `/search?q=${"(".repeat(501)}`,
      "/search?q=%00&limit=0",
      "/sql/live?sql=7",
      "/..%2fmetrics",
    ]) {
      const response = await fetch(indexer.url + path);
      expect(response.status, path).to.be.oneOf([400, 404, 501]);
      expect(await response.json(), path)
        .to.have.property("error")
        .that.is.a("string");
    }
    for (const words of ["%00", "' or 1=1 --", "a & | ! b", "\\", '"', "-a -b", "or ".repeat(100)]) {
      const { status } = await fetch(`${indexer.url}/search?q=${encodeURIComponent(words)}`);
      expect(status, words).to.equal(200);
    }
    const long = { method: "POST", body: "x".repeat(1024 * 1024) };
    expect((await fetch(`${indexer.url}/graphql`, long)).status).to.equal(413);
    expect((await fetch(`${indexer.url}/search?q=${"x".repeat(1024 * 1024)}`)).status).to.be.oneOf([414, 431]);
  });
});

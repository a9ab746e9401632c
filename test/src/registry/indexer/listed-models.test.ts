import { expect } from "chai";
import { openIndexer } from "../../../../src/registry/indexer/indexer-client.ts";
import type { IndexedModel } from "../../../../src/registry/lineage/registry-index.ts";

const REGISTRY = "eip155:1:0x5FbDB2315678afecb367f032d93F642f64180aa3";
const DIGEST = `0x${"12".repeat(32)}`;
const ITEM = {
  ...{
    id: "7",
    creator: `0x${"ab".repeat(20)}`,
    mintedAt: "1760000000",
    relation: 2,
    status: 1,
    block: "5",
    logIndex: 0,
  },
  ...{ datasetDigest: DIGEST, metadataDigest: DIGEST, framework: "JAX", license: "MIT", performanceMetrics: "" },
};
const LAST = { hasNextPage: false, endCursor: null };

interface Page {
  readonly items: readonly object[];
  readonly pageInfo: object;
}

/** Lists from an indexer that answers so. */
async function list(pageAfter: (after: string | null) => Page, registries = [REGISTRY], more = {}) {
  const warnings: string[] = [];
  const models: IndexedModel[] = [];
  const times: string[] = [];
  const answer = (url: string, body: string) => {
    if (url.endsWith("/status")) return { chains: [{ chain: "eip155:1", block: 9, registries, ...more }] };
    const { variables } = JSON.parse(body) as {
      variables: { chain: number; registry: string; after: string | null; from: string };
    };
    times.push(variables.from);
    expect([variables.chain, variables.registry]).to.deep.equal([1, REGISTRY.slice(9).toLowerCase()]);
    return { data: { models: pageAfter(variables.after) } };
  };
  const fakeFetch = (async (url: string, init: { body: string }) =>
    Promise.resolve(Response.json(answer(url, init.body)))) as unknown as typeof fetch;
  const indexer = openIndexer("https://indexer.example", { fetch: fakeFetch, warn: (text) => warnings.push(text) });
  const block = await indexer.listModels(REGISTRY, (more) => models.push(...more));
  return { block, models, times, warnings: warnings.join() };
}

describe("the models that an indexer lists", function () {
  it("come page by page in the order of the chain, up to the block that it has read", async function () {
    const late = { ...ITEM, id: "8", block: "10" };
    const early = { ...ITEM, id: "9", block: "4" };
    const { block, models, times, warnings } = await list((after) =>
      after === null
        ? { items: [ITEM, early], pageInfo: { hasNextPage: true, endCursor: "a" } }
        : { items: [late, { ...ITEM, id: "10", logIndex: 1 }], pageInfo: LAST },
    );
    expect(block).to.equal(9);
    expect(times).to.deep.equal(["0", ITEM.mintedAt]);
    expect(models.map(({ tokenId }) => tokenId)).to.deep.equal([9n, 7n, 10n]);
    expect(models[1]).to.include({
      relation: "fine-tune",
      status: "deprecated",
      license: "MIT",
      mintedAt: 1_760_000_000,
    });
    expect(warnings).to.equal("");
  });

  it("are refused, with the reason, where they go round in circles or are none", async function () {
    const circle = await list(() => ({ items: [], pageInfo: { hasNextPage: true, endCursor: "again" } }));
    expect(circle.block).to.equal(undefined);
    expect(circle.warnings).to.include("its list does not end");
    const other = await list(() => ({ items: [ITEM], pageInfo: LAST }), [REGISTRY.replace("0x5", "0x6")]);
    expect(other.warnings).to.include("it does not know this registry");
    const replaced = { block: 3, was: DIGEST, is: DIGEST.replace("12", "34") };
    const gone = await list(() => ({ items: [ITEM], pageInfo: LAST }), [REGISTRY], { replaced });
    expect([gone.block, gone.models.length]).to.deep.equal([undefined, 0]);
    expect(gone.warnings).to.include("that the chain took back");
    for (const change of [
      { relation: 99 },
      { status: -1 },
      { id: "0x7" },
      { creator: "me" },
      { license: 1 },
      { id: "" },
    ]) {
      const { block, models, warnings } = await list(() => ({ items: [{ ...ITEM, ...change }], pageInfo: LAST }));
      expect([block, models.length], JSON.stringify(change)).to.deep.equal([undefined, 0]);
      expect(warnings).to.include("its answer cannot be read");
    }
  });
});

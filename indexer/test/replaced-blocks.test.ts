import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { toBeHex } from "ethers";
import { ModelProvenanceNFT__factory } from "../../typechain-types/factories/contracts/registry/ModelProvenanceNFT__factory.ts";
import { deployToNode } from "../../test/helpers/deploy-to-node.ts";
import { fillRegistry, modelId } from "./helpers/fill-registry.ts";
import { type Indexer, writeRegistries } from "./helpers/indexer.ts";
import { type LaggingNode, startLaggingNode } from "./helpers/lagging-node.ts";
import { checksumTables } from "./helpers/tables.ts";
import { useIndexing } from "./helpers/use-indexing.ts";

const MODELS = 20;
const FINALITY = 40;
// Less than the minute for which Ponder by itself asks again for what a node no longer knows.
const PATIENCE = 45_000;
const SOMEBODY = "0x00000000000000000000000000000000000000aa";

describe("an index of a chain of which a node tells late that blocks are gone", function () {
  this.timeout(300_000);
  const { anvil, postgres, pathOf, start } = useIndexing();
  let node: LaggingNode;
  let indexer: Indexer;
  let database: string;
  let [address, other] = ["", ""];
  let [next, given] = [MODELS, 0];

  before(async function () {
    node = await startLaggingNode(anvil().url);
    [address, other] = [await deployToNode(anvil().url), await deployToNode(anvil().url)];
    await fillRegistry(anvil().provider, address, { models: MODELS, edges: 0 });
    await anvil().provider.send("anvil_mine", [toBeHex(FINALITY)]);
    const registries = await writeRegistries(pathOf("registries.yaml"), address, node.url);
    database = await postgres().createDatabase("indexer");
    indexer = await start(registries, { database });
    await indexer.reach(await anvil().provider.getBlockNumber());
  });

  after(async function () {
    await node?.close();
  });

  const mint = async (registry: string) =>
    fillRegistry(anvil().provider, registry, { models: 1, edges: 0, from: next++ });
  const giveAway = async () => {
    const signer = await anvil().provider.getSigner(0);
    const registry = ModelProvenanceNFT__factory.connect(address, signer);
    await (await registry.transferFrom(signer, SOMEBODY, modelId(given++))).wait();
  };
  const has = async (query: string, field: string, count: number) => {
    for (const start = performance.now(); ;) {
      // While it is started again it answers nothing.
      const found = await indexer.graphql(`{ ${query} { totalCount } }`).catch(() => undefined);
      if (found?.[field]?.["totalCount"] === count) return;
      if (performance.now() - start > PATIENCE) throw new Error(`not ${count} ${field}: ${indexer.log()}`);
      await sleep(100);
    }
  };
  const hasModels = async (count: number) => has("models(limit: 1)", "models", count);
  const hasGiven = async (count: number) =>
    has(`holders(limit: 1, where: { transfers: 1, account: "${SOMEBODY}" })`, "holders", count);

  /** Has the chain take back a model and a block more; returns the block that was the newest. */
  async function replace(last: string): Promise<unknown> {
    await mint(address);
    await mint(last);
    await hasModels(MODELS + (last === address ? 2 : 1));
    await indexer.reach(await anvil().provider.getBlockNumber());
    const block: unknown = await anvil().provider.send("eth_getBlockByNumber", ["latest", true]);
    await anvil().provider.send("anvil_reorg", [2, []]);
    await hasModels(MODELS);
    await giveAway();
    await hasGiven(given);
    return block;
  }

  for (const [what, registryOf] of [
    ["events of the registry", () => address],
    ["none of its events", () => other],
  ] as const) {
    it(`is not held up, and counts nothing twice, after a block that is gone with ${what}`, async function () {
      const stale = await replace(registryOf());
      const before = await checksumTables(database);
      await node.answerOnce(stale);
      await mint(address);
      await hasModels(MODELS + 1);
      await hasGiven(given);
      await anvil().provider.send("anvil_reorg", [1, []]);
      await hasModels(MODELS);
      expect(await checksumTables(database)).to.deep.equal(before);
    });
  }
});

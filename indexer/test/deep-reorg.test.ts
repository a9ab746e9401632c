import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { toBeHex } from "ethers";
import { openIndexer } from "../../src/registry/indexer/indexer-client.ts";
import { deployToNode } from "../../test/helpers/deploy-to-node.ts";
import { runCommand } from "../../test/helpers/run-command.ts";
import { fillRegistry, modelId } from "./helpers/fill-registry.ts";
import { type Indexer, writeRegistries } from "./helpers/indexer.ts";
import { useIndexing } from "./helpers/use-indexing.ts";

const [MODELS, GONE] = [20, 5];
// Ponder takes a block for final once 30 or, while it follows a chain, up to 60 are above it.
const FINALITY = 70;
const PATIENCE = 120_000;

interface Status {
  readonly final?: number;
  readonly replaced?: { readonly block: number; readonly was: string; readonly is: string };
}

describe("an index of a chain that takes back what was final", function () {
  this.timeout(600_000);
  const { anvil, postgres, pathOf, start } = useIndexing();
  let registries: string;
  let place: string;
  const indexers: Record<string, Indexer> = {};
  const places: Record<string, { readonly database: string } | { readonly data: string }> = {};

  before(async function () {
    const address = await deployToNode(anvil().url);
    place = `eip155:31337:${address.toLowerCase()}`;
    registries = await writeRegistries(pathOf("registries.yaml"), address, anvil().url);
    await fillRegistry(anvil().provider, address, { models: MODELS, edges: MODELS });
    const kept = await anvil().provider.getBlockNumber();
    await fillRegistry(anvil().provider, address, { models: GONE, edges: 0, from: MODELS });
    await anvil().provider.send("anvil_mine", [toBeHex(FINALITY)]);
    places["PostgreSQL"] = { database: await postgres().createDatabase("indexer") };
    places["PGlite"] = { data: pathOf("data") };
    await Promise.all(Object.keys(places).map(async (name) => open(name)));
    for (const name of Object.keys(places)) await reaches(name, ({ final = 0 }) => final > kept);
    // One follows the chain, the other one does not see it go back.
    await indexers["PGlite"]?.close();
    await anvil().provider.send("anvil_reorg", [(await anvil().provider.getBlockNumber()) - kept, []]);
    await open("PGlite");
  });

  async function open(name: string, ...more: string[]): Promise<void> {
    indexers[name] = await start(registries, places[name] as { readonly data: string }, more);
  }

  async function reaches(name: string, condition: (status: Status) => boolean): Promise<Status> {
    for (const start = performance.now(); ;) {
      const { chains } = await (indexers[name] as Indexer).ask("/status");
      const [status = {}] = chains as Status[];
      if (condition(status)) return status;
      if (performance.now() - start > PATIENCE) throw new Error(`${JSON.stringify(status)} ${indexers[name]?.log()}`);
      await sleep(100);
    }
  }

  for (const name of ["PostgreSQL", "PGlite"]) {
    it(`says so, and answers nothing of that registry (${name})`, async function () {
      const { replaced } = await reaches(name, (status) => status.replaced !== undefined);
      const block = await anvil().provider.getBlock(replaced?.block ?? 0);
      expect(replaced?.is).to.equal(block?.hash);
      expect(replaced?.was)
        .to.match(/^0x[0-9a-f]{64}$/)
        .and.not.equal(replaced?.is);
      const { url } = indexers[name] as Indexer;
      for (const route of ["lineage", "children", "places"]) {
        const { status } = await fetch(`${url}/${route}/${toBeHex(modelId(1), 32)}?registry=${place}`);
        expect(status, route).to.equal(503);
      }
      const warnings: string[] = [];
      const client = openIndexer(url, { timeout: PATIENCE, warn: (text) => warnings.push(text) });
      expect(await client.listModels(place, () => undefined)).to.equal(undefined);
      expect(warnings.join()).to.include("took back");
    });

    it(`is not used by the command, which asks the chain (${name})`, async function () {
      const id = toBeHex(modelId(1), 32);
      const environment = { MODEL_REGISTRIES: registries, MODEL_INDEXER: indexers[name]?.url ?? "" };
      for (const verb of ["lineage", "show"]) {
        const { exitCode, stdout, stderr } = await runCommand([verb, id, "--json"], environment);
        expect(exitCode, stderr).to.equal(0);
        expect(stderr).to.match(/is not used/);
        expect(JSON.parse(stdout)).to.deep.equal(
          JSON.parse((await runCommand([verb, id, "--json", "--indexer", "none"], environment)).stdout),
        );
      }
    });

    it(`is right again when it was indexed anew (${name})`, async function () {
      await indexers[name]?.close();
      await open(name, "--anew");
      await reaches(name, ({ final }) => final !== undefined);
      const indexer = indexers[name] as Indexer;
      await indexer.reach(await anvil().provider.getBlockNumber());
      const { models } = await indexer.graphql("{ models(limit: 1) { totalCount } }");
      expect(models?.["totalCount"]).to.equal(MODELS);
      expect(await reaches(name, ({ final }) => final !== undefined)).to.not.have.property("replaced");
      expect((await fetch(`${indexer.url}/children/${toBeHex(modelId(1), 32)}?registry=${place}`)).status).to.equal(
        200,
      );
    });
  }
});

import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { openIndexer } from "../../src/registry/indexer/indexer-client.ts";
import { deployToNode } from "../../test/helpers/deploy-to-node.ts";
import { runCommand } from "../../test/helpers/run-command.ts";
import { type Indexer, writeRegistries } from "./helpers/indexer.ts";
import { type PublishedModels, publishModels } from "./helpers/publish-models.ts";
import { type TradedModel, tradeModel } from "./helpers/trade-models.ts";
import { useIndexing } from "./helpers/use-indexing.ts";

describe("an index of published models", function () {
  const { anvil, postgres, pathOf, start } = useIndexing();
  let published: PublishedModels;
  let registry: string;
  let traded: TradedModel;
  let registries: string;
  let store: string;
  const indexers: Record<string, Indexer> = {};

  before(async function () {
    store = pathOf("published/store");
    const address = await deployToNode(anvil().url);
    registry = address;
    published = await publishModels(anvil().provider, address, pathOf("published"));
    traded = await tradeModel(anvil().provider, address, [published.ids["base"] ?? "", published.ids["tuned"] ?? ""]);
    const { market } = traded;
    registries = await writeRegistries(pathOf("registries.yaml"), address, anvil().url, { market });
    const database1 = await postgres().createDatabase("indexer");
    [indexers["PostgreSQL"], indexers["PGlite"]] = await Promise.all([
      start(registries, { database: database1 }, ["--store", store]),
      start(registries, { data: pathOf("data") }, ["--store", store]),
    ]);
    for (const indexer of Object.values(indexers)) {
      await indexer.reach(await anvil().provider.getBlockNumber());
      while (Number((await indexer.ask("/status"))["documents"]) < 4) await sleep(200);
    }
  });

  for (const name of ["PostgreSQL", "PGlite"]) {
    describe(`on ${name}`, function () {
      it("finds models by words of their metadata, tokens and those in batches", async function () {
        const find = async (words: string) => {
          const { results } = await (indexers[name] as Indexer).ask(`/search?q=${encodeURIComponent(words)}`);
          return (results as { name: string; anchored: boolean }[]).map((result) => [result.name, result.anchored]);
        };
        expect(await find("multilingual encoder")).to.deep.equal([["lab/base-model", false]]);
        expect(await find("question contract")).to.deep.equal([["lab/tuned-model", false]]);
        expect(await find("whale -bird")).to.deep.equal([["lab/first-model", true]]);
        expect(await find("second")).to.deep.equal([["lab/second-model", true]]);
        expect(await find("nothing of the kind")).to.deep.equal([]);
      });

      it("names the batch of a model that has no token", async function () {
        const indexer = indexers[name] as Indexer;
        const { batches } = await indexer.ask(`/anchored/${published.ids["first"]}`);
        expect((batches as { root: string }[]).map(({ root }) => root)).to.deep.equal([published.root]);
        const { children, anchored } = await indexer.ask(`/children/${published.ids["base"]}`);
        expect((children as { tokenId: string }[]).map(({ tokenId }) => tokenId)).to.deep.equal([
          published.ids["tuned"],
        ]);
        expect((anchored as { tokenId: string }[]).map(({ tokenId }) => tokenId)).to.deep.equal([
          published.ids["second"],
        ]);
      });

      it("knows the offers and licences of the market beside the registry", async function () {
        const indexer = indexers[name] as Indexer;
        const { offers, licenses, payments } = await indexer.graphql(
          `{ offers(orderBy: "block", where: { id: "${BigInt(published.ids["base"] ?? "")}" }) { items { market offerId id price isCancelled payments } }
             licenses(where: { licenseId: "${traded.licenseId}" }) { items { licenseId offerId id holder } }
             payments(where: { licenseId: "${traded.licenseId}" }) { items { payer received licenseId } } }`,
        );
        const { market, licenseId, holder, receiver } = traded;
        const [id, [sold, cancelled]] = [String(BigInt(published.ids["base"] ?? "")), traded.offers];
        const common = { market: market.toLowerCase(), id, price: "1000" };
        expect(offers?.["items"]).to.deep.equal([
          { ...common, offerId: sold, isCancelled: false, payments: 2 },
          { ...common, offerId: cancelled, isCancelled: true, payments: 0 },
        ]);
        expect(licenses?.["items"]).to.deep.equal([{ licenseId: String(licenseId), offerId: sold, id, holder }]);
        const paid = { payer: receiver, received: "1000", licenseId: String(licenseId) };
        expect(payments?.["items"]).to.deep.equal([paid, paid]);
      });

      it("adds up what models brought, and what accounts can take out", async function () {
        const { earnings, balances, credits, settlements, withdrawals } = await (indexers[name] as Indexer).graphql(
          `{ earnings(orderBy: "paid") { items { market id currency paid credited settled passedOn } }
             balances { items { account withdrawable withdrawn } } withdrawals { items { account to amount } }
             credits(orderBy: "logIndex") { items { id account version amount } }
             settlements(orderBy: "block") { items { id account version amount rest } } }`,
        );
        const [base, tuned] = ["base", "tuned"].map((model) => String(BigInt(published.ids[model] ?? "")));
        const { market, receiver, revenue } = traded;
        const common = { market: market.toLowerCase(), currency: ZeroAddress };
        expect(earnings?.["items"]).to.deep.equal([
          { ...common, id: tuned, paid: "1000", credited: "50", settled: "1050", passedOn: "105" },
          { ...common, id: base, paid: "2000", credited: "105", settled: "0", passedOn: "0" },
        ]);
        const { seller: account, withdrawable } = revenue;
        expect(withdrawable).to.equal(50n);
        expect(balances?.["items"]).to.deep.equal([{ account, withdrawable: "50", withdrawn: "1000" }]);
        expect(withdrawals?.["items"]).to.deep.equal([{ account, to: receiver, amount: "1000" }]);
        expect(credits?.["items"]).to.have.deep.members([
          { id: base, account, version: 0, amount: "100" },
          { id: tuned, account, version: 1, amount: "50" },
          { id: base, account, version: 0, amount: "5" },
        ]);
        expect(settlements?.["items"]).to.deep.equal([
          { id: tuned, account, version: 1, amount: "1000", rest: "900" },
          { id: tuned, account, version: 1, amount: "50", rest: "45" },
        ]);
      });

      it("knows the shares of parents, what was proposed, and what parents ask", async function () {
        const { shares, proposals, derivativeTerms } = await (indexers[name] as Indexer).graphql(
          `{ shares { items { child parent version position basisPoints } } proposals { items { id account basisPoints } }
             derivativeTerms { items { id minimumBasisPoints termsDigest } } }`,
        );
        const [base, tuned] = ["base", "tuned"].map((model) => String(BigInt(published.ids[model] ?? "")));
        const share = { child: tuned, parent: base, version: 1, position: 0, basisPoints: 1000 };
        expect(shares?.["items"]).to.deep.equal([share]);
        const account = traded.revenue.seller;
        expect(proposals?.["items"]).to.deep.equal([{ id: tuned, account, basisPoints: [1500] }]);
        const terms = { id: base, minimumBasisPoints: 500, termsDigest: `0x${"7e".repeat(32)}` };
        expect(derivativeTerms?.["items"]).to.deep.equal([terms]);
      });

      it("knows royalties, and who has a role", async function () {
        const id = String(BigInt(published.ids["base"] ?? ""));
        const { royaltys, roles, settings } = await (indexers[name] as Indexer).graphql(
          `{ royaltys(where: { id: "${id}" }) { items { receiver basisPoints } }
             roles(where: { role: "${traded.minterRole}" }) { items { account } }
             settings(where: { event: "RoleRevoked" }) { items { account value } } }`,
        );
        const { receiver, holder, minterRole } = traded;
        expect(royaltys?.["items"]).to.deep.equal([{ receiver, basisPoints: 250 }]);
        const minters = (roles?.["items"] as { account: string }[]).map(({ account }) => account);
        expect(minters).to.include(holder).and.not.include(receiver);
        expect(settings?.["items"]).to.deep.equal([{ account: receiver, value: minterRole }]);
      });
    });
  }

  it("answers the same from PGlite and PostgreSQL", async function () {
    const { base, first } = published.ids;
    const paths = ["/search?q=whales", `/lineage/${base}`, `/children/${base}`, `/anchored/${first}`, "/search?q=lab"];
    for (const path of paths) {
      const [one, other] = await Promise.all(Object.values(indexers).map(async (indexer) => indexer.ask(path)));
      expect(one, path).to.deep.equal(other);
    }
    const query = `{ models(orderBy: "id") { items { chainId registry id creator mintedAt relation status parentCount
      manifestRoot weightsDigest datasetDigest metadataDigest framework license performanceMetrics version block logIndex
      transaction } } edges(orderBy: "child") { items { child parent relation } } holders(orderBy: "id") { items { id account } }
      anchors { items { root creator contentDigest count anchoredAt status } }
      offers(orderBy: "offerId") { items { market offerId registry id seller price isCancelled payments block } }
      licenses { items { market licenseId offerId id holder expires } } payments { items { licenseId payer received expires } }
      royaltys { items { id receiver basisPoints } } roles(orderBy: "account") { items { role account } }
      settings(orderBy: "block") { items { event account value } } transfers { items { id from to } }
      statuss { items { id status reason } } endorsements { items { parent child } } balances { items { account withdrawable } }
      earnings(orderBy: "paid") { items { id paid credited } } shares { items { child parent basisPoints } } }`;
    const [one, other] = await Promise.all(Object.values(indexers).map(async (indexer) => indexer.graphql(query)));
    expect(one).to.deep.equal(other);
    expect((one?.["models"]?.["items"] as unknown[]).length).to.equal(2);
  });

  it("lists the models of a registry as the page asks for them", async function () {
    const listed: object[] = [];
    const { chains } = await (indexers["PGlite"] as Indexer).ask("/status");
    const [registry = ""] = (chains as { registries: string[] }[])[0]?.registries ?? [];
    const client = openIndexer(indexers["PGlite"]?.url ?? "");
    const block = await client.listModels(registry, (models) => listed.push(...models));
    expect(block).to.be.a("number");
    expect(listed.length).to.equal(2);
    expect(listed[0]).to.include({ tokenId: BigInt(published.ids["base"] ?? 0), status: "deprecated" });
  });

  it("helps the command to show a record and its licences, and says what may be missing", async function () {
    const environment = { MODEL_REGISTRIES: registries, STORE_PATH: store };
    const place = { RPC_URL: anvil().url, MODEL_PROVENANCE_ADDRESS: registry, LICENSE_MARKET: traded.market };
    const questions = [
      { verb: ["show"], environment, what: /history.*offers|children.*offers/s },
      { verb: ["license", "show"], environment: place, what: /Offers/ },
    ];
    for (const { verb, environment: variables, what } of questions) {
      const ask = async (indexer: string) => {
        const args = [...verb, published.ids["base"] as string, "--json", "--indexer", indexer];
        const { exitCode, stdout, stderr } = await runCommand(args, variables);
        expect(exitCode, stderr).to.equal(0);
        const { gaps = [], ...document } = JSON.parse(stdout) as { gaps?: string[] };
        return { gaps, document, stderr };
      };
      const [helped, alone] = [await ask(indexers["PostgreSQL"]?.url ?? ""), await ask("none")];
      expect(helped.document).to.deep.equal(alone.document);
      expect(helped.stderr).to.match(what);
      expect([...alone.gaps, alone.stderr].join()).to.not.match(/indexer/);
    }
  });

  it("helps the command to draw a lineage, and to find a model in a batch", async function () {
    const environment = {
      MODEL_REGISTRIES: registries,
      STORE_PATH: store,
      MODEL_INDEXER: indexers["PGlite"]?.url ?? "",
    };
    const drawn = await runCommand(["lineage", published.ids["tuned"] as string, "--json"], environment);
    const { nodes, edges, gaps } = JSON.parse(drawn.stdout) as { nodes: { name: string }[]; edges: []; gaps: string[] };
    expect(nodes.map(({ name }) => name)).to.deep.equal(["lab/tuned-model", "lab/base-model"]);
    expect(edges.length).to.equal(1);
    expect(gaps.join()).to.match(/the indexer http/);
    const verified = await runCommand(["verify", published.pathOf("first"), "--json"], environment);
    expect(verified.exitCode, verified.stderr).to.equal(0);
  });
});

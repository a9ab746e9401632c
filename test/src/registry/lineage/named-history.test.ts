import { expect } from "chai";
import fc from "fast-check";
import { openIndexer } from "../../../../src/registry/indexer/indexer-client.ts";
import { readHistory } from "../../../../src/registry/lineage/record-history.ts";
import { openMarket } from "../../../../src/registry/market/market.ts";
import { listOffers } from "../../../../src/registry/market/read-offers.ts";
import { toCaip10 } from "../../../../src/registry/registry.ts";
import { requireRecord } from "../../../../src/registry/standing.ts";
import { LicenseMarket__factory } from "../../../../typechain-types/factories/contracts/market/LicenseMarket__factory.ts";
import { networkHelpers } from "../../../helpers/deploy-model-provenance.ts";
import { type Behaviour, MAX_BYTES, MISCONDUCT, TIMEOUT, behave } from "../../../helpers/dishonest-indexer.ts";
import { makeOffer } from "../../../helpers/offers.ts";
import { deployRegistry } from "../../../helpers/recorded-model.ts";
import { Relation, leanSubmission, tokenIdOf } from "../../../helpers/submissions.ts";

describe("a history that is read where an indexer says", function () {
  it("is nothing but what the chain says, whatever an indexer names", async function () {
    const { registry, minter } = await networkHelpers.loadFixture(deployRegistry);
    const [parent, child] = [leanSubmission("parent"), leanSubmission("child")];
    const tokenId = tokenIdOf(parent);
    const derived = { ...child, relation: Relation.FineTune, parents: [tokenId] };
    for (const submission of [parent, derived]) await registry.contract.mintProvenanceNFT(minter, submission);
    const { contract, chainId, address } = registry;
    await contract.setStatus(tokenId, 1, "old");
    await contract.transferFrom(minter, minter, tokenId);
    await contract.endorse(tokenId, chainId, address, tokenIdOf(child));
    await contract.endorse(tokenId, 1n, address, 7n);
    const endorsed = await registry.provider.getBlockNumber();
    await contract.withdrawEndorsement(tokenId, 1n, address, 7n);
    const deployed = await new LicenseMarket__factory(minter).deploy();
    const market = await openMarket(registry.provider, await deployed.getAddress());
    for (const limit of [0n, 1n]) await deployed.list(await makeOffer(contract, tokenId, minter, { limit }));
    const record = await requireRecord(registry, tokenId);
    const honest = { ...(await readHistory(registry, record)), isAsNamed: true };
    const offers = await listOffers(market, { registry: address, tokenId });
    expect([honest.statuses.length, honest.transfers.length, honest.endorsements.length]).to.deep.equal([1, 2, 1]);
    expect(offers.length).to.equal(2);
    const head = await registry.provider.getBlockNumber();
    const blocks = fc.array(fc.oneof(fc.integer({ min: 0, max: head + 2 }), fc.maxSafeNat()), { maxLength: 12 });
    const upTo = fc.oneof(fc.integer({ min: -1, max: head + 2 }), fc.maxSafeNat(), fc.constant(head));
    const answer = fc.record({
      // All up to a block before the withdrawal: of it the events alone say nothing then.
      blocks: fc.oneof(blocks, fc.constant([honest.event.blockNumber, endorsed])),
      markets: fc.record({ market: fc.constant(market.address.toLowerCase()), blocks }).map((one) => [one]),
      upTo,
      truncated: fc.boolean(),
    });
    const behaviours: fc.Arbitrary<Behaviour> = fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant("json" as const), value: answer }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("json" as const), value: fc.jsonValue() }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom(...MISCONDUCT) }) },
    );
    await fc.assert(
      fc.asyncProperty(behaviours, async (behaviour) => {
        const options = { fetch: behave(behaviour, { bytes: 0 }), timeout: TIMEOUT, maxBytes: MAX_BYTES };
        const places = await openIndexer("http://indexer", options).findPlaces(toCaip10(registry), tokenId);
        const history = await readHistory(registry, record, places?.registry);
        if (!history.isAsNamed) expect({ ...history, isAsNamed: true }).to.deep.equal(honest);
        expect(history.event).to.deep.equal(honest.event);
        for (const part of ["statuses", "transfers", "children", "endorsements"] as const) {
          for (const entry of history[part]) expect(honest[part]).to.deep.include(entry);
        }
        const named = places?.markets.get(market.address.toLowerCase());
        for (const one of await listOffers(market, { registry: address, tokenId }, named)) {
          expect(offers).to.deep.include(one);
        }
      }),
      { numRuns: 80 },
    );
  });
});

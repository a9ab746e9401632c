import { expect } from "chai";
import { deployMarket, ethers, networkHelpers } from "./deploy-market.ts";
import { makeOffer, signOffer } from "../../helpers/offers.ts";
import { leanSubmission, Relation, tokenIdOf } from "../../helpers/submissions.ts";

const { loadFixture } = networkHelpers;

const DIGEST = `0x${"ab".repeat(32)}`;

describe("LicenseMarket: shares of parents", function () {
  describe("setUpstream", function () {
    it("holds once creator and owner agree", async function () {
      const { market, registry, owner, minter, baseId, childId } = await loadFixture(deployMarket);
      const address = await registry.getAddress();
      await expect(market.connect(minter).setUpstream(registry, childId, [1_000]))
        .to.emit(market, "UpstreamProposed")
        .withArgs(address, childId, minter.address, [1_000n]);
      await expect(market.connect(owner).setUpstream(registry, childId, [2_000])).to.emit(market, "UpstreamProposed");
      expect(await market.getUpstream(registry, childId)).to.deep.equal([0n, [], []]);
      await expect(market.connect(owner).setUpstream(registry, childId, [1_000]))
        .to.emit(market, "UpstreamChanged")
        .withArgs(address, childId, 1n, [baseId], [1_000n]);
      expect(await market.getUpstream(registry, childId)).to.deep.equal([1n, [baseId], [1_000n]]);
    });

    it("needs no second word of a creator who is the owner, and takes none from before", async function () {
      const { market, registry, owner, minter, baseId, childId } = await loadFixture(deployMarket);
      await market.connect(owner).setUpstream(registry, childId, [7]);
      await registry.connect(owner).transferFrom(owner, minter, childId);
      await market.connect(minter).setUpstream(registry, childId, [5]);
      expect(await market.getUpstream(registry, childId)).to.deep.equal([1n, [baseId], [5n]]);
      await registry.connect(minter).transferFrom(minter, owner, childId);
      await expect(market.connect(minter).setUpstream(registry, childId, [7])).to.emit(market, "UpstreamProposed");
    });

    it("takes a share for each of 16 parents, in their order", async function () {
      const { market, registry, asMinter, minter } = await loadFixture(deployMarket);
      const parents = Array.from({ length: 16 }, (_, index) => leanSubmission(`parent ${index.toString()}`));
      const ids = parents.map(tokenIdOf);
      await asMinter.mintBatch(minter, parents);
      const child = leanSubmission("merge", { relation: Relation.Merge, parents: ids });
      await asMinter.mintBatch(minter, [child]);
      const shares = ids.map((_, index) => BigInt(index * 41));
      await market.connect(minter).setUpstream(registry, tokenIdOf(child), shares);
      expect(await market.getUpstream(registry, tokenIdOf(child))).to.deep.equal([1n, ids, shares]);
    });

    it("reverts for shares that do not fit the parents", async function () {
      const { market, registry, owner, minter, baseId, childId } = await loadFixture(deployMarket);
      const many = await ethers.deployContract("RegistryMock");
      await many.setModel(1n, owner, owner, Array<bigint>(17).fill(2n));
      for (const [of, id, shares, parents] of [
        [registry, childId, [], 1],
        [registry, childId, [1, 2], 1],
        [registry, baseId, [], 0],
        [many, 1n, Array<number>(17).fill(1), 17],
      ] as const) {
        await expect(market.connect(minter).setUpstream(of, id, [...shares]))
          .to.be.revertedWithCustomError(market, "LicenseMarketInvalidShares")
          .withArgs(parents, shares.length);
      }
      await expect(market.connect(minter).setUpstream(registry, childId, [5_001]))
        .to.be.revertedWithCustomError(market, "LicenseMarketSharesTooHigh")
        .withArgs(5_001n, 5_000n);
    });

    it("reverts for anybody but creator and owner", async function () {
      const { market, registry, buyer, childId } = await loadFixture(deployMarket);
      await expect(market.connect(buyer).setUpstream(registry, childId, [1]))
        .to.be.revertedWithCustomError(market, "LicenseMarketUnauthorizedAccount")
        .withArgs(buyer.address, await registry.getAddress(), childId);
    });

    it("lowers a share until a licence is offered, and never after", async function () {
      const { market, registry, owner, minter, baseId, childId, listed } = await loadFixture(deployMarket);
      await registry.connect(owner).transferFrom(owner, minter, childId);
      const set = async (share: number) => market.connect(minter).setUpstream(registry, childId, [share]);
      await set(3_000);
      await set(1_000);
      await registry.connect(minter).transferFrom(minter, owner, childId);
      await listed({}, childId);
      await registry.connect(owner).transferFrom(owner, minter, childId);
      await expect(set(999))
        .to.be.revertedWithCustomError(market, "LicenseMarketLoweredShare")
        .withArgs(baseId, 999n, 1_000n);
      await set(1_001);
      expect(await market.getUpstream(registry, childId)).to.deep.equal([3n, [baseId], [1_001n]]);
    });
  });

  describe("setDerivativeTerms", function () {
    it("keeps children from offering licences for less", async function () {
      const { market, registry, owner, minter, buyer, baseId, childId } = await loadFixture(deployMarket);
      await expect(market.connect(owner).setDerivativeTerms(registry, baseId, 1_000, DIGEST))
        .to.emit(market, "DerivativeTermsChanged")
        .withArgs(await registry.getAddress(), baseId, 1_000n, DIGEST);
      expect(await market.getDerivativeTerms(registry, baseId)).to.deep.equal([1_000n, DIGEST]);

      const offer = await makeOffer(registry, childId, owner);
      const signature = await signOffer(market, owner, offer);
      for (const share of [0, 999]) {
        if (share > 0)
          for (const who of [minter, owner]) await market.connect(who).setUpstream(registry, childId, [share]);
        for (const call of [
          async () => market.connect(owner).list(offer),
          async () => market.connect(buyer).buy(offer, signature, buyer, { value: offer.price }),
        ]) {
          await expect(call())
            .to.be.revertedWithCustomError(market, "LicenseMarketShareTooLow")
            .withArgs(baseId, share, 1_000n);
        }
      }
      for (const who of [minter, owner]) await market.connect(who).setUpstream(registry, childId, [1_000]);
      await expect(market.connect(owner).list(offer)).to.emit(market, "OfferOpened");
    });

    it("leaves offers open that were opened before", async function () {
      const { market, registry, owner, baseId, childId, listed, buy } = await loadFixture(deployMarket);
      const offer = await listed({}, childId);
      await market.connect(owner).setDerivativeTerms(registry, baseId, 1_000, DIGEST);
      await expect(buy(offer)).to.emit(market, "LicensePaid");
    });

    it("reverts for anybody but the owner, and above what all shares may be", async function () {
      const { market, registry, owner, minter, baseId } = await loadFixture(deployMarket);
      await expect(market.connect(minter).setDerivativeTerms(registry, baseId, 1, DIGEST))
        .to.be.revertedWithCustomError(market, "LicenseMarketUnauthorizedAccount")
        .withArgs(minter.address, await registry.getAddress(), baseId);
      await expect(market.connect(owner).setDerivativeTerms(registry, baseId, 5_001, DIGEST))
        .to.be.revertedWithCustomError(market, "LicenseMarketSharesTooHigh")
        .withArgs(5_001n, 5_000n);
    });
  });
});

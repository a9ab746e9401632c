import { expect } from "chai";
import { deployMarket, deployUpstream, ETHER, ethers, networkHelpers } from "./deploy-market.ts";
import { licenseIdOf, makeOffer, MONTH, offerIdOf } from "../../helpers/offers.ts";
import { leanSubmission, Relation, type Submission, tokenIdOf } from "../../helpers/submissions.ts";

const { loadFixture } = networkHelpers;

describe("LicenseMarket: revenue", function () {
  describe("settleOffer", function () {
    it("gives a parent its share, and the seller the rest", async function () {
      const { market, registry, owner, baseOwner, baseId, childId, listed, buy } = await loadFixture(deployUpstream);
      const address = await registry.getAddress();
      const offer = await listed({ price: 999n }, childId);
      const offerId = await offerIdOf(market, offer);
      await buy(offer);
      const kept = await market.getOffer(offerId);
      expect([kept.unsettled, kept.version]).to.deep.equal([999n, 1n]);
      await expect(market.settleOffer(offerId))
        .to.emit(market, "RevenueCredited")
        .withArgs(address, baseId, baseOwner.address, ETHER, 0n, 199n)
        .and.to.emit(market, "RevenueSettled")
        .withArgs(address, childId, owner.address, ETHER, 1n, 999n, 800n);
      expect(await market.withdrawable(owner, ETHER)).to.equal(800n);
      expect(await market.withdrawable(baseOwner, ETHER)).to.equal(199n);
      await expect(market.settleOffer(offerId))
        .to.be.revertedWithCustomError(market, "LicenseMarketNothingEarned")
        .withArgs(offerId);
    });

    it("leaves with the seller what came before a transfer, and divides it by the shares of then", async function () {
      const { market, registry, owner, minter, buyer, baseOwner, childId, listed, buy } =
        await loadFixture(deployUpstream);
      const offer = await listed({}, childId);
      await buy(offer);
      await registry.connect(owner).transferFrom(owner, minter, childId);
      await market.connect(minter).setUpstream(registry, childId, [5_000]);
      await market.settleOffer(await offerIdOf(market, offer));
      expect(await market.withdrawable(owner, ETHER)).to.equal(800n);
      expect(await market.withdrawable(baseOwner, ETHER)).to.equal(200n);

      await registry.connect(minter).transferFrom(minter, owner, childId);
      await buy(offer);
      for (const who of [minter, owner]) await market.connect(who).setUpstream(registry, childId, [5_000]);
      await market.connect(buyer).renewSubscription(await licenseIdOf(market, offer, 2n), MONTH, { value: 1_000n });
      await market.settleOffer(await offerIdOf(market, offer));
      expect(await market.withdrawable(owner, ETHER)).to.equal(800n + 500n + 500n);
    });

    it("settles at a purchase what came under older shares", async function () {
      const { market, registry, owner, minter, baseOwner, childId, listed, buy } = await loadFixture(deployUpstream);
      const offer = await listed({}, childId);
      await buy(offer);
      for (const who of [minter, owner]) await market.connect(who).setUpstream(registry, childId, [4_000]);
      await expect(buy(offer)).to.emit(market, "RevenueSettled");
      expect(await market.withdrawable(baseOwner, ETHER)).to.equal(200n);
      await market.settleOffer(await offerIdOf(market, offer));
      expect(await market.withdrawable(baseOwner, ETHER)).to.equal(600n);
      expect(await market.withdrawable(owner, ETHER)).to.equal(1_400n);
    });
  });

  describe("settle", function () {
    /** A chain of models, each a fine-tune of the one before; every one owes half of what it gets. */
    async function deployChain(length: number) {
      const context = await deployMarket();
      const { market, registry, asMinter, minter } = context;
      const models: Submission[] = [];
      for (let index = 0; index < length; index++) {
        const parents = models.slice(-1).map(tokenIdOf);
        const relation = index === 0 ? Relation.Base : Relation.FineTune;
        models.push(leanSubmission(`chain ${index.toString()}`, { parents, relation }));
      }
      for (let index = 0; index < length; index += 50)
        await asMinter.mintBatch(minter, models.slice(index, index + 50));
      const ids = models.map(tokenIdOf);
      for (const id of ids.slice(1)) await market.connect(minter).setUpstream(registry, id, [5_000]);
      return { ...context, ids };
    }

    it("moves one step up at a time, however deep, for bounded gas", async function () {
      const { market, registry, minter, buyer, ids } = await deployChain(100);
      const last = ids.at(-1) ?? 0n;
      const price = 2n ** 110n;
      const offer = await makeOffer(registry, last, minter, { price });
      await networkHelpers.setBalance(buyer.address, 2n ** 120n);
      await market.connect(minter).list(offer);
      await market.connect(buyer).buy(offer, "0x", buyer, { value: price });
      await market.settleOffer(await offerIdOf(market, offer));
      let left = price / 2n;
      for (const id of ids.slice(1, -1).reverse()) {
        const receipt = await (await market.settle(registry, id, 1n, minter, ETHER)).wait();
        expect(receipt?.gasUsed).to.be.lessThan(100_000n);
        left /= 2n;
      }
      expect(await market.withdrawable(minter, ETHER)).to.equal(price);
      expect(left).to.be.greaterThan(0n);
    });

    it("gives 16 parents their shares in one step", async function () {
      const { market, registry, asMinter, minter, buyer } = await loadFixture(deployMarket);
      const parents = Array.from({ length: 16 }, (_, index) => leanSubmission(`parent ${index.toString()}`));
      await asMinter.mintBatch(minter, parents);
      const child = leanSubmission("merge", { relation: Relation.Merge, parents: parents.map(tokenIdOf) });
      await asMinter.mintBatch(minter, [child]);
      const shares = parents.map((_, index) => (index === 3 ? 0 : 312));
      await market.connect(minter).setUpstream(registry, tokenIdOf(child), shares);
      const till = await market.tillAddress(registry, tokenIdOf(child));
      await buyer.sendTransaction({ to: till, value: 10_000n });
      await market.sweep(registry, tokenIdOf(child), ETHER);
      expect(await market.unsettled(registry, tokenIdOf(child), 1n, minter, ETHER)).to.equal(10_000n);
      const settled = market.settle(registry, tokenIdOf(child), 1n, minter, ETHER);
      await expect(settled).to.emit(market, "RevenueSettled");
      expect((await (await settled).wait())?.gasUsed).to.be.lessThan(400_000n);
      const events = await market.queryFilter(
        market.filters.RevenueCredited(registry),
        (await settled).blockNumber ?? 0,
      );
      expect(events.map(({ args }) => args.amount)).to.deep.equal(Array<bigint>(15).fill(312n));
      expect(await market.withdrawable(minter, ETHER)).to.equal(10_000n);
    });

    it("reverts where there is nothing", async function () {
      const { market, registry, owner, childId } = await loadFixture(deployUpstream);
      await expect(market.settle(registry, childId, 1n, owner, ETHER))
        .to.be.revertedWithCustomError(market, "LicenseMarketNothingToSettle")
        .withArgs(await registry.getAddress(), childId, 1n, owner.address);
    });
  });

  describe("withdraw", function () {
    it("sends what the caller has, in ether and in a token", async function () {
      const { market, owner, other, token, listed, buy } = await loadFixture(deployMarket);
      for (const currency of [ETHER, await token.getAddress()]) {
        const offer = await listed({ currency });
        await buy(offer);
        await market.settleOffer(await offerIdOf(market, offer));
        const withdrawal = market.connect(owner).withdraw(currency, other);
        await expect(withdrawal)
          .to.emit(market, "RevenueWithdrawn")
          .withArgs(owner.address, currency, other.address, 1_000n);
        if (currency === ETHER) {
          await expect(withdrawal).to.changeEtherBalances(ethers, [market, other], [-1_000n, 1_000n]);
        } else {
          await expect(withdrawal).to.changeTokenBalances(ethers, token, [market, other], [-1_000n, 1_000n]);
        }
        await expect(market.connect(owner).withdraw(currency, other))
          .to.be.revertedWithCustomError(market, "LicenseMarketNothingToWithdraw")
          .withArgs(owner.address, currency);
      }
    });
  });

  describe("sweep", function () {
    it("brings in what came to a till, for the owner of now", async function () {
      const { market, registry, token, buyer, other, owner, baseId } = await loadFixture(deployMarket);
      const till = await market.tillAddress(registry, baseId);
      await buyer.sendTransaction({ to: till, value: 700n });
      await token.mint(till, 700n);
      for (const currency of [ETHER, await token.getAddress()]) {
        await expect(market.connect(other).sweep(registry, baseId, currency))
          .to.emit(market, "RevenueCredited")
          .withArgs(await registry.getAddress(), baseId, owner.address, currency, 0n, 700n);
        expect(await market.withdrawable(owner, currency)).to.equal(700n);
        await expect(market.sweep(registry, baseId, currency))
          .to.be.revertedWithCustomError(market, "LicenseMarketEmptyTill")
          .withArgs(till, currency);
      }
    });

    it("gives tills that obey their market alone, and an implementation that keeps nothing", async function () {
      const { market, registry, buyer, baseId } = await loadFixture(deployMarket);
      const till = await market.tillAddress(registry, baseId);
      await buyer.sendTransaction({ to: till, value: 1n });
      await market.sweep(registry, baseId, ETHER);
      const clone = await ethers.getContractAt("LicenseTill", till);
      await expect(clone.connect(buyer).release(ETHER))
        .to.be.revertedWithCustomError(clone, "LicenseTillUnauthorizedAccount")
        .withArgs(buyer.address);
      const code = await ethers.provider.getCode(till);
      const implementation = `0x${code.slice(22, 62)}`;
      await expect(buyer.sendTransaction({ to: implementation, value: 1n }))
        .to.be.revertedWithCustomError(clone, "LicenseTillNotAClone")
        .withArgs();
    });

    it("is the only way for bare ether to come in", async function () {
      const { market, buyer } = await loadFixture(deployMarket);
      await expect(buyer.sendTransaction({ to: market, value: 1n }))
        .to.be.revertedWithCustomError(market, "LicenseMarketUnexpectedEther")
        .withArgs(buyer.address);
    });
  });
});

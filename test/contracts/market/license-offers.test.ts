import { expect } from "chai";
import { deployMarket, ETHER, ethers, networkHelpers } from "./deploy-market.ts";
import { Kind, licenseIdOf, makeOffer, MONTH, offerIdOf, signOffer } from "../../helpers/offers.ts";
import { Status } from "../../helpers/submissions.ts";

const { loadFixture, time } = networkHelpers;

describe("LicenseMarket: offers", function () {
  describe("list", function () {
    it("opens an offer, and keeps what is in it", async function () {
      const { market, registry, owner, baseId, offerOf } = await loadFixture(deployMarket);
      const offer = await offerOf(baseId, { limit: 3n, kind: Kind.Serve, endsWhenRevoked: true });
      const offerId = await offerIdOf(market, offer);
      expect((await market.getOffer(offerId)).state).to.equal(0n);
      await expect(market.connect(owner).list(offer))
        .to.emit(market, "OfferOpened")
        .withArgs(await registry.getAddress(), baseId, owner.address, offerId, Object.values(offer));
      const { salt: _, ...kept } = offer;
      const state = { state: 1n, isAlive: true, sold: 0n, version: 0n, unsettled: 0n };
      expect(await market.getOffer(offerId)).to.deep.equal(Object.values({ ...state, ...kept }));
    });

    it("reverts for anybody but the seller, who must own the model", async function () {
      const { market, registry, owner, buyer, baseId, listed } = await loadFixture(deployMarket);
      const offer = await listed();
      await expect(market.connect(buyer).list(offer))
        .to.be.revertedWithCustomError(market, "LicenseMarketUnauthorizedSeller")
        .withArgs(buyer.address, owner.address);
      const foreign = await makeOffer(registry, baseId, buyer);
      await expect(market.connect(buyer).list(foreign))
        .to.be.revertedWithCustomError(market, "LicenseMarketSellerNotOwner")
        .withArgs(await offerIdOf(market, foreign), buyer.address, owner.address);
    });

    it("reverts for an offer that is open already", async function () {
      const { market, owner, listed } = await loadFixture(deployMarket);
      const offer = await listed();
      await expect(market.connect(owner).list(offer))
        .to.be.revertedWithCustomError(market, "LicenseMarketOpenOffer")
        .withArgs(await offerIdOf(market, offer));
    });
  });

  describe("buy", function () {
    it("takes an offer that its seller signed, once for all", async function () {
      const { market, owner, buyer, baseId, offerOf } = await loadFixture(deployMarket);
      const offer = await offerOf(baseId);
      const signature = await signOffer(market, owner, offer);
      const first = market.connect(buyer).buy(offer, signature, buyer, { value: offer.price });
      await expect(first).to.emit(market, "OfferOpened");
      await expect(first).to.changeEtherBalances(ethers, [buyer, market], [-offer.price, offer.price]);
      const id = await licenseIdOf(market, offer, 1n);
      await expect(first).to.emit(market, "Transfer").withArgs(ETHER, buyer.address, id);
      await expect(first)
        .to.emit(market, "LicensePaid")
        .withArgs(
          await offerIdOf(market, offer),
          buyer.address,
          id,
          BigInt((await (await first).getBlock())?.timestamp ?? 0) + MONTH,
          offer.price,
        );
      await expect(market.connect(buyer).buy(offer, "0x", buyer, { value: offer.price })).not.to.emit(
        market,
        "OfferOpened",
      );
      expect(await market.balanceOf(buyer)).to.equal(2n);
      expect((await market.getOffer(await offerIdOf(market, offer))).sold).to.equal(2n);
    });

    it("takes the signature of a seller that is a contract", async function () {
      const { market, registry, owner, buyer, baseId } = await loadFixture(deployMarket);
      const wallet = await ethers.deployContract("WalletMock", [owner]);
      await registry.connect(owner).transferFrom(owner, wallet, baseId);
      const offer = await makeOffer(registry, baseId, wallet);
      const signature = await signOffer(market, owner, offer);
      await expect(market.buy(offer, signature, buyer, { value: offer.price })).to.emit(market, "LicensePaid");
    });

    it("takes no other signature, and none of another offer", async function () {
      const { market, owner, buyer, baseId, offerOf } = await loadFixture(deployMarket);
      const offer = await offerOf(baseId);
      const cheaper = { ...offer, price: 1n };
      const signature = await signOffer(market, owner, offer);
      for (const [given, bytes] of [
        [offer, await signOffer(market, buyer, offer)],
        [offer, "0x"],
        [cheaper, signature],
        [{ ...offer, termsDigest: ethers.ZeroHash }, signature],
      ] as const) {
        await expect(market.connect(buyer).buy(given, bytes, buyer, { value: given.price }))
          .to.be.revertedWithCustomError(market, "LicenseMarketInvalidSignature")
          .withArgs(await offerIdOf(market, given), bytes);
      }
    });

    it("reverts for a payment that does not fit", async function () {
      const { market, buyer, token, listed } = await loadFixture(deployMarket);
      const inEther = await listed();
      const inToken = await listed({ currency: token });
      for (const [offer, value, expected] of [
        [inEther, 999n, 1_000n],
        [inEther, 1_001n, 1_000n],
        [inToken, 1n, 0n],
      ] as const) {
        await expect(market.connect(buyer).buy(offer, "0x", buyer, { value }))
          .to.be.revertedWithCustomError(market, "LicenseMarketWrongPayment")
          .withArgs(value, expected);
      }
    });

    it("gives licences for nothing where the seller asks nothing", async function () {
      const { market, token, buyer, listed, buy } = await loadFixture(deployMarket);
      for (const currency of [ETHER, await token.getAddress()]) {
        await expect(buy(await listed({ price: 0n, currency }))).to.emit(market, "LicensePaid");
      }
      expect(await market.balanceOf(buyer)).to.equal(2n);
    });

    it("sells no more than the limit", async function () {
      const { market, listed, buy } = await loadFixture(deployMarket);
      const offer = await listed({ limit: 1n });
      await buy(offer);
      await expect(buy(offer))
        .to.be.revertedWithCustomError(market, "LicenseMarketSoldOut")
        .withArgs(await offerIdOf(market, offer), 1n);
    });

    it("sells nothing after the deadline", async function () {
      const { market, listed, buy } = await loadFixture(deployMarket);
      const deadline = BigInt(await time.latest()) + 100n;
      const offer = await listed({ deadline });
      const offerId = await offerIdOf(market, offer);
      await time.setNextBlockTimestamp(deadline);
      await buy(offer);
      expect((await market.getOffer(offerId)).isAlive).to.equal(true);
      await time.setNextBlockTimestamp(deadline + 1n);
      await expect(buy(offer))
        .to.be.revertedWithCustomError(market, "LicenseMarketExpiredOffer")
        .withArgs(offerId, deadline);
      await time.increase(1n);
      expect((await market.getOffer(offerId)).isAlive).to.equal(false);
    });

    it("sells nothing while the seller does not own the model", async function () {
      const { market, registry, owner, other, baseId, listed, buy } = await loadFixture(deployMarket);
      const offer = await listed();
      const offerId = await offerIdOf(market, offer);
      await registry.connect(owner).transferFrom(owner, other, baseId);
      await expect(buy(offer))
        .to.be.revertedWithCustomError(market, "LicenseMarketSellerNotOwner")
        .withArgs(offerId, owner.address, other.address);
      expect((await market.getOffer(offerId)).isAlive).to.equal(false);
      await registry.connect(other).transferFrom(other, owner, baseId);
      await expect(buy(offer)).to.emit(market, "LicensePaid");
    });

    it("sells nothing of a revoked model", async function () {
      const { market, registry, minter, baseId, listed, buy } = await loadFixture(deployMarket);
      const offer = await listed();
      await registry.connect(minter).setStatus(baseId, Status.Deprecated, "old");
      await buy(offer);
      await registry.connect(minter).setStatus(baseId, Status.Revoked, "poisoned");
      await expect(buy(offer))
        .to.be.revertedWithCustomError(market, "LicenseMarketRevokedModel")
        .withArgs(await registry.getAddress(), baseId);
      expect((await market.getOffer(await offerIdOf(market, offer))).isAlive).to.equal(false);
    });

    it("reverts for nobody as the licensee", async function () {
      const { market, buy, listed } = await loadFixture(deployMarket);
      await expect(buy(await listed(), ETHER))
        .to.be.revertedWithCustomError(market, "ERC721InvalidReceiver")
        .withArgs(ETHER);
    });
  });

  describe("cancel", function () {
    it("ends an offer, opened or not, and no licence", async function () {
      const { market, owner, buyer, registry, baseId, offerOf, listed, buy } = await loadFixture(deployMarket);
      const opened = await listed();
      await buy(opened);
      const signed = await offerOf(baseId);
      const signature = await signOffer(market, owner, signed);
      for (const [offer, bytes] of [
        [opened, "0x"],
        [signed, signature],
      ] as const) {
        const offerId = await offerIdOf(market, offer);
        await expect(market.connect(owner).cancel(offer))
          .to.emit(market, "OfferCancelled")
          .withArgs(offerId, owner.address);
        await expect(market.connect(buyer).buy(offer, bytes, buyer, { value: offer.price }))
          .to.be.revertedWithCustomError(market, "LicenseMarketCancelledOffer")
          .withArgs(offerId);
        await expect(market.connect(owner).list(offer))
          .to.be.revertedWithCustomError(market, "LicenseMarketCancelledOffer")
          .withArgs(offerId);
        expect((await market.getOffer(offerId)).isAlive).to.equal(false);
      }
      expect(await market.hasAccess(registry, baseId, buyer)).to.equal(true);
    });

    it("reverts for anybody but the seller", async function () {
      const { market, owner, buyer, listed } = await loadFixture(deployMarket);
      await expect(market.connect(buyer).cancel(await listed()))
        .to.be.revertedWithCustomError(market, "LicenseMarketUnauthorizedSeller")
        .withArgs(buyer.address, owner.address);
    });
  });
});

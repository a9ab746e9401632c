import { expect } from "chai";
import { deployMarket, ETHER, ethers, networkHelpers } from "./deploy-market.ts";
import { Kind, licenseIdOf, MONTH, type OfferInput } from "../../helpers/offers.ts";
import { Status } from "../../helpers/submissions.ts";

const { loadFixture, time } = networkHelpers;

const NEVER = 2n ** 64n - 1n;

describe("LicenseMarket: licences", function () {
  async function deployLicensed() {
    const context = await deployMarket();
    const offer = await context.listed();
    await context.buy(offer);
    const id = await licenseIdOf(context.market, offer, 1n);
    const renew = (duration: bigint = MONTH, of = id, paid: OfferInput = offer) =>
      context.market.connect(context.buyer).renewSubscription(of, duration, { value: paid.price });
    return { ...context, offer, id, renew };
  }

  describe("hasAccess", function () {
    it("holds for the licensee until the licence ends", async function () {
      const { market, registry, baseId, childId, buyer, other, id } = await loadFixture(deployLicensed);
      const has = async (model = baseId, account = buyer) => market.hasAccess(registry, model, account);
      expect([await has(), await has(childId), await has(baseId, other)]).to.deep.equal([true, false, false]);
      const end = await market.expiresAt(id);
      await time.increaseTo(end - 1n);
      expect(await has()).to.equal(true);
      await time.increaseTo(end);
      expect(await has()).to.equal(false);
    });

    it("holds for every kind, and each kind is told apart", async function () {
      const { market, registry, childId, buyer, listed, buy } = await loadFixture(deployLicensed);
      for (const kind of Object.values(Kind)) {
        const licensee = ethers.Wallet.createRandom().address;
        await buy(await listed({ kind }, childId), licensee);
        expect(await market.hasAccess(registry, childId, licensee)).to.equal(true);
        for (const asked of Object.values(Kind)) {
          expect(await market.hasLicense(registry, childId, asked, licensee)).to.equal(asked === kind);
        }
      }
      expect(await market.hasLicense(registry, childId, Kind.Use, buyer)).to.equal(false);
      expect(await market.hasAccess(registry, childId, ETHER)).to.equal(false);
    });

    it("outlives its offer, and a revocation where the offer says nothing else", async function () {
      const { market, registry, owner, other, minter, baseId, buyer, listed, buy } = await loadFixture(deployLicensed);
      const licensee = ethers.Wallet.createRandom().address;
      await buy(await listed({ endsWhenRevoked: true }), licensee);
      await registry.connect(owner).transferFrom(owner, other, baseId);
      expect(await market.hasAccess(registry, baseId, licensee)).to.equal(true);
      await registry.connect(minter).setStatus(baseId, Status.Revoked, "");
      expect(await market.hasAccess(registry, baseId, licensee)).to.equal(false);
      expect(await market.hasAccess(registry, baseId, buyer)).to.equal(true);
    });

    it("looks at the licence that lasts longest", async function () {
      const { market, registry, baseId, buyer, listed, buy, id } = await loadFixture(deployLicensed);
      const longer = await listed({ duration: 0n });
      const active = async () => market.getActiveLicense(registry, baseId, Kind.Use, buyer);
      expect(await active()).to.equal(id);
      await buy(longer);
      expect(await active()).to.equal(await licenseIdOf(market, longer, 1n));
      await buy(await listed({ duration: 1n }));
      expect(await active()).to.equal(await licenseIdOf(market, longer, 1n));
    });
  });

  describe("transferFrom", function () {
    it("takes access along, and approvals not", async function () {
      const { market, registry, baseId, buyer, other, owner, id } = await loadFixture(deployLicensed);
      await market.connect(buyer).approve(owner, id);
      await expect(market.connect(owner).transferFrom(buyer, other, id))
        .to.emit(market, "Transfer")
        .withArgs(buyer.address, other.address, id);
      expect(await market.ownerOf(id)).to.equal(other.address);
      expect([await market.balanceOf(buyer), await market.balanceOf(other)]).to.deep.equal([0n, 1n]);
      expect(await market.hasAccess(registry, baseId, buyer)).to.equal(false);
      expect(await market.hasAccess(registry, baseId, other)).to.equal(true);
      expect(await market.getApproved(id)).to.equal(ETHER);
      await expect(market.connect(owner).transferFrom(other, owner, id))
        .to.be.revertedWithCustomError(market, "ERC721InsufficientApproval")
        .withArgs(owner.address, id);
    });

    it("keeps balance and access where it goes to the same account", async function () {
      const { market, registry, baseId, buyer, id } = await loadFixture(deployLicensed);
      await market.connect(buyer)["safeTransferFrom(address,address,uint256)"](buyer, buyer, id);
      expect(await market.balanceOf(buyer)).to.equal(1n);
      expect(await market.hasAccess(registry, baseId, buyer)).to.equal(true);
    });

    it("leaves a second licence to be activated, by anybody", async function () {
      const { market, registry, baseId, buyer, other, offer, listed, buy, id } = await loadFixture(deployLicensed);
      const longer = await listed({ duration: 0n });
      await buy(longer);
      await market.connect(buyer).transferFrom(buyer, other, await licenseIdOf(market, longer, 1n));
      expect(await market.hasAccess(registry, baseId, buyer)).to.equal(false);
      await market.connect(other).activate(id);
      expect(await market.hasAccess(registry, baseId, buyer)).to.equal(true);
      const missing = await licenseIdOf(market, offer, 2n);
      await expect(market.activate(missing))
        .to.be.revertedWithCustomError(market, "ERC721NonexistentToken")
        .withArgs(missing);
    });
  });

  describe("renewSubscription", function () {
    it("adds the offer's duration at the offer's price, from the end or from now", async function () {
      const { market, buyer, offer, id, renew } = await loadFixture(deployLicensed);
      const end = await market.expiresAt(id);
      expect(await market.isRenewable(id)).to.equal(true);
      await expect(renew())
        .to.emit(market, "SubscriptionUpdate")
        .withArgs(id, end + MONTH)
        .and.to.emit(market, "LicensePaid")
        .withArgs(`0x${(id >> 32n).toString(16).padStart(46, "0")}`, buyer.address, id, end + MONTH, offer.price);
      await time.increaseTo(end + 3n * MONTH);
      await renew();
      expect(await market.expiresAt(id)).to.equal(BigInt(await time.latest()) + MONTH);
    });

    it("gives access back after it ended", async function () {
      const { market, registry, baseId, buyer, id, renew } = await loadFixture(deployLicensed);
      await time.increaseTo(await market.expiresAt(id));
      expect(await market.hasAccess(registry, baseId, buyer)).to.equal(false);
      await renew();
      expect(await market.hasAccess(registry, baseId, buyer)).to.equal(true);
    });

    it("has the renewed one looked at where it lasts longer", async function () {
      const { market, registry, baseId, buyer, id, listed, buy, renew } = await loadFixture(deployLicensed);
      const second = await listed({ duration: MONTH + 1_000n });
      await buy(second);
      expect(await market.getActiveLicense(registry, baseId, 0, buyer)).to.equal(await licenseIdOf(market, second, 1n));
      await renew();
      expect(await market.getActiveLicense(registry, baseId, 0, buyer)).to.equal(id);
    });

    it("reverts for another duration, and for a licence that never ends", async function () {
      const { market, listed, buy, renew } = await loadFixture(deployLicensed);
      await expect(renew(1n)).to.be.revertedWithCustomError(market, "LicenseMarketWrongDuration").withArgs(1n, MONTH);
      const perpetual = await listed({ duration: 0n });
      await buy(perpetual);
      const id = await licenseIdOf(market, perpetual, 1n);
      expect([await market.expiresAt(id), await market.isRenewable(id)]).to.deep.equal([NEVER, false]);
      await expect(renew(0n, id)).to.be.revertedWithCustomError(market, "LicenseMarketWrongDuration").withArgs(0n, 0n);
    });

    it("reverts where more than one duration is paid ahead", async function () {
      const { market, id, renew } = await loadFixture(deployLicensed);
      await renew();
      await expect(renew())
        .to.be.revertedWithCustomError(market, "LicenseMarketRenewedTooEarly")
        .withArgs(id, await market.expiresAt(id));
    });

    it("reverts once the offer is dead", async function () {
      const { market, owner, offer, id, renew } = await loadFixture(deployLicensed);
      await market.connect(owner).cancel(offer);
      expect(await market.isRenewable(id)).to.equal(false);
      await expect(renew())
        .to.be.revertedWithCustomError(market, "LicenseMarketCancelledOffer")
        .withArgs(`0x${(id >> 32n).toString(16).padStart(46, "0")}`);
    });
  });

  describe("cancelSubscription", function () {
    it("ends a licence now, for its holder and whom that approved", async function () {
      const { market, registry, baseId, buyer, other, id, renew } = await loadFixture(deployLicensed);
      await expect(market.connect(other).cancelSubscription(id))
        .to.be.revertedWithCustomError(market, "ERC721InsufficientApproval")
        .withArgs(other.address, id);
      await expect(market.connect(buyer).cancelSubscription(id, { value: 1n }))
        .to.be.revertedWithCustomError(market, "LicenseMarketWrongPayment")
        .withArgs(1n, 0n);
      await market.connect(buyer).approve(other, id);
      await market.connect(other).cancelSubscription(id);
      expect(await market.hasAccess(registry, baseId, buyer)).to.equal(false);
      expect(await market.expiresAt(id)).to.equal(BigInt(await time.latest()));
      await renew();
      expect(await market.hasAccess(registry, baseId, buyer)).to.equal(true);
    });

    it("leaves the longer licence looked at", async function () {
      const { market, registry, baseId, buyer, id, listed, buy } = await loadFixture(deployLicensed);
      await buy(await listed({ duration: 0n }));
      await market.connect(buyer).cancelSubscription(id);
      expect(await market.hasAccess(registry, baseId, buyer)).to.equal(true);
    });
  });

  describe("as a token", function () {
    it("names kind, model, registry, terms and end in its metadata", async function () {
      const { market, registry, baseId, id, listed, buy } = await loadFixture(deployLicensed);
      const read = async (of: bigint): Promise<unknown> =>
        JSON.parse(Buffer.from((await market.tokenURI(of)).split(",")[1] ?? "", "base64").toString());
      const terms = "ipfs://bafkreid6pz7h47t6pz7h47t6pz7h47t6pz7h47t6pz7h47t6pz7h47t6py";
      expect(await read(id)).to.deep.equal({
        name: `Use licence 1 of model 0x${baseId.toString(16).padStart(64, "0")}`,
        description: `Registry ${await registry.getAddress()}. Terms: ${terms}`,
        external_url: terms,
        attributes: [
          { trait_type: "Kind", value: "Use" },
          { display_type: "date", trait_type: "Expires", value: Number(await market.expiresAt(id)) },
        ],
      });
      for (const [kind, name] of [
        [Kind.Serve, "Serve"],
        [Kind.Derive, "Derive"],
      ] as const) {
        const offer = await listed({ kind, duration: 0n });
        await buy(offer);
        const { attributes } = (await read(await licenseIdOf(market, offer, 1n))) as { attributes: unknown[] };
        expect(attributes).to.deep.equal([{ trait_type: "Kind", value: name }]);
      }
    });

    it("says which interfaces it has, and nothing of a token that is not there", async function () {
      const { market, offer } = await loadFixture(deployLicensed);
      for (const id of ["0x8c65f84d", "0x80ac58cd", "0x5b5e139f", "0x01ffc9a7"]) {
        expect(await market.supportsInterface(id), id).to.equal(true);
      }
      const { interface: abi } = await ethers.getContractAt("ILicenseMarket", ETHER);
      let id = 0n;
      abi.forEachFunction(({ selector }) => (id ^= BigInt(selector)));
      expect(await market.supportsInterface(ethers.toBeHex(id, 4))).to.equal(true);
      expect(await market.supportsInterface("0xffffffff")).to.equal(false);
      const missing = await licenseIdOf(market, offer, 9n);
      for (const ask of [
        async () => market.tokenURI(missing),
        async () => market.expiresAt(missing),
        async () => market.isRenewable(missing),
        async () => market.ownerOf(missing),
      ]) {
        await expect(ask()).to.be.revertedWithCustomError(market, "ERC721NonexistentToken").withArgs(missing);
      }
      await expect(market.balanceOf(ETHER)).to.be.revertedWithCustomError(market, "ERC721InvalidOwner").withArgs(ETHER);
    });
  });
});

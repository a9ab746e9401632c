import { expect } from "chai";
import { deployMarket, ETHER, ethers, networkHelpers } from "./deploy-market.ts";
import { makeOffer, offerIdOf } from "../../helpers/offers.ts";

const { loadFixture } = networkHelpers;

describe("LicenseMarket: odd currencies", function () {
  type Context = Awaited<ReturnType<typeof deployMarket>>;

  /** Gives the buyer a million of a currency, that the market may take. */
  async function fund({ market, buyer }: Context, currency: { getAddress(): Promise<string> }) {
    const token = await ethers.getContractAt("ERC20Mock", await currency.getAddress());
    await token.mint(buyer, 1_000_000n);
    await token.connect(buyer).approve(market, 1_000_000n);
  }

  it("credits what arrives of a token that takes a fee", async function () {
    const context = await loadFixture(deployMarket);
    const { market, registry, owner, baseId, listed, buy } = context;
    const currency = await ethers.deployContract("FeeOnTransferERC20Mock");
    await fund(context, currency);
    const offer = await listed({ currency });
    await buy(offer);
    await market.settleOffer(await offerIdOf(market, offer));
    expect(await market.withdrawable(owner, currency)).to.equal(900n);
    await currency.mint(await market.tillAddress(registry, baseId), 100n);
    await market.sweep(registry, baseId, currency);
    expect(await market.withdrawable(owner, currency)).to.equal(990n);
    expect(await currency.balanceOf(market)).to.equal(990n);
    await market.connect(owner).withdraw(currency, owner);
    expect(await currency.balanceOf(market)).to.equal(0n);
  });

  it("takes and sends a token that returns nothing", async function () {
    const context = await loadFixture(deployMarket);
    const { market, registry, owner, baseId, listed, buy } = context;
    const currency = await ethers.deployContract("NoReturnERC20Mock");
    await fund(context, currency);
    const offer = await listed({ currency });
    await buy(offer);
    await market.settleOffer(await offerIdOf(market, offer));
    await currency.mint(await market.tillAddress(registry, baseId), 5n);
    await market.sweep(registry, baseId, currency);
    await market.connect(owner).withdraw(currency, owner);
    expect(await currency.balanceOf(owner)).to.equal(1_005n);
  });

  it("sells nothing for a token that fails without reverting, or that is none", async function () {
    const { market, listed, buy } = await loadFixture(deployMarket);
    const currency = await ethers.deployContract("FalseERC20Mock");
    await expect(buy(await listed({ currency })))
      .to.be.revertedWithCustomError(market, "SafeERC20FailedOperation")
      .withArgs(await currency.getAddress());
    const none = await listed({ currency: ethers.Wallet.createRandom().address });
    await expect(buy(none)).to.be.revert(ethers);
  });

  it("leaves a token whose balances shrink to itself", async function () {
    const context = await loadFixture(deployMarket);
    const { market, token, owner, listed, buy } = context;
    const currency = await ethers.deployContract("RebasingERC20Mock");
    await fund(context, currency);
    for (const offer of [await listed({ currency }), await listed({ currency: token })]) {
      await buy(offer);
      await market.settleOffer(await offerIdOf(market, offer));
    }
    await currency.rebase(50n);
    await expect(market.connect(owner).withdraw(currency, owner)).to.be.revertedWithCustomError(
      currency,
      "ERC20InsufficientBalance",
    );
    await market.connect(owner).withdraw(token, owner);
    await currency.rebase(200n);
    await market.connect(owner).withdraw(currency, owner);
    expect(await currency.balanceOf(owner)).to.equal(1_000n);
  });

  it("lets nothing that moves money be called from a token's hook", async function () {
    const context = await loadFixture(deployMarket);
    const { market, registry, owner, buyer, baseId, listed, buy } = context;
    const currency = await ethers.deployContract("CallingERC20Mock");
    await fund(context, currency);
    const offer = await listed({ currency });
    const offerId = await offerIdOf(market, offer);
    const abi = market.interface;
    const calls = [
      abi.encodeFunctionData("buy", [offer, "0x", buyer.address]),
      abi.encodeFunctionData("renewSubscription", [1n, offer.duration]),
      abi.encodeFunctionData("settleOffer", [offerId]),
      abi.encodeFunctionData("settle", [offer.registry, baseId, 0n, owner.address, ETHER]),
      abi.encodeFunctionData("withdraw", [offer.currency, buyer.address]),
      abi.encodeFunctionData("sweep", [offer.registry, baseId, offer.currency]),
    ];
    const refused = abi.encodeErrorResult("ReentrancyGuardReentrantCall");
    for (const call of calls) {
      await currency.setCall(market, call);
      await buy(offer);
      expect([await currency.succeeded(), await currency.answer()]).to.deep.equal([false, refused]);
    }
    expect((await market.getOffer(offerId)).unsettled).to.equal(6_000n);
    await currency.setCall(ETHER, "0x");
    await currency.mint(await market.tillAddress(registry, baseId), 5n);
    await currency.setCall(market, calls[4] ?? "0x");
    await market.sweep(registry, baseId, currency);
    expect(await currency.answer()).to.equal(refused);
    expect(await market.withdrawable(owner, currency)).to.equal(5n);
  });

  it("pays an account once that asks again when it gets ether", async function () {
    const { market, registry, owner, baseId, buyer } = await loadFixture(deployMarket);
    const seller = await ethers.deployContract("CallingPayeeMock");
    await registry.connect(owner).transferFrom(owner, seller, baseId);
    const offer = await makeOffer(registry, baseId, seller);
    const address = await market.getAddress();
    await seller.execute(address, market.interface.encodeFunctionData("list", [offer]));
    for (let i = 0; i < 2; i++) await market.connect(buyer).buy(offer, "0x", buyer, { value: 1_000n });
    await market.settleOffer(await offerIdOf(market, offer));
    const withdraw = market.interface.encodeFunctionData("withdraw", [ETHER, await seller.getAddress()]);
    await expect(seller.execute(address, withdraw)).to.be.revertedWith("no ether please");
    await seller.setCall(address, withdraw);
    await expect(seller.execute(address, withdraw)).to.changeEtherBalances(ethers, [market, seller], [-2_000n, 2_000n]);
    expect(await seller.answer()).to.equal(market.interface.encodeErrorResult("ReentrancyGuardReentrantCall"));
    await seller.execute(address, market.interface.encodeFunctionData("withdraw", [ETHER, buyer.address])).then(
      () => expect.fail("paid twice"),
      () => undefined,
    );
  });

  it("believes a registry about its own models alone", async function () {
    const { market, registry, baseId, owner, buyer, listed, buy } = await loadFixture(deployMarket);
    const offer = await listed();
    await buy(offer);
    const liar = await ethers.deployContract("RegistryMock");
    await liar.setModel(baseId, buyer, buyer, [1n]);
    await liar.setModel(1n, buyer, buyer, []);
    await market.connect(buyer).setUpstream(liar, baseId, [5_000]);
    const own = await makeOffer(liar, baseId, buyer);
    await market.connect(buyer).list(own);
    await market.connect(buyer).buy(own, "0x", buyer, { value: own.price });
    await market.settleOffer(await offerIdOf(market, own));
    await market.settleOffer(await offerIdOf(market, offer));
    expect(await market.withdrawable(buyer, ETHER)).to.equal(own.price);
    expect(await market.withdrawable(owner, ETHER)).to.equal(offer.price);
    expect(await market.hasAccess(registry, baseId, owner)).to.equal(false);
  });
});

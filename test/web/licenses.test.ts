import { expect } from "chai";
import { type JsonRpcSigner, parseEther } from "ethers";
import type { Page } from "playwright-core";
import { toHex32 } from "../../src/base/hex.ts";
import { toCaip10 } from "../../src/registry/registry.ts";
import type { LicenseMarket } from "../../typechain-types/contracts/market/LicenseMarket.ts";
import type { ERC20Mock } from "../../typechain-types/contracts/mocks/TokenMocks.sol/ERC20Mock.ts";
import { LicenseMarket__factory } from "../../typechain-types/factories/contracts/market/LicenseMarket__factory.ts";
import { ERC20Mock__factory } from "../../typechain-types/factories/contracts/mocks/TokenMocks.sol/ERC20Mock__factory.ts";
import { expectFaultless } from "../helpers/check-screen.ts";
import { type FakeWalletOptions, addFakeWallet } from "../helpers/fake-wallet.ts";
import { Kind, makeOffer } from "../helpers/offers.ts";
import { type Family, recordFamily } from "../helpers/registry-of-models.ts";
import { serveRegistry } from "../helpers/served-registry.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { useBrowser } from "../helpers/use-browser.ts";

const OTHER = `0x${"42".repeat(20)}`;

describe("the page's licences", function () {
  const tests = useBrowser();
  const temporary = useTemporaryFolder();
  let served: Awaited<ReturnType<typeof serveRegistry>>;
  let family: Family;
  let market: LicenseMarket;
  let token: ERC20Mock;
  let buyer: JsonRpcSigner;

  before(async function () {
    served = await serveRegistry();
    const { minter } = served;
    buyer = await minter.provider.getSigner(5);
    market = await new LicenseMarket__factory(minter).deploy();
    token = await new ERC20Mock__factory(minter).deploy();
    await market.waitForDeployment();
    await token.waitForDeployment();
    await token.mint(buyer, 10n ** 21n);
  });

  beforeEach(async function () {
    if (family !== undefined) return;
    family = await recordFamily(served, temporary);
    const { contract } = served.registry;
    await market.setUpstream(contract, family.tuned, [1_000n]);
    await list({ price: parseEther("0.25"), limit: 3n });
    await list({ price: 5n * 10n ** 18n, currency: token, kind: Kind.Serve, duration: 0n });
    await list({ price: 0n, kind: Kind.Derive, endsWhenRevoked: true });
  });

  after(async function () {
    await served.close();
  });

  async function list(overrides: Parameters<typeof makeOffer>[3]) {
    await market.list(await makeOffer(served.registry.contract, family.tuned, served.minter, overrides));
  }

  async function open(wallet: FakeWalletOptions | undefined, options: object = {}) {
    const registry = { ...served.registry, market: await market.getAddress() };
    const at = `#/${toCaip10(registry)}/${toHex32(family.tuned)}`;
    const opened = await tests.open({ at, registries: [registry], store: served.store, ...options });
    const asked = wallet === undefined ? [] : await addFakeWallet(opened.context, buyer, wallet);
    await opened.page.reload();
    const offers = opened.page.locator(".offer");
    await offers.nth(2).waitFor();
    return { ...opened, asked, offers };
  }

  async function buy(page: Page, kind: string, licensee?: string) {
    const offer = page.locator(".offer", { hasText: kind });
    await offer.getByText("Buy a licence").click();
    if (licensee !== undefined) await offer.getByLabel("For another account").fill(licensee);
    await offer.locator("button[type=submit]").click();
    return offer;
  }

  const holds = async (kind: bigint, account: string) =>
    market.hasLicense(served.registry.contract, family.tuned, kind, account);

  it("shows whole offers, and who gets which part of what they bring", async function () {
    const { page, offers } = await open(undefined);
    const texts = await offers.allTextContents();
    expect(texts[0]).to.include("To use it").and.include("0.25 ether").and.include("30 days").and.include("Left3");
    expect(texts[1])
      .to.include("To serve its answers")
      .and.include(`5.0 ${await token.symbol()} (${await token.getAddress()})`)
      .and.include("for ever");
    expect(texts[2]).to.include("nothing: the price is 0").and.include("it ends");
    await page.getByText("10 %").waitFor();
    await page.locator(".licenses").getByRole("link", { name: "Alba base" }).waitFor();
    await page.getByText("No wallet has announced itself").waitFor();
  });

  it("tells plainly that the user refused, and pays nothing", async function () {
    const { page } = await open({ refuses: ["eth_sendTransaction"] });
    await buy(page, "To use it");
    await page.getByText("You refused it in the wallet: nothing was sent.").waitFor();
    expect(await holds(Kind.Use, buyer.address)).to.equal(false);
  });

  it("buys in ether, shows the licence with its end, and renews it", async function () {
    const { page } = await open({});
    const offer = await buy(page, "To use it");
    await page.getByText("Bought: the licence is in a block.").waitFor();
    expect(await holds(Kind.Use, buyer.address)).to.equal(true);
    await offer.getByText("Left2").waitFor();
    const before = await offer.getByText("You hold one:").textContent();
    expect(before).to.match(/until \d{4}-\d\d-\d\d/);
    await offer.getByRole("button", { name: "Renew for 0.25 ether" }).click();
    await page.getByText("Renewed: it is in a block.").waitFor();
    await page.waitForFunction(`document.querySelector(".license span").textContent !== ${JSON.stringify(before)}`);
  });

  it("buys in a token, which it allows exactly the price, for another account", async function () {
    const { page, asked } = await open({});
    await buy(page, "To serve its answers", OTHER);
    await page.getByText("Bought: the licence is in a block.").waitFor();
    expect(asked.filter((method) => method === "eth_sendTransaction")).to.have.length(2);
    expect(await holds(Kind.Serve, OTHER)).to.equal(true);
    expect(await holds(Kind.Serve, buyer.address)).to.equal(false);
    expect(await token.allowance(buyer, market)).to.equal(0n);
  });

  for (const [width, colorScheme] of [
    [375, "dark"],
    [1280, "light"],
  ] as const) {
    it(`have no fault that axe finds, and fit ${width} px (${colorScheme})`, async function () {
      const { page } = await open({}, { viewport: { width, height: 800 }, colorScheme });
      await page.locator(".offer").first().getByText("Buy a licence").click();
      await page.getByText("Sent by Test wallet.").waitFor();
      await expectFaultless(page, width);
    });
  }

  // The last one: nothing is for sale after it.
  it("never asks the wallet for what the market refuses", async function () {
    const { page, asked } = await open({});
    await served.registry.contract.transferFrom(served.minter, OTHER, family.tuned);
    await buy(page, "To derive models from it");
    await page.getByRole("alert").getByText("does not own the model").waitFor();
    expect(asked).to.not.include("eth_sendTransaction");
  });
});

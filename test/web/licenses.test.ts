import { expect } from "chai";
import { ZeroAddress } from "ethers";
import type { Page } from "playwright-core";
import { toHex32 } from "../../src/base/hex.ts";
import { EXIT } from "../../src/cli/exit-codes.ts";
import { runRevenueShow } from "../../src/cli/run/revenue-show.ts";
import { expectFaultless } from "../helpers/check-screen.ts";
import { Kind } from "../helpers/offers.ts";
import { recordingTerminal } from "../helpers/recording-terminal.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { useBrowser } from "../helpers/use-browser.ts";
import { buyInPage, openForSale, useMarket } from "../helpers/use-market.ts";

const OTHER = `0x${"42".repeat(20)}`;

describe("the page's licences", function () {
  const tests = useBrowser();
  const temporary = useTemporaryFolder();
  const setting = useMarket(temporary);

  const holds = async (kind: bigint, account: string) => {
    const { market, served, family } = setting();
    return market.hasLicense(served.registry.contract, family.tuned, kind, account);
  };

  it("shows whole offers, and who gets which part of what they bring", async function () {
    const { page, offers } = await openForSale(tests, setting(), undefined);
    const texts = await offers.allTextContents();
    expect(texts[0]).to.include("To use it").and.include("0.25 ether").and.include("30 days").and.include("Left3");
    expect(texts[1])
      .to.include("To serve its answers")
      .and.include(`5.0 ${await setting().token.symbol()} (${await setting().token.getAddress()})`)
      .and.include("for ever");
    expect(texts[2]).to.include("nothing: the price is 0").and.include("it ends");
    await page.getByText("10 %").waitFor();
    await page.locator(".licenses").getByRole("link", { name: "Alba base" }).waitFor();
    await page.getByText("No wallet has announced itself").waitFor();
  });

  it("tells plainly that the user refused, and pays nothing", async function () {
    const { page } = await openForSale(tests, setting(), { refuses: ["eth_sendTransaction"] });
    await buyInPage(page, "To use it");
    await page.getByText("You refused it in the wallet: nothing was sent.").waitFor();
    expect(await holds(Kind.Use, setting().buyer.address)).to.equal(false);
  });

  it("buys in ether, shows the licence with its end, and renews it", async function () {
    const { page } = await openForSale(tests, setting(), {});
    const offer = await buyInPage(page, "To use it");
    await page.getByText("Bought: the licence is in a block.").waitFor();
    expect(await holds(Kind.Use, setting().buyer.address)).to.equal(true);
    await offer.getByText("Left2").waitFor();
    const before = await offer.getByText("You hold one:").textContent();
    expect(before).to.match(/until \d{4}-\d\d-\d\d/);
    await offer.getByRole("button", { name: "Renew for 0.25 ether" }).click();
    await page.getByText("Renewed: it is in a block.").waitFor();
    await offer.getByText(before ?? "", { exact: true }).waitFor({ state: "detached" });
  });

  it("buys in a token, which it allows exactly the price, for another account", async function () {
    const { token, market, buyer } = setting();
    const { page, asked } = await openForSale(tests, setting(), {});
    await buyInPage(page, "To serve its answers", OTHER);
    await page.getByText("Bought: the licence is in a block.").waitFor();
    expect(asked.filter((method) => method === "eth_sendTransaction")).to.have.length(2);
    expect(await holds(Kind.Serve, OTHER)).to.equal(true);
    expect(await holds(Kind.Serve, buyer.address)).to.equal(false);
    expect(await token.allowance(buyer, market)).to.equal(0n);
  });

  it("reads what is owed, to whom and from which shares, as revenue show does", async function () {
    const { served, market, family } = setting();
    const { page } = await openForSale(tests, setting(), undefined);
    await page.getByRole("button", { name: "Read what is owed" }).click();
    const rows = page.locator(".owed li");
    await rows.first().waitFor();
    const said = await rows.allInnerTexts();
    const { terminal, printed } = recordingTerminal();
    const tokenId = toHex32(family.tuned);
    const options = {
      registryAddress: served.registry.address,
      tokenId,
      market: await market.getAddress(),
      format: "json" as const,
    };
    const { chainId, provider } = served.registry;
    const connection = { chainId, networkName: "test", provider, deploymentsFolder: temporary.path("none") };
    expect(await runRevenueShow(options, connection, terminal)).to.equal(EXIT.done);
    const shown = JSON.parse(printed.join("\n")) as {
      unsettledOffers: { offerId: string; seller: string }[];
      till: { address: string };
      withdrawable: { account: string };
    };
    // What was bought before waits to be divided: in ether, and in the token.
    expect(shown.unsettledOffers).to.have.length(2);
    for (const { offerId, seller } of shown.unsettledOffers) {
      expect(said.some((row) => row.includes(offerId) && row.includes(seller))).to.equal(true);
    }
    expect(said.join("\n"))
      .to.include(`${shown.till.address} holds 0.0 ether`)
      .and.include(`${shown.withdrawable.account} can withdraw 0.0 ether`)
      .and.match(/To settle\s+0\.5 ether of the offer/);
    for (const row of said) expect(row).to.match(/^(To settle|Till|Owner)/);
  });

  it("divides what came in, for anybody, and lets only its owner take it out", async function () {
    const { market, served } = setting();
    const owner = served.minter;
    const ofOwner = async () => market.withdrawable(owner, ZeroAddress);
    const before = await ofOwner();
    const buyer = await openForSale(tests, setting(), {});
    await buyer.page.getByRole("button", { name: "Read what is owed" }).click();
    const rowOf = (page: Page, text: string | RegExp) => page.locator(".owed li", { hasText: text });
    const offer = rowOf(buyer.page, /To settle.*ether/);
    await offer.getByRole("button", { name: "Divide it" }).click();
    await buyer.page.getByText("Divided: it is in a block.").waitFor();
    await offer.waitFor({ state: "detached" });
    const divided = await ofOwner();
    expect(divided > before).to.equal(true);
    await rowOf(buyer.page, "Owner").getByRole("button", { name: "Take it out" }).click();
    await buyer.page.getByRole("alert").getByText(`Only ${owner.address} can take this out`).waitFor();
    expect(await ofOwner()).to.equal(divided);

    const { page } = await openForSale(tests, { ...setting(), buyer: owner }, {});
    await page.getByRole("button", { name: "Read what is owed" }).click();
    await rowOf(page, "Owner").getByRole("button", { name: "Take it out" }).click();
    await page.getByText("Taken out: it is in a block.").waitFor();
    expect(await ofOwner()).to.equal(0n);
  });

  for (const [width, colorScheme] of [
    [375, "dark"],
    [1280, "light"],
  ] as const) {
    it(`have no fault that axe finds, and fit ${width} px (${colorScheme})`, async function () {
      const { page } = await openForSale(tests, setting(), {}, { viewport: { width, height: 800 }, colorScheme });
      await page.locator(".offer").first().getByText("Buy a licence").click();
      await page.getByText("Sent by Test wallet.").waitFor();
      await page.getByRole("button", { name: "Read what is owed" }).click();
      await page.locator(".owed li").first().waitFor();
      await expectFaultless(page, width);
    });
  }

  // The last one: nothing is for sale after it.
  it("never asks the wallet for what the market refuses", async function () {
    const { page, asked } = await openForSale(tests, setting(), {});
    const { served, family } = setting();
    await served.registry.contract.transferFrom(served.minter, OTHER, family.tuned);
    await buyInPage(page, "To derive models from it");
    await page.getByRole("alert").getByText("does not own the model").waitFor();
    expect(asked).to.not.include("eth_sendTransaction");
  });
});

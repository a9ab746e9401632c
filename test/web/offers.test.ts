import { readFile } from "node:fs/promises";
import { expect } from "chai";
import type { JsonRpcSigner } from "ethers";
import type { Page } from "playwright-core";
import { toHex32 } from "../../src/base/hex.ts";
import { EXIT } from "../../src/cli/exit-codes.ts";
import { runLicenseShow } from "../../src/cli/run/license-show.ts";
import { toCaip10 } from "../../src/registry/registry.ts";
import { expectFaultless } from "../helpers/check-screen.ts";
import { addFakeWallet } from "../helpers/fake-wallet.ts";
import { recordingTerminal } from "../helpers/recording-terminal.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { useBrowser } from "../helpers/use-browser.ts";
import { useMarket } from "../helpers/use-market.ts";

describe("offers of licences in the page", function () {
  const tests = useBrowser();
  const temporary = useTemporaryFolder();
  const setting = useMarket(temporary);
  const TERMS = { name: "terms.txt", mimeType: "text/plain", buffer: Buffer.from("Use it, and do no harm.") };

  async function administer(what: string | undefined, by?: JsonRpcSigner, options: object = {}) {
    const { served, market, family } = setting();
    const signer = by ?? served.minter;
    const registry = { ...served.registry, market: await market.getAddress() };
    const at = `#/administration?model=${toCaip10(registry)}/${toHex32(family.adapter)}`;
    const opened = await tests.open({ at, registries: [registry], store: served.store, ...options });
    const asked = await addFakeWallet(opened.context, signer, {});
    await opened.page.reload();
    await opened.page.getByText("Sent by Test wallet.").waitFor();
    if (what !== undefined) await opened.page.getByLabel("What to do").selectOption(what);
    return { ...opened, asked, registry };
  }

  async function fill(page: Page) {
    await page.getByLabel("The licence allows").selectOption("serve");
    await page.getByLabel("Price", { exact: true }).fill("0.75");
    await page.getByLabel("It lasts").fill("4w");
    await page.getByLabel("At most so many").fill("7");
    await page.getByLabel("Sold until the end of").fill("2099-12-31");
    await page.getByLabel("It ends when the model is revoked").check();
    await page.getByLabel("Terms").setInputFiles(TERMS);
    await page.getByLabel("A CAR file that I import myself").check();
  }

  const send = async (page: Page) => page.getByRole("button", { name: "Send" }).click();

  async function showByCommand(): Promise<string> {
    const { served, market, family } = setting();
    const { terminal, printed } = recordingTerminal();
    const options = {
      registryAddress: served.registry.address,
      tokenId: toHex32(family.adapter),
      market: await market.getAddress(),
    };
    const { chainId, provider } = served.registry;
    const connection = { chainId, networkName: "test", provider, deploymentsFolder: temporary.path("none") };
    expect(await runLicenseShow(options, connection, terminal)).to.equal(EXIT.done);
    return printed.join("\n");
  }

  it("says beside each field what is wrong, and asks the wallet for nothing", async function () {
    const { page, asked } = await administer("offer");
    await page.getByLabel("Price", { exact: true }).fill("0,5");
    await page.getByLabel("It lasts").fill("2099-12-31");
    await page.getByLabel("At most so many").fill("0");
    await send(page);
    await page.getByRole("alert").getByText("Nothing was sent: look at what is marked").waitFor();
    const said = async (label: string) => {
      const field = page.getByLabel(label, { exact: true });
      expect(await field.getAttribute("aria-invalid"), label).to.equal("true");
      return page.locator(`[id="${await field.getAttribute("aria-describedby")}"]`).textContent();
    };
    expect(await said("Price")).to.include("That is no amount of ether");
    expect(await said("It lasts")).to.include("That is no duration");
    expect(await said("At most so many")).to.include("at least 1");
    expect(await said("Terms")).to.include("Choose the file");
    await page.getByLabel("Paid in the token").fill(await setting().token.getAddress());
    await page.getByLabel("Terms").setInputFiles({ ...TERMS, buffer: Buffer.alloc(0) });
    await send(page);
    await page.getByText("a whole number of its smallest unit").waitFor();
    expect(await said("Terms")).to.include("The file is empty");
    await page.getByLabel("Terms").setInputFiles({ ...TERMS, buffer: Buffer.alloc(1024 * 1024 + 1) });
    await send(page);
    await page.getByText("The file has 1048577 bytes").waitFor();
    expect(asked).to.not.include("eth_sendTransaction");
  });

  it("are listed with terms that are pinned first, and seen on the model's page and by the command", async function () {
    const { page, asked, registry } = await administer("offer");
    await fill(page);
    const saving = page.waitForEvent("download");
    await send(page);
    const saved = await saving;
    expect(await readFile(await saved.path(), "utf8")).to.include(TERMS.buffer.toString());
    await page.getByText("Listed: anybody can buy it now.").waitFor();
    expect(asked.filter((method) => method === "eth_sendTransaction")).to.have.length(1);
    const cid = saved.suggestedFilename().replace(".car", "");
    expect(await showByCommand())
      .to.include("a licence to serve the model")
      .and.include("for 28 days for 0.75 ether, sold until 2099-12-31T23:59:59Z, 7 at most, ending when")
      .and.include(`terms ipfs://${cid}`);
    await page.goto(`${page.url().split("#")[0]}#/${toCaip10(registry)}/${toHex32(setting().family.adapter)}`);
    const offer = page.locator(".offer", { hasText: "To serve its answers" });
    expect(await offer.textContent())
      .to.include("0.75 ether")
      .and.include("28 days")
      .and.include("Left7")
      .and.include(cid);
  });

  it("are in a token where its address is given", async function () {
    const { page } = await administer("offer");
    await page.getByLabel("Price", { exact: true }).fill("250");
    await page.getByLabel("Paid in the token").fill((await setting().token.getAddress()).toLowerCase());
    await page.getByLabel("Terms").setInputFiles(TERMS);
    await page.getByLabel("A CAR file that I import myself").check();
    await send(page);
    await page.getByText("Listed: anybody can buy it now.").waitFor();
    expect(await showByCommand()).to.include(`for ever for 250 units of ${await setting().token.getAddress()}`);
  });

  it("are not sent where the terms are not pinned, or the model is somebody else's", async function () {
    const { page, asked } = await administer("offer");
    await fill(page);
    await page.getByLabel("An IPFS node on this machine (Kubo)").check();
    await page.getByLabel("Address of its RPC").fill("http://127.0.0.1:1");
    await send(page);
    await page.getByRole("alert").getByText("127.0.0.1:1").waitFor();
    expect(asked).to.not.include("eth_sendTransaction");
    const other = await administer("offer", setting().buyer);
    await fill(other.page);
    await send(other.page);
    await other.page.getByRole("alert").getByText("is not the owner").waitFor();
    expect(other.asked).to.not.include("eth_sendTransaction");
  });

  for (const [width, colorScheme, what] of [
    [375, "dark", "offer"],
    [1280, "light", "offer"],
    [375, "light", "cancel"],
  ] as const) {
    it(`have no fault that axe finds, and fit ${width} px (${what}, ${colorScheme})`, async function () {
      const { page } = await administer(what, undefined, { viewport: { width, height: 800 }, colorScheme });
      if (what === "offer") await send(page);
      await page.getByText(what === "offer" ? "Choose the file" : "For its seller.").waitFor();
      await expectFaultless(page, width);
    });
  }

  it("are cancelled by their seller", async function () {
    const { page } = await administer("cancel");
    const choice = page.getByLabel("Offer", { exact: true });
    await choice.waitFor();
    const names = await choice.locator("option").allTextContents();
    const serve = names.find((name) => name.startsWith("To serve its answers, 0.75 ether"));
    await choice.selectOption(serve ?? "");
    await send(page);
    await page.getByText("Cancelled: nobody can buy or renew it any more.").waitFor();
    await choice.getByText(serve ?? "").waitFor({ state: "detached" });
    expect(await showByCommand()).to.match(/\(cancelled\): a licence to serve[^\n]* for 0\.75 ether/);
    const other = await administer("cancel", setting().buyer);
    await other.page.getByLabel("Offer", { exact: true }).waitFor();
    await send(other.page);
    await other.page.getByRole("alert").waitFor();
    expect(other.asked).to.not.include("eth_sendTransaction");
  });

  it("are no matter where no market is known", async function () {
    const { served, family } = setting();
    const at = `#/administration?model=${toCaip10(served.registry)}/${toHex32(family.adapter)}`;
    const { page } = await tests.open({ at, registries: [served.registry] });
    await page.getByLabel("What to do").waitFor();
    const choices = await page.getByLabel("What to do").locator("option").allTextContents();
    expect(choices).to.include("Grant its use").and.not.include("Offer a licence");
  });
});

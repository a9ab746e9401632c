import { expect } from "chai";
import type { Page } from "playwright-core";
import { toHex32 } from "../../src/base/hex.ts";
import { readModelRecord } from "../../src/registry/model-record.ts";
import { toCaip10 } from "../../src/registry/registry.ts";
import { readStatus } from "../../src/registry/statuses.ts";
import { type FakeWalletOptions, type SentByWallet, addFakeWallet } from "../helpers/fake-wallet.ts";
import { expectFaultless } from "../helpers/check-screen.ts";
import { type Family, recordFamily } from "../helpers/registry-of-models.ts";
import { serveRegistry } from "../helpers/served-registry.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { useBrowser } from "../helpers/use-browser.ts";

const ACCOUNT = `0x${"42".repeat(20)}`;

describe("the page's administration, history and badge", function () {
  const tests = useBrowser();
  const temporary = useTemporaryFolder();
  let served: Awaited<ReturnType<typeof serveRegistry>>;
  let family: Family;

  before(async function () {
    served = await serveRegistry();
  });

  beforeEach(async function () {
    family ??= await recordFamily(served, temporary);
  });

  after(async function () {
    await served.close();
  });

  const idOf = (token: bigint) => `${toCaip10(served.registry)}/${toHex32(token)}`;
  const open = async (at: string, options: object = {}) =>
    tests.open({ at, registries: [served.registry], store: served.store, ...options });

  async function openWithWallets(token: bigint, ...wallets: FakeWalletOptions[]) {
    const opened = await open(`#/administration?model=${idOf(token)}`);
    const asked = [];
    for (const wallet of wallets) asked.push(await addFakeWallet(opened.context, served.minter, wallet));
    await opened.page.reload();
    await opened.page.getByRole("button", { name: "Send" }).waitFor();
    return { ...opened, asked };
  }

  async function deprecate(page: Page, reason: string) {
    await page.getByLabel("Reason").fill(reason);
    await page.getByRole("button", { name: "Send" }).click();
  }

  it("sets a status with its reason, on the right chain, after the wallet agreed", async function () {
    const { page, asked, errors } = await openWithWallets(family.adapter, { chainId: "0x1" });
    await page.getByText("Sent by Test wallet.").waitFor();
    await deprecate(page, "use the merged one");
    await page.getByText("Done: it is in a block.").waitFor();
    expect(asked[0]).to.include("wallet_switchEthereumChain");
    const statement = await readStatus(served.registry, family.adapter);
    expect(statement).to.include({ status: "deprecated", reason: "use the merged one" });
    expect(errors).to.deep.equal([]);
  });

  it("endorses a child and grants use", async function () {
    const { page } = await openWithWallets(family.tuned, {});
    await page.getByLabel("What to do").selectOption("endorse");
    await page.getByLabel("Child").fill(toHex32(family.next));
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("Done: it is in a block.").waitFor();
    const { contract, chainId, address } = served.registry;
    expect(await contract.isEndorsed(family.tuned, chainId, address, family.next)).to.equal(true);
    await page.getByLabel("What to do").selectOption("grant");
    await page.getByLabel("Account").fill(ACCOUNT);
    await page.getByLabel("Until the end of").fill("2099-12-31");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("Done: it is in a block.").waitFor();
    expect(await contract.hasAccess(family.tuned, ACCOUNT)).to.equal(true);
  });

  it("tells plainly that the user refused, and never asks the wallet for what the contract refuses", async function () {
    const { page } = await openWithWallets(family.merge, { refuses: ["eth_sendTransaction"] });
    await deprecate(page, "why not");
    await page.getByText("You refused it in the wallet: nothing was sent.").waitFor();
    expect((await readModelRecord(served.registry, family.merge))?.status).to.equal("active");
    const revoked = await openWithWallets(family.quantized, {});
    await deprecate(revoked.page, "too late");
    await revoked.page.getByRole("alert").getByText("The contract refuses").waitFor();
    expect(revoked.asked[0]).to.not.include("eth_sendTransaction");
  });

  describe("where blocks are made by hand", function () {
    const node = async (method: string, ...params: unknown[]): Promise<unknown> =>
      served.minter.provider.send(method, params);

    beforeEach(async function () {
      await node("evm_setAutomine", false);
    });

    afterEach(async function () {
      await node("evm_setAutomine", true);
      await node("evm_mine");
    });

    async function sendAndReload(reason: string) {
      const sent = Promise.withResolvers<SentByWallet>();
      const opened = await openWithWallets(family.merge, { onSent: sent.resolve });
      await deprecate(opened.page, reason);
      await opened.page.getByText("Sent. Waiting for it to be in a block…").waitFor();
      const transaction = await sent.promise;
      await opened.page.reload();
      const notice = opened.page.getByRole("complementary", { name: "Sent before" });
      await notice.getByText("Sent. Waiting").waitFor();
      return { ...opened, notice, transaction };
    }

    it("follows after a reload what was sped up in the wallet, and sends nothing again", async function () {
      const { notice, transaction, asked } = await sendAndReload("sped up");
      await transaction.replace("speed up");
      await node("evm_mine");
      await notice.getByText("A change of status: it is in a block.").waitFor();
      expect(asked.flat().filter((method) => method === "eth_sendTransaction")).to.have.length(1);
      expect(await readStatus(served.registry, family.merge)).to.include({ reason: "sped up" });
    });

    it("says that it was cancelled in the wallet, by which transaction, and sends nothing again", async function () {
      const { page, notice, transaction, asked } = await sendAndReload("not this one");
      const other = await transaction.replace("cancel");
      await node("evm_mine");
      await notice.getByText("It was cancelled").and(page.getByText(other)).waitFor();
      expect(asked.flat().filter((method) => method === "eth_sendTransaction")).to.have.length(1);
      expect(await readStatus(served.registry, family.merge)).to.include({ reason: "sped up" });
      await page.reload();
      await page.getByRole("button", { name: "Send" }).waitFor();
      expect(await page.getByRole("complementary", { name: "Sent before" }).count()).to.equal(0);
    });
  });

  it("takes none of several wallets silently, and says that there is none", async function () {
    const { page, asked } = await openWithWallets(family.merge, { name: "First" }, { name: "Second" });
    await deprecate(page, "not sent");
    await page.getByRole("alert").getByText("Choose a wallet first").waitFor();
    expect(asked.flat()).to.deep.equal([]);
    await page.getByLabel("Wallet").selectOption("Second");
    await page.getByText("Sent by Second.").waitFor();
    const nobody = await openWithWallets(family.merge);
    await nobody.page.getByText("No wallet has announced itself").waitFor();
  });

  it("tells on a model's page what happened to it, and gives it a badge without a status", async function () {
    const { page } = await open(`#/${idOf(family.next)}`);
    const entries = page.locator(".timeline li");
    await entries.nth(2).waitFor();
    expect(await entries.first().textContent()).to.match(/^\d{4}-\d\d-\d\dRecorded by/);
    expect((await entries.allTextContents()).join())
      .to.include("superseded by a faster one")
      .and.include("merge");
    const badge = page.locator("img.badge");
    const svg = decodeURIComponent((await badge.getAttribute("src")) ?? "");
    const digest = toHex32(family.next);
    expect(svg).to.include(`recorded ${digest.slice(0, 6)}…${digest.slice(-4)}`);
    expect(svg).to.not.match(/active|deprecated|revoked/i);
    const width = await badge.evaluate(async (image: { decode: () => Promise<void>; naturalWidth: number }) => {
      await image.decode();
      return image.naturalWidth;
    });
    expect(width).to.be.greaterThan(100);
    expect(await page.getByLabel("Markdown").inputValue()).to.include(`#/${idOf(family.next)}`);
  });

  for (const [width, colorScheme, at] of [
    [375, "dark", "administration"],
    [1280, "light", "administration"],
    [375, "light", "model"],
  ] as const) {
    it(`has no fault, and fits ${width} px (${at}, ${colorScheme})`, async function () {
      const id = idOf(family.next);
      const path = at === "model" ? `#/${id}` : `#/administration?model=${id}`;
      const { page } = await open(path, { viewport: { width, height: 800 }, colorScheme });
      await page
        .locator(at === "model" ? ".timeline li" : "form")
        .first()
        .waitFor();
      await expectFaultless(page, width);
    });
  }
});

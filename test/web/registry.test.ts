import { expect } from "chai";
import type { Page } from "playwright-core";
import { toHex32 } from "../../src/base/hex.ts";
import { toCaip10 } from "../../src/registry/registry.ts";
import { expectFaultless } from "../helpers/check-screen.ts";
import { type FakeIndexerOptions, INDEXER_URL, type ListedItem, fakeIndexer } from "../helpers/fake-indexer.ts";
import { type Family, recordFamily, recordMany } from "../helpers/registry-of-models.ts";
import { serveRegistry } from "../helpers/served-registry.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { useBrowser } from "../helpers/use-browser.ts";

const MANY = 160;
/** The models of `recordFamily`. */
const FAMILY = 6;

describe("the page's registry", function () {
  const tests = useBrowser();
  const temporary = useTemporaryFolder();
  let served: Awaited<ReturnType<typeof serveRegistry>>;
  let family: Family | undefined;

  before(async function () {
    served = await serveRegistry();
    await recordMany(served, MANY);
  });

  beforeEach(async function () {
    family ??= await recordFamily(served, temporary);
  });

  after(async function () {
    await served.close();
  });

  async function openTable(at = "#/registry", options: object = {}) {
    const { registry, store } = served;
    const opened = await tests.open({ at, registries: [registry], store, ...options });
    await opened.page.getByText("in its events up to block").waitFor();
    return opened;
  }

  const countIs = async (page: Page, text: RegExp) => page.locator(".count", { hasText: text }).waitFor();
  const countIsAll = async (page: Page) => countIs(page, new RegExp(`^${MANY + FAMILY} models$`));

  it("lists all models and draws those that are seen, with names from metadata that has its digest", async function () {
    const { page, errors } = await openTable();
    await page.getByRole("link", { name: "Alba reader", exact: true }).waitFor();
    await countIsAll(page);
    expect(await page.getByRole("table").getAttribute("aria-rowcount")).to.equal(String(MANY + FAMILY + 1));
    expect(await page.locator("tbody tr").count()).to.be.lessThan(60);
    const revoked = page.getByRole("row", { name: "Alba merged q4" });
    expect(await revoked.textContent())
      .to.include("Revoked")
      .and.include("quantized");
    // What a store has not is no fault of the page.
    expect(errors.filter((text) => !text.includes("404"))).to.deep.equal([]);
  });

  it("shows no name whose bytes are others than the chain's digest says", async function () {
    const { page } = await tests.open({ registries: [served.registry], store: served.store });
    // One answer is honest, and comes when all that are forged are there: where its name is shown, theirs would be, too.
    let forged = 0;
    let release = () => {};
    const allForged = new Promise<void>((resolve) => (release = resolve));
    await page.route("**/ipfs/**", async (route) => {
      const answer = await route.fetch();
      const { name } = (answer.ok() ? await answer.json() : {}) as { name?: string };
      if (name === "Alba base") {
        await allForged;
        return route.fulfill({ response: answer });
      }
      await route.fulfill({ body: JSON.stringify({ name: "Forged" }) });
      if (name !== undefined && ++forged === FAMILY - 1) release();
    });
    await page.evaluate("location.hash = '#/registry'");
    await page.getByText("in its events up to block").waitFor();
    await page.getByRole("link", { name: "Alba base", exact: true }).waitFor();
    expect(await page.getByText("Forged").count()).to.equal(0);
    expect(await page.getByRole("table").getByText(/Alba/).count()).to.equal(1);
  });

  it("filters by licence, status, relation and words, and keeps that in the address", async function () {
    const { page } = await openTable();
    await page.getByLabel("Licence", { exact: true }).selectOption("MIT");
    await countIs(page, new RegExp(`^${Math.ceil(MANY / 3) + 1} of ${MANY + FAMILY} models fit`));
    await page.getByLabel("Relation").selectOption("fine-tune");
    await countIs(page, /^1 of/);
    expect(await page.evaluate("location.hash")).to.equal("#/registry?relation=fine-tune&license=MIT");
    await page.reload();
    await page.getByText(/^1 of/).waitFor();
    await page.getByRole("button", { name: "Clear all" }).click();
    await page.getByLabel("Status").selectOption("revoked");
    await countIs(page, /^1 of/);
    await page.getByLabel("Status").selectOption("");
    await page.getByLabel("Search").fill(`PYTORCH mit ${served.minter.address.slice(0, 12)}`);
    await countIs(page, new RegExp(`^${Math.ceil(MANY / 3)} of`));
    await page.getByLabel("Search").fill("nothing like it");
    await page.getByText("No model fits").waitFor();
  });

  it("is walked with the arrow keys, from one row to the last and into a model", async function () {
    const { page } = await openTable();
    const links = page.getByRole("table").getByRole("link");
    await links.first().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("End");
    await page.locator(`tr[aria-rowindex="${MANY + FAMILY + 1}"] a:focus`).waitFor();
    await page.keyboard.press("Home");
    await page.locator('tr[aria-rowindex="2"] a:focus').waitFor();
    await page.keyboard.press("Enter");
    const path = `#/${toCaip10(served.registry)}/${toHex32((family as Family).quantized)}`;
    await page.waitForURL(`**${path}`);
  });

  it("says what could not be read, and that no registry is named", async function () {
    const { page } = await tests.open({ registries: [served.registry] });
    await page.route("**/rpc/0", async (route) => route.fulfill({ status: 500 }));
    await page.evaluate("location.hash = '#/registry'");
    await page.getByText("could not be read to its end").waitFor();
    const nobody = await tests.open({ at: "#/registry" });
    await nobody.page.getByText("No registry is named").waitFor();
  });

  /** Resolves when a node has answered what the chain says of a model: rows are compared that are seen, the youngest among them. */
  async function afterAnswerOf(page: Page, tokenId: bigint): Promise<void> {
    const named = toHex32(tokenId).slice(2);
    return new Promise((resolve) => {
      // Not "requestfinished", which Chromium does not tell of every request.
      page.on("response", (response) => {
        const asked = response.request().postData() ?? "";
        if (asked.includes('"eth_call"') && asked.includes(named)) resolve();
      });
    });
  }

  async function openListed(options: FakeIndexerOptions = {}) {
    const { registry, store } = served;
    const opened = await tests.open({ at: "#/settings", registries: [registry], store });
    await fakeIndexer(opened.context, registry, options);
    await opened.page.getByLabel("Indexer").fill(INDEXER_URL);
    const compared = afterAnswerOf(opened.page, (family as Family).quantized);
    await opened.page.evaluate("location.hash = '#/registry'");
    return { ...opened, compared };
  }

  it("takes the list of an indexer up to its block and the events from there, and compares what is seen", async function () {
    const { page, requests, compared } = await openListed();
    await page.getByText(`as ${INDEXER_URL} lists them`).waitFor();
    await countIsAll(page);
    await page.getByRole("link", { name: "Alba reader", exact: true }).waitFor();
    await compared;
    expect(requests.filter(({ body }) => body.includes("eth_getLogs"))).to.deep.equal([]);
    expect(await page.getByText("is not used").count()).to.equal(0);
    const stale = await openListed({ block: 2, list: (items) => items.filter(({ block }) => Number(block) <= 2) });
    await stale.page.getByText("lists them up to block 2,").waitFor();
    await countIsAll(stale.page);
    await stale.compared;
    expect(await stale.page.getByText("is not used").count()).to.equal(0);
  });

  for (const [what, options, reason] of [
    ["says another licence", { list: changeLast({ license: "Free-for-all" }) }, "license"],
    ["says that what was revoked is active", { list: changeLast({ status: 0 }) }, "status"],
    ["invents a model", { list: changeLast({ id: "7" }) }, "there is no such model"],
    ["has read blocks that are not there", { block: 1_000_000 }, "it says that it has read block 1000000"],
    ["is silent", { silent: true }, "it does not answer in time"],
  ] as const) {
    it(`reads the events, and says so, where an indexer ${what}`, async function () {
      const { page } = await openListed(options);
      await page.locator(".fault").getByText(reason).waitFor();
      await page.getByText("in its events up to block").waitFor();
      await countIsAll(page);
      expect(await page.getByRole("row", { name: "Alba merged q4" }).textContent()).to.include("Revoked");
      expect(await page.getByText("Free-for-all").count()).to.equal(0);
    });
  }

  for (const [width, colorScheme] of [
    [375, "dark"],
    [1280, "light"],
  ] as const) {
    it(`has no fault, and fits ${width} px (${colorScheme})`, async function () {
      const { page } = await openTable("#/registry", { viewport: { width, height: 800 }, colorScheme });
      await page.getByRole("link", { name: "Alba reader", exact: true }).waitFor();
      await expectFaultless(page, width);
    });
  }
});

/** Changes the youngest model of a list, the first that is shown. */
function changeLast(change: object) {
  return (items: ListedItem[]): ListedItem[] => [...items.slice(0, -1), { ...(items.at(-1) as ListedItem), ...change }];
}

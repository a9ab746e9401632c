import { readFile } from "node:fs/promises";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { toHex32 } from "../../src/base/hex.ts";
import { toCaip10 } from "../../src/registry/registry.ts";
import { expectFaultless } from "../helpers/check-screen.ts";
import { type Family, recordFamily } from "../helpers/registry-of-models.ts";
import { serveRegistry } from "../helpers/served-registry.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { useBrowser } from "../helpers/use-browser.ts";
import { parseSimpleXml } from "../helpers/xml.ts";

describe("the page's lineage", function () {
  const tests = useBrowser();
  const temporary = useTemporaryFolder();
  let served: Awaited<ReturnType<typeof serveRegistry>>;
  let family: Family | undefined;

  before(async function () {
    served = await serveRegistry();
  });

  beforeEach(async function () {
    family ??= await recordFamily(served, temporary);
  });

  after(async function () {
    await served.close();
  });

  const pathOf = (id: bigint) => `#/${toCaip10(served.registry)}/${toHex32(id)}`;

  async function openLineage(options: object = {}, query = "") {
    const at = `${pathOf((family as Family).tuned)}/lineage${query}`;
    const opened = await tests.open({ at, registries: [served.registry], store: served.store, ...options });
    await opened.page.getByText("Of Alba reader: 6 models and 5 relations").waitFor();
    return opened;
  }

  const focused = async (page: Page, name: string) =>
    page.locator(".box:focus", { hasText: new RegExp(`${name} (0x|@)`) }).waitFor();

  it("draws ancestors, descendants and the base outside all registries, each status by word and shape", async function () {
    const { page, errors } = await openLineage();
    await page.getByRole("button", { name: "Show all" }).click();
    const shapes = new Set<string | null>();
    for (const kind of ["active", "deprecated", "revoked", "outside"]) {
      shapes.add(await page.locator(`.box-${kind} .box-mark`).first().getAttribute("d"));
    }
    expect(shapes.size).to.equal(4);
    expect(await page.locator(".box").count()).to.equal(7);
    expect(await page.locator(".box-revoked").textContent()).to.include("REVOKED");
    expect(await page.locator(".edge:not(.edge-claimed)").count()).to.equal(1);
    expect(await page.locator(".box-outside").textContent()).to.include("hf://albert/albert-base-v2@main");
    expect(errors).to.deep.equal([]);
  });

  it("is walked with the arrow keys, zoomed with + and −, and opened with Enter", async function () {
    const { page } = await openLineage();
    await page.locator(".box-start").focus();
    await page.keyboard.press("ArrowLeft");
    await focused(page, "Alba base");
    await page.keyboard.press("ArrowLeft");
    await focused(page, "albert/albert-base-v2");
    for (const name of ["Alba base", "Alba reader", "Alba reader 2", "Alba merged", "Alba merged q4"]) {
      await page.keyboard.press("ArrowRight");
      await focused(page, name);
    }
    const scale = async () => page.locator(".graph-view > g").getAttribute("transform");
    const before = await scale();
    await page.keyboard.press("+");
    expect(await scale()).to.not.equal(before);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**${pathOf((family as Family).quantized)}`);
  });

  it("has a table that says the same, and an SVG to save", async function () {
    const { page } = await openLineage({}, "?as=table");
    const row = page.getByRole("row", { name: /^Alba reader 0x/ });
    expect(await row.textContent()).to.match(/Alba base.*fine-tune, endorsed, licence asks for less/);
    const base = page.getByRole("row", { name: /^Alba base/ });
    expect(await base.textContent())
      .to.include("hf://albert/albert-base-v2@main")
      .and.include("claimed");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save as SVG" }).click(),
    ]);
    const svg = await readFile(await download.path(), "utf8");
    parseSimpleXml(svg);
    expect(svg).to.include("Alba merged q4").and.include("the oldest on the left");
  });

  it("says what is not known: names that cannot be read, a node that fails, a model that is not there", async function () {
    const at = `${pathOf((family as Family).tuned)}/lineage`;
    const nameless = await tests.open({ at, registries: [served.registry] });
    await nameless.page.getByText("Names, base models and parents elsewhere of 6 models are not known").waitFor();
    const { page } = await tests.open({ at: `${pathOf(1n)}/lineage`, registries: [served.registry] });
    await page.getByText("hold no such model").waitFor();
    await page.route("**/rpc/0", async (route) => route.abort());
    await page.goto(`${page.url().replace(/#.*/, "")}${at}`);
    await page.reload();
    await page.getByText("The lineage could not be read").waitFor();
  });

  for (const [width, colorScheme, query] of [
    [375, "dark", ""],
    [375, "light", "?as=table"],
    [1280, "light", ""],
  ] as const) {
    it(`has no fault, and fits ${width} px (${colorScheme} ${query})`, async function () {
      const { page } = await openLineage({ viewport: { width, height: 800 }, colorScheme }, query);
      await expectFaultless(page, width);
    });
  }
});

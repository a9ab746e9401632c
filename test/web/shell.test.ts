import { expect } from "chai";
import { expectFaultless } from "../helpers/check-screen.ts";
import { useBrowser } from "../helpers/use-browser.ts";

const MARKET = `0x${"3c".repeat(20)}`;
const REGISTRY = "eip155:11155111:0x5FbDB2315678afecb367f032d93F642f64180aa3";

describe("the page", function () {
  const tests = useBrowser();

  it("opens with Verify first, and asks nobody but its own origin", async function () {
    const { page, url, requests, errors } = await tests.open();
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(await page.title()).to.match(/^Verify/);
    for (const request of requests) expect(request.url.startsWith(url), request.url).to.equal(true);
    expect(errors).to.deep.equal([]);
  });

  it("stays with the screen that was asked for last, when an earlier one comes late", async function () {
    const { page } = await tests.open({ at: "#/settings" });
    const heading = page.getByRole("heading", { level: 1, name: "Settings" });
    await heading.waitFor();
    const held = new Map<string, () => void>();
    let holds = true;
    await page.route("**/*.js", async (route) => {
      if (holds) await new Promise<void>((release) => held.set(route.request().url(), release));
      await route.continue();
    });
    const late = page.waitForRequest("**/*.js");
    await page.evaluate("location.hash = '#/registry'");
    await late;
    await page.evaluate("location.hash = '#/settings'");
    await heading.waitFor();
    holds = false;
    held.forEach((release) => release());
    // The page waited for the same modules before: when they are there for this, it has drawn what it would in the next frame.
    const modules = JSON.stringify([...held.keys()]);
    const frame = "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))";
    await page.evaluate(`Promise.all(${modules}.map((url) => import(url))).then(() => ${frame})`);
    expect(await heading.count()).to.equal(1);
  });

  it("says so where an address leads nowhere", async function () {
    const { page } = await tests.open({ at: "#/no/such/place" });
    await page.getByText("There is no such screen").waitFor();
  });

  it("asks about a registry that a link names before it counts", async function () {
    const link = `?registry=${REGISTRY}&rpc=https://node.invalid/#/settings`;
    const { page, requests } = await tests.open({ at: link });
    await page.getByRole("alertdialog").waitFor();
    expect(await page.locator(".rows code").count()).to.equal(0);
    await page.getByRole("button", { name: "Let it count" }).click();
    await page.getByText("comes from the link that you followed").waitFor();
    expect(await page.locator(".rows code").allTextContents()).to.deep.equal([REGISTRY]);
    await page.getByRole("button", { name: "Stop using it" }).click();
    await page.locator(".rows code").waitFor({ state: "detached" });
    expect(requests.filter(({ url }) => url.startsWith("https://node.invalid"))).to.deep.equal([]);
  });

  it("keeps a registry that is added, but no URL that may hold a key", async function () {
    const { page } = await tests.open({ at: "#/settings" });
    await page.getByLabel("Account (CAIP-10)").fill(REGISTRY);
    await page.getByLabel("JSON-RPC node").fill("https://node.invalid/v3/secret-key");
    await page.getByLabel("Market of licences").fill("0x12");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("That is no registry").waitFor();
    await page.getByLabel("Market of licences").fill(MARKET);
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("added by you").waitFor();
    const kept = JSON.stringify(await page.context().storageState());
    expect(kept).to.include("0x5FbDB2315678afecb367f032d93F642f64180aa3").and.not.include("secret-key");
    await page.reload();
    await page.getByRole("code").getByText(REGISTRY).waitFor();
    expect(JSON.stringify(await page.context().storageState())).to.include(MARKET);
    await page.evaluate("location.hash = '#/administration'");
    await page.getByLabel("What to do").selectOption("Offer a licence");
    await page.getByLabel("Sold until the end of").waitFor();
  });

  it("takes a registries file as the command does, with its market, and says the line of a fault", async function () {
    const { page } = await tests.open({ at: "#/settings" });
    const choose = async (text: string) =>
      page.getByLabel("Registries file").setInputFiles({
        name: "registries.yaml",
        mimeType: "application/yaml",
        buffer: Buffer.from(text),
      });
    const [, chainId, address] = REGISTRY.split(":");
    const entry = (rest: string) => `  - chainId: ${chainId}\n    address: "${address}"\n${rest}`;
    await choose(`schemaVersion: "1.0"\nregistries:\n${entry("    market: 5\n")}`);
    await page.getByText("registries.yaml is not valid: line 5").waitFor();
    const good = entry(`    rpcUrl: https://node.invalid/\n    market: "${MARKET}"\n`);
    await choose(`schemaVersion: "1.0"\nregistries:\n${good}`);
    await page.getByText("1 registry was added.").waitFor();
    await page.reload();
    await page.getByRole("code").getByText(REGISTRY).waitFor();
    const kept = JSON.stringify(await page.context().storageState());
    expect(kept.toLowerCase()).to.include(MARKET);
  });

  for (const [width, colorScheme] of [
    [375, "light"],
    [1280, "dark"],
  ] as const) {
    it(`has no fault, and fits ${width} px (${colorScheme})`, async function () {
      const { page, context } = await tests.open({
        at: "#/settings",
        viewport: { width, height: 800 },
        colorScheme,
      });
      await page.getByRole("heading", { level: 1 }).waitFor();
      await expectFaultless(page, width);
      await context.close();
    });
  }
});

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { toHex32 } from "../../src/base/hex.ts";
import { LocalStore } from "../../src/content/stores/local/local-store.ts";
import { toCaip10 } from "../../src/registry/registry.ts";
import { expectFaultless } from "../helpers/check-screen.ts";
import { MemoryStore } from "../helpers/memory-store.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { type OpenOptions, useBrowser } from "../helpers/use-browser.ts";
import { setUpVerify } from "../helpers/verify-command.ts";

const MARKUP = `<img src=x onerror="document.title='taken'">`;
const CARD = `---\nlicense: mit\n---\n# A model\n\n${MARKUP}`;

describe("a model's page", function () {
  const tests = useBrowser();
  const temporary = useTemporaryFolder();

  async function setUp() {
    const deployed = await setUpVerify(temporary);
    const { registry } = deployed;
    const store = new LocalStore(deployed.storePath);
    const first = await temporary.write("first", { "README.md": CARD, "w.safetensors": "first" });
    const parentId = await deployed.record({ modelPath: first, statements: { name: `First ${MARKUP}` } });
    const second = await temporary.write("second", { "README.md": CARD, "w.safetensors": "second" });
    const statements = { name: "Second", version: "2.0.0", relation: "version" as const, metrics: [] };
    const tokenId = await deployed.record({ modelPath: second, statements, parents: [parentId] });
    const at = (id: string) => `#/${toCaip10(registry)}/${id}`;
    const open = async (id: string, options: OpenOptions = {}) =>
      tests.open({ registries: [registry], store, at: at(id), ...options });
    return { ...deployed, store, parentId, tokenId, at, open };
  }

  it("says first what was said of it, with who, when and why, and names the newer version", async function () {
    const { registry, parentId, open } = await setUp();
    await registry.contract.setStatus(BigInt(parentId), 1n, "Use the second.");
    const { page, errors } = await open(parentId);
    const said = /Deprecated since \d{4}-\d\d-\d\d.*Use the second\..*A newer version: Second/;
    await page.locator(".banner", { hasText: said }).first().waitFor();
    expect(errors).to.deep.equal([]);
  });

  it("asks the publisher's web site when that is asked for, not before, and names it where it holds both ways", async function () {
    const { registry, record, open } = await setUp();
    const modelPath = await temporary.write("named", { "README.md": CARD, "w.safetensors": "named" });
    const tokenId = await record({ modelPath, statements: { name: "Named", publisher: "did:web:example.org" } });
    const { creator } = await registry.contract.getModelData(BigInt(tokenId));
    const { page, context, requests } = await open(tokenId);
    let accounts: string[] = [];
    await context.route("https://example.org/.well-known/did.json", async (route) => {
      const verificationMethod = accounts.map((account, i) => ({
        id: `did:web:example.org#${i}`,
        type: "EcdsaSecp256k1RecoveryMethod2020",
        controller: "did:web:example.org",
        blockchainAccountId: `eip155:${registry.chainId}:${account}`,
      }));
      const json = { id: "did:web:example.org", verificationMethod };
      await route.fulfill({ json, headers: { "access-control-allow-origin": "*" } });
    });
    const asked = () => requests.filter(({ url }) => url.startsWith("https://example.org"));
    const button = page.getByRole("button", { name: "Ask example.org" });
    await page.getByText("says it is example.org, which was not asked.").waitFor();
    expect(asked()).to.deep.equal([]);
    await button.click();
    await page.getByText("says it is example.org, which does not say so").waitFor();
    accounts = [creator];
    await page.reload();
    await button.click();
    await page.getByText("example.org (did:web, both ways").waitFor();
    expect(asked()).to.have.length(2);
  });

  it("names parents and children, and tells what was only claimed", async function () {
    const { registry, parentId, tokenId, open } = await setUp();
    const { page } = await open(tokenId);
    await page.getByRole("heading", { level: 1, name: "Second" }).waitFor();
    await page.getByText("claimed by the child alone").waitFor();
    await registry.contract.endorse(BigInt(parentId), registry.chainId, registry.address, BigInt(tokenId));
    await page.reload();
    await page.getByText("endorsed by the parent’s owner").waitFor();
    await page.getByRole("link", { name: /^First/ }).click();
    await page.getByRole("heading", { level: 3, name: "Made from it" }).waitFor();
  });

  it("shows what a stranger wrote as text, and never as markup", async function () {
    const { parentId, open } = await setUp();
    const { page, errors } = await open(parentId);
    await page.getByRole("heading", { level: 1, name: /^First/ }).waitFor();
    expect(await page.getByRole("heading", { level: 1 }).textContent()).to.equal(`First ${MARKUP}`);
    expect(await page.locator("img[src=x]").count()).to.equal(0);
    expect(await page.title()).to.match(/^Model/);
    expect(errors).to.deep.equal([]);
  });

  it("gives the metadata as they are pinned", async function () {
    const { registry, tokenId, open } = await setUp();
    const { page } = await open(tokenId);
    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "Metadata (JSON)" }).click();
    const bytes = await readFile(await (await saving).path());
    const digest = `0x${createHash("sha256").update(bytes).digest("hex")}`;
    expect(digest).to.equal((await registry.contract.getModelData(BigInt(tokenId))).metadataDigest);
  });

  it("shows what the chain says where the metadata cannot be read", async function () {
    const { tokenId, open } = await setUp();
    const { page } = await open(tokenId, { store: new MemoryStore() });
    await page.getByText("Its metadata could not be read").waitFor();
    await page.getByText("Active").first().waitFor();
    await page.getByText("MIT").waitFor();
  });

  it("says that there is no such record, and whose registry it does not know", async function () {
    const { at, open } = await setUp();
    const { page, url } = await open(toHex32(1n));
    await page.getByText("There is no record of").waitFor();
    await page.goto(`${url}${at(toHex32(1n)).replace("31337", "1")}`);
    await page.getByText("is none of those in the settings").waitFor();
  });

  it("is there after a reload without a network, as it was read", async function () {
    const { tokenId, open } = await setUp();
    const { page, context } = await open(tokenId);
    await page.getByRole("heading", { level: 1, name: "Second" }).waitFor();
    await page.waitForFunction(`caches.open("page-1").then(async (cache) => {
      const kept = (await cache.keys()).map(({ url }) => url);
      const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
      return kept.some((url) => url.endsWith("config.json")) && loaded.filter((url) => /[.]js$/.test(url)).every((url) => kept.includes(url));
    })`);
    await context.setOffline(true);
    await page.reload();
    await page.getByText("As it was read on").waitFor();
    await page.getByRole("heading", { level: 1, name: "Second" }).waitFor();
  });

  for (const [width, colorScheme] of [
    [375, "dark"],
    [1280, "light"],
  ] as const) {
    it(`has no fault, and fits ${width} px (${colorScheme})`, async function () {
      const { tokenId, open } = await setUp();
      const { page } = await open(tokenId, { viewport: { width, height: 800 }, colorScheme });
      await page.getByRole("heading", { level: 1, name: "Second" }).waitFor();
      await expectFaultless(page, width);
    });
  }
});

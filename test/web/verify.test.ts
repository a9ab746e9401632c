import { appendFile, cp, readFile, readdir, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { CID } from "multiformats/cid";
import { toHex32 } from "../../src/base/hex.ts";
import { toCaip10 } from "../../src/registry/registry.ts";
import type { VerifyDocument } from "../../src/verify/report-document.ts";
import { PAGE_FOLDER } from "../helpers/built-page.ts";
import { expectFaultless } from "../helpers/check-screen.ts";
import { anchorBatch, prepareSubmission } from "../helpers/anchored-batch.ts";
import { LocalStore } from "../../src/content/stores/local/local-store.ts";
import { deployRegistry, recordModel } from "../helpers/recorded-model.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { choose, expectSameVerdict, verifyInPage } from "../helpers/page-verdict.ts";
import { type OpenOptions, type OpenedPage, useBrowser } from "../helpers/use-browser.ts";
import { setUpVerify } from "../helpers/verify-command.ts";

const SECRET = "these-bytes-must-not-leave";
const FILES = {
  "README.md": "---\nlicense: mit\n---\nA model.",
  "config.json": "{}",
  "model.safetensors": `weights ${SECRET}`,
  "sub/vocabulary.txt": "a b c",
};

describe("Verify in the page", function () {
  const tests = useBrowser();
  const temporary = useTemporaryFolder();

  async function setUp() {
    const { registry: found, store: memory, ...deployed } = await setUpVerify(temporary);
    // The command calls a chain by the name of its network.
    const registry = { ...found, name: "test" };
    const store = new LocalStore(deployed.storePath);
    const modelPath = await temporary.write("model", FILES);
    await deployed.record({ modelPath, statements: { version: "1.0.0" } });
    const open = async (options: OpenOptions = {}) => tests.open({ registries: [registry], store, ...options });

    /** Compares what the page says with what the command prints with --json, but for what a browser cannot see. */
    const expectSame = async ({ page }: OpenedPage, path: string, verdict: string): Promise<VerifyDocument> => {
      const { stdout } = await deployed.verify({ MODEL_PATH: path, OUTPUT_FORMAT: "json" });
      const shown = await expectSameVerdict(page, path, JSON.parse(stdout) as VerifyDocument);
      expect(shown.verdict).to.equal(verdict);
      return shown;
    };
    /** Keeps what the in-memory store holds where page and command read, links before what they lead to. */
    const keep = async () => {
      for (const [text, bytes] of memory.blocks) {
        const cid = CID.parse(text);
        await store.pin(cid, [{ cid, bytes }], { linksOnly: true });
      }
    };
    return { ...deployed, registry, memory, store, modelPath, open, expectSame, keep };
  }

  it("says what the command says of folders that are as recorded, changed, renamed, incomplete and more", async function () {
    this.timeout(60_000);
    const { modelPath, open, expectSame } = await setUp();
    const opened = await open();
    const change = async (name: string, work: (path: string) => Promise<unknown>) => {
      const path = temporary.path(name);
      await cp(modelPath, path, { recursive: true });
      await work(path);
      return path;
    };
    const claim = { schemaVersion: "1.0", registry: "", tokenId: "", metadataURI: "ipfs://bafkreia", ignorePaths: [] };
    const shown = await expectSame(opened, modelPath, "verified");
    const { registry, chainId, record } = shown;
    const claimed = { ...claim, registry: `eip155:${chainId}:${registry}`, tokenId: record?.tokenId };
    const leave = async (path: string) => writeFile(join(path, "model-provenance.json"), JSON.stringify(claimed));
    const cases: [string, (path: string) => Promise<unknown>, string][] = [
      ["tampered", async (path) => writeFile(join(path, "model.safetensors"), "other weights"), "mismatch"],
      ["renamed", async (path) => rename(join(path, "config.json"), join(path, "config.jsom")), "mismatch"],
      ["extra", async (path) => writeFile(join(path, "more.txt"), "more"), "mismatch"],
      ["missing", async (path) => rm(join(path, "config.json")), "mismatch"],
      ["left out", async (path) => writeFile(join(path, ".gitignore"), "*"), "verified"],
    ];
    for (const [name, work, verdict] of cases) {
      const path = await change(name, async (folder) => leave(folder).then(async () => work(folder)));
      await expectSame(opened, path, verdict);
    }
    // Without a claim nobody knows what it should be: that its weights are known is said.
    const unknown = await change("unknown", async (path) => writeFile(join(path, "README.md"), "Another."));
    const { sameWeights } = await expectSame(opened, unknown, "not-registered");
    expect(sameWeights).to.have.length(1);
    expect(opened.errors).to.deep.equal([]);
  });

  it("says the same of names in NFD, of a single file, and of a revoked model, and sends no byte of a file", async function () {
    this.timeout(60_000);
    const { registry, record, open, expectSame } = await setUp();
    const opened = await open();
    const names = { "Caf\u0065\u0301.txt": SECRET, "e\u0301/w.bin": SECRET, "z.safetensors": SECRET };
    const nfd = await temporary.write("nfd", names);
    await record({ modelPath: nfd, statements: {} });
    await expectSame(opened, nfd, "verified");
    const single = join(await temporary.write("one", { "model.gguf": `GGUF ${SECRET}` }), "model.gguf");
    await record({ modelPath: single, statements: {} });
    await expectSame(opened, single, "verified");
    const revoked = await temporary.write("bad", { "README.md": "bad", "m.safetensors": SECRET });
    const token = await record({ modelPath: revoked, statements: {} });
    await registry.contract.setStatus(BigInt(token), 2n, "poisoned data");
    const { recalls } = await expectSame(opened, revoked, "unacceptable");
    expect(recalls?.[0]?.statement?.reason).to.equal("poisoned data");
    const child = await temporary.write("child", { "README.md": "child", "m.safetensors": `child ${SECRET}` });
    // Its parent was fine when it was recorded.
    const parent = await temporary.write("parent", { "README.md": "parent", "m.safetensors": `parent ${SECRET}` });
    const parentId = await record({ modelPath: parent, statements: {} });
    await record({
      modelPath: child,
      statements: { relation: "fine-tune" },
      parents: [parentId],
    });
    await registry.contract.setStatus(BigInt(parentId), 2n, "recalled");
    await expectSame(opened, child, "verified");
    expect(opened.errors).to.deep.equal([]);
    for (const { url, body } of opened.requests) {
      expect(url.startsWith(opened.url), url).to.equal(true);
      expect(body + url).to.not.include(SECRET);
      expect(body.length).to.be.lessThan(4096);
    }
  });

  it("says the same of a file of many pieces, also where the browser cannot read into memory that it is given", async function () {
    this.timeout(60_000);
    const { record, open, expectSame } = await setUp();
    const path = join(await temporary.write("long", { "model.gguf": "GGUF" }), "model.gguf");
    await truncate(path, 67 * 1024 * 1024 + 5);
    await appendFile(path, "its end");
    await record({ modelPath: path, statements: {} });
    await expectSame(await open(), path, "verified");
    await expectSame(await open({ folder: await copyWithoutByteStreams(temporary.path("page")) }), path, "verified");
  });

  it("finds a member of a batch", async function () {
    this.timeout(60_000);
    const deployed = await setUp();
    const modelPath = await temporary.write("member", { "README.md": "member", "w.safetensors": "w" });
    const submission = await prepareSubmission({ modelPath, statements: {} }, { ...deployed, store: deployed.memory });
    await anchorBatch([submission], { ...deployed, store: deployed.memory });
    await deployed.keep();
    const { batch } = await deployed.expectSame(await deployed.open(), modelPath, "verified");
    expect(batch?.status).to.equal("active");
  });

  it("knows nothing of a model that was recorded in another registry than those that are asked", async function () {
    this.timeout(60_000);
    const { open, expectSame } = await setUp();
    const other = await deployRegistry();
    const modelPath = await temporary.write("elsewhere", { "README.md": "elsewhere", "w.safetensors": "w elsewhere" });
    const tokenId = toHex32(await recordModel(other, { modelPath, statements: {} }));
    const opened = await open();
    await expectSame(opened, modelPath, "not-registered");
    // Nor does a claim make it ask there.
    const claim = { schemaVersion: "1.0", registry: toCaip10(other.registry), tokenId, metadataURI: "ipfs://bafkreia" };
    await writeFile(join(modelPath, "model-provenance.json"), JSON.stringify({ ...claim, ignorePaths: [] }));
    await expectSame(opened, modelPath, "not-registered");
    expect(opened.requests.filter(({ url }) => !url.startsWith(opened.url))).to.deep.equal([]);
  });

  it("takes thousands of files, and shows some of them at a time", async function () {
    this.timeout(600_000);
    const { record, open, expectSame } = await setUp();
    // A thousand in npm test, ten thousand in .ci/long.
    const length = process.env["WEB_TESTS"] === "long" ? 9_999 : 1000;
    const many = Object.fromEntries(Array.from({ length }, (_, i) => [`part/${i}.txt`, `part ${i}`]));
    const modelPath = await temporary.write("many", { "w.safetensors": "w", ...many });
    await record({ modelPath, statements: {} });
    const opened = await open();
    opened.page.setDefaultTimeout(300_000);
    const { filesChecked } = await expectSame(opened, modelPath, "verified");
    expect(filesChecked).to.equal(length + 1);
    expect(await opened.page.locator(".file-rows li").count()).to.equal(100);
    await opened.page.getByLabel("Find a file").fill("part/999.txt");
    expect(await opened.page.locator(".file-rows li").count()).to.equal(1);
  });

  it("refuses an empty folder, and says that a link is followed unseen", async function () {
    const { modelPath, open } = await setUp();
    const { page } = await open();
    const empty = await temporary.write("empty", { ".gitignore": "*" });
    await choose(page, empty);
    await page.getByText("holds no file to record").waitFor();
    await page.getByRole("button", { name: "Check something else" }).click();
    const linked = temporary.path("linked");
    await cp(modelPath, linked, { recursive: true });
    await rm(join(linked, "config.json"));
    await symlink(join(modelPath, "config.json"), join(linked, "config.json"));
    const { notChecked } = await verifyInPage(page, linked);
    expect(notChecked.some(({ name }) => name === "links")).to.equal(true);
  });

  it("looks up a digest that was computed elsewhere, and opens its record", async function () {
    const { registry, open, modelPath } = await setUp();
    const { page } = await open();
    const { stdout } = await (await setUpAgain(modelPath))();
    await page.getByLabel("Digest, token id").fill(stdout);
    await page.getByRole("button", { name: "Look it up" }).click();
    await page.getByText("It is recorded").waitFor();
    await page.getByRole("link", { name: "Open the record" }).click();
    await page.getByRole("heading", { level: 1, name: "model" }).waitFor();
    expect(page.url()).to.include(`#/eip155:31337:${registry.address}/${stdout}`);
    await page.goto(`${page.url().split("#")[0]}#/`);
    await page.getByLabel("Digest, token id").fill(`0x${"12".repeat(32)}`);
    await page.getByRole("button", { name: "Look it up" }).click();
    await page.getByText("Nobody recorded it").waitFor();
  });

  it("is used by keyboard alone", async function () {
    const { modelPath, open } = await setUp();
    const { page } = await open();
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).to.equal("Skip to the content");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).to.equal("main");
    const choosing = page.waitForEvent("filechooser");
    await pressUntil(page, "Choose a folder");
    await page.keyboard.press("Enter");
    await (await choosing).setFiles(modelPath);
    await page.getByRole("heading", { name: "Verified" }).waitFor();
    await pressUntil(page, "Open the record");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "model", exact: true }).waitFor();
  });

  for (const [width, colorScheme, contrast] of [
    [375, "light", "more"],
    [1280, "dark", "no-preference"],
  ] as const) {
    it(`has no fault, and fits ${width} px (${colorScheme}, ${contrast})`, async function () {
      const { modelPath, registry, store } = await setUp();
      const other = await temporary.write("other", { "a.txt": "a" });
      const look = { viewport: { width, height: 800 }, colorScheme, contrast };
      const { page } = await tests.open({ registries: [registry], store, ...look });
      for (const path of width === 375 ? [undefined, modelPath, other] : [modelPath]) {
        if (path !== undefined) await verifyInPage(page, path);
        await expectFaultless(page, width);
      }
    });
  }

  it("cannot check where no node answers, and names who was asked", async function () {
    const { registry, store, modelPath } = await setUp();
    const { page, context } = await tests.open({ registries: [registry], store });
    await context.route(/\/rpc\/0$/, async (route) => route.abort());
    await choose(page, modelPath);
    await page.getByText("It could not be checked").waitFor();
    await page.getByText("could not be asked").waitFor();
  });

  it("goes by the root that was emitted where gateways lie about the metadata", async function () {
    const { modelPath, open } = await setUp();
    const { page, context } = await open();
    await context.route(/\/ipfs\//, async (route) => route.fulfill({ status: 200, body: "lies" }));
    const document = await verifyInPage(page, modelPath);
    // The names are known by the root that was emitted.
    expect(document.verdict).to.equal("verified");
    expect(document.warnings.join()).to.include("answers with other bytes");
  });
});

async function setUpAgain(modelPath: string) {
  const { hashModel } = await import("../../src/model/hash-model.ts");
  return async () => ({ stdout: (await hashModel(modelPath)).modelDigest });
}

/** Goes on by the Tab key until what has the focus is called so. */
async function pressUntil(page: OpenedPage["page"], text: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Tab");
    if ((await page.evaluate("document.activeElement.textContent")) === text) return;
  }
  throw new Error(`Nothing that is called ${text} has the focus.`);
}

/** The page as it runs where a Blob's stream is none of bytes. */
async function copyWithoutByteStreams(folder: string): Promise<string> {
  await cp(PAGE_FOLDER, folder, { recursive: true });
  const [worker = ""] = (await readdir(join(folder, "assets"))).filter((name) => name.startsWith("read-worker-"));
  const path = join(folder, "assets", worker);
  const lacking = "Blob.prototype.stream = () => new ReadableStream();";
  await writeFile(path, `${lacking}\n${await readFile(path, "utf8")}`);
  return folder;
}

import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { LocalStore } from "../../src/content/stores/local/local-store.ts";
import { toCaip10 } from "../../src/registry/registry.ts";
import { PAGE_FOLDER } from "../helpers/built-page.ts";
import { deployRegistry } from "../helpers/recorded-model.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { useBrowser } from "../helpers/use-browser.ts";
import { setUpVerify } from "../helpers/verify-command.ts";

const FIRST_LOAD_BYTES = 60_000;
const FILES = { "README.md": "A model.", "w.safetensors": "weights" };

describe("what is dropped in the page beside models", function () {
  const tests = useBrowser();
  const temporary = useTemporaryFolder();

  async function setUp() {
    const deployed = await setUpVerify(temporary);
    const { registry, storePath } = deployed;
    const modelPath = await temporary.write("model", FILES);
    const tokenId = await deployed.record({ modelPath, statements: {} });
    const opened = await tests.open({ registries: [registry], store: new LocalStore(storePath) });
    const choose = async (path: string) => opened.page.locator("input[type=file]").nth(1).setInputFiles(path);
    return { ...deployed, ...opened, modelPath, tokenId, choose };
  }

  it("is a claim: its record is opened, if the registry is one of those that are asked", async function () {
    const { registry, tokenId, page, choose } = await setUp();
    const claim = {
      schemaVersion: "1.0",
      registry: toCaip10(registry),
      tokenId,
      metadataURI: "ipfs://bafkreia",
      ignorePaths: [],
    };
    const folder = await temporary.write("claims", {
      "own.json": JSON.stringify(claim),
      "other.json": JSON.stringify({ ...claim, registry: `eip155:1:${registry.address}` }),
    });
    await choose(join(folder, "other.json"));
    await page.getByText("which is none of yours").waitFor();
    await choose(join(folder, "own.json"));
    await page.getByRole("heading", { level: 1, name: "model" }).waitFor();
    expect(page.url()).to.include(tokenId);
  });

  it("is a lock: the next model is compared with it, and nobody is asked", async function () {
    const { verify, modelPath, page, choose, requests, url } = await setUp();
    const lock = temporary.path("model-provenance.lock.json");
    await verify({ MODEL_PATH: modelPath, WRITE_LOCK: lock });
    await choose(lock);
    await page.getByText("A lock was dropped").waitFor();
    await page.locator("input[type=file]").first().setInputFiles(modelPath);
    await page.getByRole("heading", { name: "Verified" }).waitFor();
    await page.getByText("Exactly these files were approved at block").waitFor();
    expect(requests.filter((request) => request.url.startsWith(`${url}rpc`))).to.deep.equal([]);
  });

  it("is a lock of a registry that is none of the reader's: what it approves does not count", async function () {
    const { verify, modelPath } = await setUp();
    const lock = temporary.path("elsewhere.lock.json");
    await verify({ MODEL_PATH: modelPath, WRITE_LOCK: lock });
    const { registry } = await deployRegistry();
    const { page } = await tests.open({ registries: [registry] });
    await page.locator("input[type=file]").nth(1).setInputFiles(lock);
    await page.getByText("A lock was dropped").waitFor();
    await page.locator("input[type=file]").first().setInputFiles(modelPath);
    await page.getByRole("heading", { name: "Not acceptable" }).waitFor();
  });

  it("is the SHA-256 of a file that somebody else computed", async function () {
    const { record, page } = await setUp();
    const content = "one file";
    const path = join(await temporary.write("one", { "m.gguf": content }), "m.gguf");
    await record({ modelPath: path, statements: {} });
    const line = `${createHash("sha256").update(content).digest("hex")}  m.gguf`;
    await page.getByLabel("Digest, token id").fill(line);
    await page.getByRole("button", { name: "Look it up" }).click();
    await page.getByText("as the SHA-256 of a model that is one file").waitFor();
  });

  for (const at of ["#/", "#/registry", "#/publish", "#/settings"]) {
    it(`needs little script for the first look at ${at}, and none of the chain's`, async function () {
      const { page, requests, url } = await tests.open({ at });
      await page.getByRole("heading", { level: 1 }).waitFor();
      const scripts = requests.filter((request) => request.url.endsWith(".js"));
      const names = scripts.map((request) => request.url.slice(url.length));
      const texts = await Promise.all(names.map(async (name) => readFile(join(PAGE_FOLDER, name), "utf8")));
      expect(texts.reduce((sum, text) => sum + gzipSync(text).length, 0)).to.be.within(1000, FIRST_LOAD_BYTES);
      for (const sign of ["could not coalesce error", "stateMutability"]) {
        expect(names.filter((_, i) => texts[i]?.includes(sign))).to.deep.equal([]);
      }
    });
  }

  it("is a page that holds the contract's code, and nothing of where and with what it was compiled", async function () {
    const assets = join(PAGE_FOLDER, "assets");
    const names = (await readdir(assets)).filter((name) => name.endsWith(".js"));
    const texts = await Promise.all(names.map(async (name) => readFile(join(assets, name), "utf8")));
    const having = (sign: string) => names.filter((_, i) => texts[i]?.includes(sign));
    expect(having("deployedBytecode")).to.not.deep.equal([]);
    for (const sign of ["buildInfoId", "inputSourceName", process.cwd()]) expect(having(sign), sign).to.deep.equal([]);
  });

  it("is served with nothing outside of its folder", async function () {
    const { url } = await setUp();
    for (const path of ["..%2fpackage.json", "%2e%2e/package.json", "assets/", ".gitignore", "rpc/7", "sw.js/x"]) {
      expect((await fetch(`${url}${path}`)).status, path).to.equal(404);
    }
    expect((await fetch(`${url}rpc/0`, { method: "POST", body: "{}" })).status).to.equal(400);
    const send = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_sendTransaction", params: [] });
    const headers = { "content-type": "application/json" };
    const refused = await (await fetch(`${url}rpc/0`, { method: "POST", headers, body: send })).json();
    expect(refused).to.have.nested.property("error.code", -32601);
    expect(await readdir(PAGE_FOLDER)).to.include.members(["index.html", "config.json", "sw.js"]);
  });
});

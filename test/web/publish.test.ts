import { expect } from "chai";
import type { JsonRpcSigner } from "ethers";
import type { BrowserContextOptions, Page } from "playwright-core";
import { toHex32 } from "../../src/base/hex.ts";
import { runVerify } from "../../src/cli/run/verify.ts";
import { EXIT } from "../../src/cli/exit-codes.ts";
import { importCar } from "../../src/content/car/import-car.ts";
import { LocalStore } from "../../src/content/stores/local/local-store.ts";
import { hashModel } from "../../src/model/hash-model.ts";
import { prepareModel } from "../../src/publish/prepare-model.ts";
import { readModelRecord } from "../../src/registry/model-record.ts";
import { expectFaultless } from "../helpers/check-screen.ts";
import { type FakeWalletOptions, addFakeWallet } from "../helpers/fake-wallet.ts";
import { recordingTerminal } from "../helpers/recording-terminal.ts";
import { createSafetensors } from "../helpers/safetensors.ts";
import { serveRegistry } from "../helpers/served-registry.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { useBrowser } from "../helpers/use-browser.ts";

const CARD = `---
license: apache-2.0
library_name: transformers
pipeline_tag: question-answering
datasets: [squad_v2]
model-index:
- name: Alba reader
  results:
  - dataset: {name: squad, type: squad}
    metrics: [{type: f1, value: 0.913}]
---
Answers questions about one paragraph.
`;
const WEIGHTS = createSafetensors({ "a.weight": { dtype: "F32", shape: [2, 3], data_offsets: [0, 24] } }, 24);
const FILES = {
  "README.md": CARD,
  "config.json": '{"architectures":["AlbertForQuestionAnswering"],"transformers_version":"4.57.0"}',
  "training-config.json": '{"epochs":3}',
  "model.safetensors": WEIGHTS,
};

describe("the page's publishing", function () {
  const tests = useBrowser();
  const temporary = useTemporaryFolder();
  let served: Awaited<ReturnType<typeof serveRegistry>>;

  before(async function () {
    served = await serveRegistry();
  });

  after(async function () {
    await served.close();
  });

  /** Keeps what the page saves, and serves it to the page. */
  const keeper = () => new LocalStore(temporary.path("store"));
  /** A folder like no other of these tests. */
  const writeModel = async (name: string, files: Readonly<Record<string, string | Uint8Array>> = FILES) =>
    temporary.write(name, { ...files, "notes.txt": name });

  interface Opening extends BrowserContextOptions {
    readonly at?: string;
    readonly signer?: JsonRpcSigner;
    readonly wallet?: FakeWalletOptions;
  }

  async function open({ at = "#/publish", signer = served.minter, wallet = {}, ...options }: Opening = {}) {
    const opened = await tests.open({ at, registries: [served.registry], store: keeper(), ...options });
    const asked = await addFakeWallet(opened.context, signer, wallet);
    await opened.page.reload();
    await opened.page.getByRole("button", { name: "Choose a folder" }).waitFor();
    return { ...opened, asked };
  }

  const choose = async (page: Page, folder: string) => {
    await page.locator("input[type=file]").first().setInputFiles(folder);
    await page.getByLabel("Licence").waitFor();
  };
  const press = async (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
  const sign = async (page: Page) => {
    await press(page, "Look it over");
    await press(page, "Sign the metadata");
    await page.getByRole("button", { name: "Pin and mint" }).waitFor();
  };
  /** Pins by a CAR, which is imported into the store, and mints. */
  const record = async (page: Page) => {
    await page.getByLabel("A CAR file that I import myself").check();
    const saving = page.waitForEvent("download");
    await press(page, "Pin and mint");
    await importCar(keeper(), await (await saving).path());
  };
  const isRecorded = async (page: Page) => page.getByText("has a record that nobody can change").waitFor();

  it("records what the command would record of the same folder, and verify accepts it", async function () {
    const folder = await writeModel("first");
    const { page, requests, errors, url } = await open();
    await choose(page, folder);
    await page.getByRole("complementary").getByText("AlbertForQuestionAnswering").waitFor();
    expect(await page.getByLabel("Licence").inputValue()).to.equal("Apache-2.0");
    expect(await page.getByLabel("Metrics").inputValue()).to.equal("f1=0.913");
    await page.getByLabel("Version").fill("1.0.0");
    await sign(page);
    await record(page);
    await isRecorded(page);
    expect(errors).to.deep.equal([]);

    const { registry, minter } = served;
    const statements = { version: "1.0.0" };
    const context = { registry, signer: minter, warn: () => undefined };
    const { built, model } = await prepareModel({ modelPath: folder, statements }, context);
    const written = await readModelRecord(registry, BigInt(model.modelDigest));
    expect(written?.metadataDigest).to.equal(built.metadataDigest);
    expect(await page.getByText(built.uri).count()).to.be.greaterThan(0);

    const { terminal } = recordingTerminal();
    const options = { modelPath: folder, registryAddress: registry.address, storePath: temporary.path("store") };
    const connection = {
      networkName: "test",
      chainId: registry.chainId,
      provider: registry.provider,
      deploymentsFolder: temporary.path("none"),
    };
    expect(await runVerify(options, connection, terminal)).to.equal(EXIT.done);
    const secret = WEIGHTS.subarray(8, 40).toString("latin1");
    for (const { url: asked, body } of requests) {
      expect(
        [url, served.url].some((known) => asked.startsWith(known) || asked.startsWith("blob:")),
        asked,
      ).to.equal(true);
      expect(body).to.not.include(secret);
    }
  });

  it("publishes the next version from the page of the last", async function () {
    const first = await writeModel("one");
    const { page, context } = await open();
    await choose(page, first);
    await sign(page);
    await record(page);
    await isRecorded(page);
    const { modelDigest: parent } = await hashModel(first);
    await page.getByRole("link", { name: "To its page" }).click();
    await page.getByRole("link", { name: "Publish a new version" }).click();
    await choose(page, await writeModel("two"));
    expect(await page.getByLabel("Parents in this registry").inputValue()).to.equal(parent);
    expect(await page.getByLabel("Relation").inputValue()).to.equal("version");
    await page.getByLabel("Version").fill("2.0.0");
    await page.getByLabel("Licence").fill("MIT");
    await page.getByText("The licence stated is MIT, the model itself says Apache-2.0").waitFor();
    await sign(page);
    await record(page);
    await isRecorded(page);
    const { modelDigest } = await hashModel(temporary.path("two"));
    const written = await readModelRecord(served.registry, BigInt(modelDigest));
    expect(written).to.include({ license: "MIT", relation: "version" });
    expect(written?.parents.map((id) => toHex32(id))).to.deep.equal([parent]);
    await context.close();
  });

  it("says before anything is signed what stands in the way", async function () {
    const { registry, minter } = served;
    const provider = minter.provider;
    const folder = await writeModel("hurdles");
    const stranger = await provider.getSigner(3);
    const { page, asked } = await open({ signer: stranger, wallet: { refuses: ["eth_accounts"] } });
    await choose(page, folder);
    await page.getByLabel("Parents in this registry").fill(toHex32(7n));
    await page.getByText("A parent needs a relation").waitFor();
    await page.getByLabel("Relation").selectOption("fine-tune");
    await press(page, "Look it over");
    await press(page, "Connect the wallet");
    await page.getByText("does not have the minter role").waitFor();
    await registry.contract.grantRole(await registry.contract.MINTER_ROLE(), stranger.address);
    await press(page, "Ask the chain again");
    await page.getByText("is not in the registry").waitFor();
    await press(page, "Change what you say");
    await page.getByLabel("Parents in this registry").fill("");
    await page.getByLabel("Relation").selectOption("");
    await provider.send("hardhat_setBalance", [stranger.address, "0x1"]);
    await press(page, "Look it over");
    await press(page, "Connect the wallet");
    await page.getByText("This account cannot pay for it").waitFor();
    expect(await page.getByRole("button", { name: "Sign the metadata" }).isDisabled()).to.equal(true);
    expect(asked).to.not.include("eth_signTypedData_v4").and.not.include("eth_sendTransaction");
  });

  it("tells of a refusal, keeps all that was done, and goes on after a reload", async function () {
    const folder = await writeModel("refused");
    const refuses = ["eth_signTypedData_v4"];
    const { page, asked } = await open({ wallet: { refuses, chainId: "0x1" } });
    await choose(page, folder);
    await page.getByLabel("Version").fill("3.1.4");
    await page.getByText("What you typed is kept").waitFor();
    await page.reload();
    await page.getByLabel("Version").waitFor();
    expect(await page.getByLabel("Version").inputValue()).to.equal("3.1.4");
    await press(page, "Look it over");
    await press(page, "Sign the metadata");
    await page.getByRole("alert").getByText("did not sign the metadata").waitFor();
    expect(asked).to.include("wallet_switchEthereumChain");
    refuses.splice(0, 1, "eth_sendTransaction");
    await press(page, "Sign the metadata");
    await record(page);
    await page.getByRole("alert").getByText("nothing was sent", { exact: false }).waitFor();
    refuses.length = 0;
    const signatures = asked.filter((method) => method === "eth_signTypedData_v4").length;
    await page.goto(page.url().split("#")[0] as string);
    await page.getByRole("link", { name: "Publish", exact: true }).click();
    await page.getByText("pinned, not minted").waitFor();
    await press(page, "Go on with Alba reader");
    await press(page, "Go on");
    await isRecorded(page);
    expect(asked.filter((method) => method === "eth_signTypedData_v4")).to.have.length(signatures);
  });

  it("follows after a reload what was sent before it, and never sends twice", async function () {
    const { minter, registry } = served;
    const folder = await writeModel("followed");
    const { page, asked } = await open();
    await choose(page, folder);
    await sign(page);
    await minter.provider.send("evm_setAutomine", [false]);
    try {
      await record(page);
      await page.getByText("Waiting for it to be in a block").waitFor();
      await page.reload();
      await page.getByText("Waiting for it to be in a block").waitFor();
      await minter.provider.send("evm_mine", []);
      await isRecorded(page);
    } finally {
      await minter.provider.send("evm_setAutomine", [true]);
    }
    expect(asked.filter((method) => method === "eth_sendTransaction")).to.have.length(1);
    const { modelDigest } = await hashModel(folder);
    expect(await readModelRecord(registry, BigInt(modelDigest))).to.not.equal(undefined);
  });

  it("refuses Git LFS pointers, and reads tensors of a file that is read in pieces", async function () {
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0".repeat(64) + "\nsize 9\n";
    const { page } = await open();
    const input = page.locator("input[type=file]").first();
    await input.setInputFiles(await writeModel("pointer", { "model.safetensors": pointer }));
    await page.getByText("a pointer of Git LFS").waitFor();
    await press(page, "Begin again");
    const size = 65 * 1024 * 1024;
    const header = {
      a: { dtype: "U8", shape: [size - 3], data_offsets: [0, size - 3] },
      b: { dtype: "U8", shape: [3], data_offsets: [size - 3, size] },
    };
    const folder = await writeModel("large", { "model.safetensors": createSafetensors(header, size) });
    await choose(page, folder);
    const context = { registry: served.registry, signer: served.minter, warn: () => undefined };
    const { built } = await prepareModel({ modelPath: folder, statements: {} }, context);
    const root = built.metadata.provenance.tensors?.root ?? "";
    await page.getByText(`2, root ${root.slice(0, 6)}…${root.slice(-4)}`).waitFor();
  });

  it("can be used by the keyboard alone", async function () {
    const folder = await writeModel("keys");
    const { page } = await open();
    const reach = async (name: string) => {
      for (let count = 0; count < 80; count++) {
        const at = await page.evaluate<string>(
          "(document.activeElement?.closest('label, button, a')?.textContent ?? '') + (document.activeElement?.labels?.[0]?.textContent ?? '')",
        );
        if (at.trim().startsWith(name)) return;
        await page.keyboard.press("Tab");
      }
      throw new Error(`The keyboard does not reach ${name}.`);
    };
    const choosing = page.waitForEvent("filechooser");
    await reach("Choose a folder");
    await page.keyboard.press("Enter");
    await (await choosing).setFiles(folder);
    await page.getByLabel("Version").waitFor();
    await reach("Version");
    await page.keyboard.type("1.0.1");
    await page.keyboard.press("Enter");
    await page.getByText("Costs at most").waitFor();
    await reach("Sign the metadata");
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Pin and mint" }).waitFor();
    await reach("An IPFS node on this machine");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await reach("Pin and mint");
    const saving = page.waitForEvent("download");
    await page.keyboard.press("Enter");
    await importCar(keeper(), await (await saving).path());
    await isRecorded(page);
    await reach("To its page");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Alba reader" }).waitFor();
  });

  for (const [width, colorScheme] of [
    [375, "dark"],
    [1280, "light"],
  ] as const) {
    it(`has no fault that axe finds at any step, and fits ${width} px (${colorScheme})`, async function () {
      const { page } = await open({ viewport: { width, height: 800 }, colorScheme });
      await expectFaultless(page, width);
      await choose(page, await writeModel(`axe-${width}`));
      await page.getByLabel("Metrics").fill("none");
      await page.getByText("is no metric").waitFor();
      await expectFaultless(page, width);
      await page.getByLabel("Metrics").fill("f1=0.9");
      await press(page, "Look it over");
      await page.getByText("Costs at most").waitFor();
      await expectFaultless(page, width);
      await press(page, "Sign the metadata");
      await page.getByRole("button", { name: "Pin and mint" }).waitFor();
      await expectFaultless(page, width);
      await record(page);
      await isRecorded(page);
      await expectFaultless(page, width);
    });
  }
});

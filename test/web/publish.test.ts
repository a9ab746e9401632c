import { expect } from "chai";
import { toHex32 } from "../../src/base/hex.ts";
import { runVerify } from "../../src/cli/run/verify.ts";
import { EXIT } from "../../src/cli/exit-codes.ts";
import { hashModel } from "../../src/model/hash-model.ts";
import { readModelRecord } from "../../src/registry/model-record.ts";
import { WEIGHTS, usePublishScreen } from "../helpers/publish-screen.ts";
import { recordingTerminal } from "../helpers/recording-terminal.ts";

describe("the page's publishing", function () {
  const screen = usePublishScreen();
  const { temporary, served, writeModel, open, choose, press, sign, record, isRecorded, prepare } = screen;

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

    const { registry } = served();
    const { built, model } = await prepare({ modelPath: folder, statements: { version: "1.0.0" } });
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
        [url, served().url].some((known) => asked.startsWith(known) || asked.startsWith("blob:")),
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
    const written = await readModelRecord(served().registry, BigInt(modelDigest));
    expect(written).to.include({ license: "MIT", relation: "version" });
    expect(written?.parents.map((id) => toHex32(id))).to.deep.equal([parent]);
    await context.close();
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
    const { minter, registry } = served();
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
});

import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { expect } from "chai";
import { CID } from "multiformats/cid";
import { signOms } from "../../src/model/oms/sign-oms.ts";
import { readModelRecord } from "../../src/registry/model-record.ts";
import { usePublishScreen } from "../helpers/publish-screen.ts";

// One transparent pixel.
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

describe("what the page publishes beside the form", function () {
  const { temporary, served, keeper, writeModel, open, choose, press, sign, record, isRecorded, prepare, wantCid } =
    usePublishScreen();

  it("is what the command records: ignored paths, CID, training data, picture, contributors", async function () {
    const { registry, minter } = served();
    const folder = await writeModel("whole");
    await temporary.write("whole/logs", { "train.log": "loss 0.1", "more/eval.log": "loss 0.2" });
    const data = await temporary.write("data", { "train.jsonl": '{"a":1}\n', "deep/test.jsonl": "{}\n", ".git": "no" });
    const given = await temporary.write("given", {
      "card.png": PNG,
      "contributors.yaml": `- { account: "${minter.address}", role: trained it, share: 6000 }\n- { did: "did:web:example.org", role: data, share: 4000 }\n`,
    });
    const owner = (await minter.provider.getSigner(5)).address;

    const { page, errors } = await open();
    await wantCid(page);
    await page.getByLabel("Paths to leave out").fill("./logs/\nnotes.txt");
    await choose(page, folder);
    await page.getByText("logs, notes.txt").waitFor();
    await page.getByLabel("Choose a folder of training data").setInputFiles(data);
    await page.getByText("Computed of data").waitFor();
    await page.getByLabel("Choose a picture").setInputFiles(join(given, "card.png"));
    await page.getByText("card.png, ").waitFor();
    await page.getByLabel("Choose a file of contributors").setInputFiles(join(given, "contributors.yaml"));
    await page.getByLabel("Owner of the token").fill(owner.toLowerCase());
    await page.getByLabel("Royalty in per cent").fill("2,5");
    await page.getByLabel("Royalty goes to").fill(owner.toLowerCase());
    await page.getByText("What you typed is kept").waitFor();
    // Nothing of it is lost on a reload.
    await page.reload();
    await page.getByText("card.png, ").waitFor();
    await sign(page);
    await record(page);
    await isRecorded(page);
    expect(errors).to.deep.equal([]);

    const { built, model } = await prepare({
      modelPath: folder,
      ignorePaths: ["logs", "notes.txt"],
      withCid: true,
      datasetPath: data,
      imagePath: join(given, "card.png"),
      contributorsPath: join(given, "contributors.yaml"),
      statements: { royalty: { receiver: owner, basisPoints: 250 } },
    });
    expect(built.metadata.provenance.model?.cid).to.equal(model.cid);
    const written = await readModelRecord(registry, BigInt(model.modelDigest));
    expect(written?.metadataDigest).to.equal(built.metadataDigest);
    expect(await registry.contract.ownerOf(model.modelDigest)).to.equal(owner);
    for (const { blocks } of built.attachments) {
      for (const { cid } of blocks) expect(await keeper().has(cid), cid.toString()).to.equal(true);
    }
  });

  it("is the OMS bundle of the folder, where it signs exactly these files", async function () {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
    const privateKeyPem = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
    const folder = await writeModel("signed");
    const bundle = await signOms(folder, { privateKeyPem });
    await temporary.write("signed", { "model.sig": bundle });
    const { page } = await open();
    await choose(page, folder);
    const { built } = await prepare({ modelPath: folder, statements: {} });
    await page.getByTitle(built.metadata.provenance.oms?.keyHint ?? "none", { exact: true }).waitFor();
    await sign(page);
    await record(page);
    await isRecorded(page);
    const { modelDigest } = built.metadata.provenance;
    const written = await readModelRecord(served().registry, BigInt(modelDigest));
    expect(written?.metadataDigest).to.equal(built.metadataDigest);
    expect(await keeper().has(CID.parse(built.metadata.provenance.oms?.bundleCid ?? ""))).to.equal(true);

    await temporary.write("other", { "model.bin": "other files", "model.sig": bundle });
    await page.getByRole("button", { name: "Publish another" }).click();
    await page.getByLabel("Choose a folder", { exact: true }).setInputFiles(temporary.path("other"));
    await page.getByText("The OMS bundle model.sig signs the root").waitFor();
    await press(page, "Begin again");
    await page.getByText("Paths to leave out, CID, OMS bundle").click();
    await page.getByLabel("Record the OMS bundle of the folder").uncheck();
    await choose(page, temporary.path("other"));
    expect(await page.getByText("OMS bundle of the key").count()).to.equal(0);
  });

  it("has the CID of files of many MiB, which are read in pieces", async function () {
    const large = new Uint8Array(65 * 1024 * 1024 + 5).fill(7);
    const even = new Uint8Array(2 * 1024 * 1024).fill(8);
    const files = { "large.bin": large, "even.bin": even, "one.bin": even.subarray(0, 1024 * 1024), "empty.txt": "" };
    const folder = await writeModel("pieces", files);
    const { page } = await open();
    await wantCid(page);
    await choose(page, folder);
    const { model } = await prepare({ modelPath: folder, withCid: true, statements: {} });
    await page.getByTitle(model.cid ?? "none", { exact: true }).waitFor();
  });

  it("is refused with what to do, beside its field", async function () {
    const { page } = await open();
    await page.getByText("Paths to leave out, CID, OMS bundle").click();
    await page.getByLabel("Paths to leave out").fill("../elsewhere");
    await page.getByLabel("Choose a folder", { exact: true }).setInputFiles(await writeModel("faulty"));
    await page.getByText("../elsewhere", { exact: false }).waitFor();
    await press(page, "Begin again");
    await page.getByText("Paths to leave out, CID, OMS bundle").click();
    await page.getByLabel("Paths to leave out").fill("");
    await choose(page, temporary.path("faulty"));
    await page.getByLabel("Digest of the training data").fill("0x12");
    await page.getByText("That is no digest").waitFor();
    await page.getByLabel("Digest of the training data").fill("AB".repeat(32));
    await page.getByLabel("Contributors", { exact: true }).fill("- { did: did:web:a.example, role: all, share: 1 }");
    await page.getByText("must have shares that sum to 10000").waitFor();
    await page.getByLabel("Contributors", { exact: true }).fill("");
    await page.getByLabel("Owner of the token").fill("somebody");
    await page.getByText("That is no account").waitFor();
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 9\n`;
    const data = await temporary.write("pointers", { "data.bin": pointer });
    await page.getByLabel("Choose a folder of training data").setInputFiles(data);
    await page.getByRole("alert").getByText("a pointer of Git LFS").waitFor();
    await page.getByLabel("Owner of the token").fill("");
    await press(page, "Look it over");
    await page
      .getByText(`0x${"ab".repeat(32)}`)
      .first()
      .waitFor();
  });
});

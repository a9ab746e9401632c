import { writeFile } from "node:fs/promises";
import { expect } from "chai";
import { formatBatchProof } from "../../../src/registry/batches/batch-files.ts";
import type { ModelSubmission } from "../../../src/registry/submission.ts";
import type { Registry } from "../../../src/registry/registry.ts";
import { toCaip10 } from "../../../src/registry/registry.ts";
import { toHex32 } from "../../../src/base/hex.ts";
import { CLAIM_NAME } from "../../../src/model/claim-name.ts";
import { writeClaim } from "../../../src/model/claim.ts";
import { hashModel } from "../../../src/model/hash-model.ts";
import { verifyModel } from "../../../src/verify/verify-model.ts";
import { anchorBatch, prepareSubmission } from "../../helpers/anchored-batch.ts";
import { ethers, networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { MemoryStore } from "../../helpers/memory-store.ts";
import { deployRegistry, recordModel } from "../../helpers/recorded-model.ts";
import { digestOf } from "../../helpers/submissions.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const { time } = networkHelpers;

describe("models of anchored batches", function () {
  const temporary = useTemporaryFolder();

  async function deploy() {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    deployed.store.blocks.clear();
    const modelPath = await temporary.write("model", {
      "README.md": "---\nlicense: mit\n---\n",
      "w.onnx_data": "weights",
    });
    const submission = await prepareSubmission({ modelPath, statements: { version: "1.0.0" } }, deployed);
    const another = (seed: string): ModelSubmission => ({ ...submission, modelDigest: digestOf(seed) });
    return { ...deployed, modelPath, submission, another };
  }

  it("are found by the folder of their batch, and verified like a token", async function () {
    const { modelPath, submission, minter, another, ...deployed } = await deploy();
    await anchorBatch([another("other")], { ...deployed, minter });
    await time.increase(100);
    const { root } = await anchorBatch([another("a"), submission, another("b")], { ...deployed, minter });
    const report = await verifyModel({ modelPath, ...deployed });
    expect(report).to.deep.include({ verdict: "verified", warnings: [] });
    expect(report.batch?.root).to.equal(root);
    expect(report.record).to.include({ creator: minter.address, license: "MIT", status: "active" });
    expect(report.record).to.not.have.property("owner");
    expect(report.record?.mintedAt).to.equal(await time.latest());
    expect(report.event?.version).to.equal("1.0.0");
  });

  it("are found in a folder of thousands, which is a HAMT", async function () {
    const { modelPath, submission, another, ...deployed } = await deploy();
    const names = Array.from({ length: 3_000 }, (_, i) => `${toHex32(BigInt(i))}.json`);
    await anchorBatch([submission, another("a")], deployed, undefined, names);
    expect((await verifyModel({ modelPath, ...deployed })).verdict).to.equal("verified");
  });

  it("are not said to be unknown as long as a batch could not be asked", async function () {
    const { modelPath, submission, ...deployed } = await deploy();
    await anchorBatch([submission], deployed);
    const report = await verifyModel({ modelPath, ...deployed, store: new MemoryStore() });
    expect(report.verdict).to.equal("unchecked");
    expect(report.reason).to.include("could not be asked");
  });

  it("are unknown where all batches were asked", async function () {
    const { modelPath, another, ...deployed } = await deploy();
    await anchorBatch([another("a")], deployed);
    expect((await verifyModel({ modelPath, ...deployed })).verdict).to.equal("not-registered");
  });

  it("are found by the proof in their claim, where the folder of the batch is gone", async function () {
    const { modelPath, submission, minter, another, ...deployed } = await deploy();
    const batch = await anchorBatch([another("a"), submission], { ...deployed, minter });
    const proofJson = (stated: ModelSubmission, index: number) => {
      const place = { registry: toCaip10(deployed.registry), root: batch.root };
      const bytes = formatBatchProof({ ...place, submission: stated, proof: batch.proofOf(index) });
      return JSON.parse(Buffer.from(bytes).toString()) as never;
    };
    const claim = {
      schemaVersion: "1.0" as const,
      registry: toCaip10(deployed.registry),
      tokenId: (await hashModel(modelPath)).modelDigest,
      metadataURI: "ipfs://bafkqaaa",
      ignorePaths: [],
      batch: { creator: minter.address, proof: proofJson(submission, 1) },
    };
    await writeClaim(`${modelPath}/${CLAIM_NAME}`, claim);
    const store = new MemoryStore();
    const report = await verifyModel({ modelPath, ...deployed, store });
    expect(report).to.include({ verdict: "verified" });
    expect(report.batch?.root).to.equal(batch.root);

    // A claim proves nothing by itself: forged ones find nothing, and the answer is the one without a claim.
    for (const forged of [
      { ...claim.batch, proof: proofJson(submission, 0) },
      { ...claim.batch, proof: proofJson({ ...submission, license: "GPL-3.0-only" }, 1) },
      { ...claim.batch, creator: deployed.stranger.address },
      { ...claim.batch, proof: "nonsense" },
    ]) {
      await writeClaim(`${modelPath}/${CLAIM_NAME}`, { ...claim, batch: forged });
      expect((await verifyModel({ modelPath, ...deployed, store })).verdict).to.equal("unchecked");
    }
  });

  it("are not believed where the folder holds a forged proof", async function () {
    const { modelPath, submission, another, ...deployed } = await deploy();
    await anchorBatch([{ ...submission, license: "GPL-3.0-only" }, another("b")], deployed, [submission]);
    expect((await verifyModel({ modelPath, ...deployed })).verdict).to.equal("not-registered");
  });

  it("show the earliest record, and name the others", async function () {
    const { modelPath, submission, minter, another, ...deployed } = await deploy();
    await anchorBatch([another("a"), submission], { ...deployed, minter });
    await time.increase(1_000);
    await recordModel({ ...deployed, minter }, { modelPath, statements: { version: "1.0.0" } });
    const report = await verifyModel({ modelPath, ...deployed });
    expect(report.verdict).to.equal("verified");
    expect(report.batch).to.not.equal(undefined);
    expect(report.otherRecords).to.have.length(1);
    expect(report.otherRecords?.[0]).to.include({ anchored: false, creator: minter.address });
  });

  it("keep the time of their batch when they are minted later, also on a node that allows few blocks at once", async function () {
    const { modelPath, submission, minter, another, ...deployed } = await deploy();
    const batch = await anchorBatch([another("a"), submission], { ...deployed, minter });
    const anchoredAt = await time.latest();
    await networkHelpers.mine(300);
    await deployed.registry.contract.mintAnchored(batch.root, minter, submission, batch.proofOf(1));
    await networkHelpers.mine(100);
    const registry = limited(deployed.registry, 20);
    const report = await verifyModel({ modelPath, ...deployed, registry });
    expect(report.verdict).to.equal("verified");
    expect(report.record).to.include({ mintedAt: anchoredAt, owner: minter.address });
    expect(report.event?.manifestRoot).to.equal(submission.manifestRoot);
    expect(report.otherRecords).to.deep.equal([]);
  });

  it("are not acceptable once their batch is revoked, also those that were minted before", async function () {
    const { modelPath, submission, minter, another, ...deployed } = await deploy();
    const { contract } = deployed.registry;
    const batch = await anchorBatch([another("a"), submission], { ...deployed, minter });
    await networkHelpers.mine(3);
    const before = await networkHelpers.takeSnapshot();
    for (const [status, verdict] of [
      [1n, "verified"],
      [2n, "unacceptable"],
    ] as const) {
      for (const minted of [false, true]) {
        if (minted) await contract.mintAnchored(batch.root, minter, submission, batch.proofOf(1));
        await contract.setAnchorStatus(batch.root, minter, status, "recalled");
        const report = await verifyModel({ modelPath, ...deployed });
        expect(report.verdict, `${status} ${minted}`).to.equal(verdict);
        expect(report.warnings.join().includes("deprecated"), `${status} ${minted}`).to.equal(status === 1n);
        await before.restore();
      }
    }
  });

  it("are compared file by file where the verifier names their digest", async function () {
    const { modelPath, submission, ...deployed } = await deploy();
    await anchorBatch([submission], deployed);
    await writeFile(`${modelPath}/w.onnx_data`, "changed");
    const tokenId = BigInt(submission.modelDigest);
    const report = await verifyModel({ modelPath, ...deployed, tokenId });
    expect(report.verdict).to.equal("mismatch");
    expect(report.files.map(({ status }) => status)).to.deep.equal(["ok", "mismatch"]);
    const none = await verifyModel({ modelPath, ...deployed, tokenId: 7n });
    expect(none).to.include({ verdict: "not-registered" });
    expect(none.reason).to.include(toHex32(7n));
  });

  it("are found in several registries, the earliest first", async function () {
    const { modelPath, submission, minter, ...deployed } = await deploy();
    const other = await ethers.deployContract("ModelProvenanceNFT", [
      "Other",
      "OTHER",
      deployed.admin,
      minter,
      deployed.curator,
      deployed.treasury,
      0n,
    ]);
    const { openRegistry } = await import("../../../src/registry/registry.ts");
    const second = await openRegistry(ethers.provider, await other.getAddress(), minter);
    await anchorBatch([submission], { registry: second, minter, store: deployed.store });
    await time.increase(1_000);
    await recordModel({ ...deployed, minter }, { modelPath, statements: { version: "1.0.0" } });
    const report = await verifyModel({ modelPath, registry: [deployed.registry, second], store: deployed.store });
    expect(report.verdict).to.equal("verified");
    expect(report.registry?.address).to.equal(second.address);
    expect(report.otherRecords?.[0]?.registry.address).to.equal(deployed.registry.address);
    // A registry that cannot be reached may hold an earlier record; what was found stands.
    const partly = await verifyModel({ modelPath, registry: second, unreachable: ["gone"], store: deployed.store });
    expect(partly.verdict).to.equal("verified");
    expect(partly.notChecked.map(({ why }) => why)).to.include("gone");
    const unknown = await temporary.write("unknown", { "x.bin": "x" });
    const missing = await verifyModel({
      modelPath: unknown,
      registry: second,
      unreachable: ["gone"],
      store: deployed.store,
    });
    expect(missing.verdict).to.equal("unchecked");
  });
});

/** A registry behind a node that searches only so many blocks at once. */
function limited(registry: Registry, blocks: number): Registry {
  const queryFilter = async (filter: never, from: number, to: number) =>
    to - from + 1 > blocks
      ? Promise.reject(new Error(`block range is limited to ${blocks}`))
      : registry.contract.queryFilter(filter, from, to);
  const contract = new Proxy(registry.contract, {
    get: (target, key, receiver) =>
      key === "queryFilter" ? queryFilter : (Reflect.get(target, key, receiver) as unknown),
  });
  return { ...registry, contract };
}

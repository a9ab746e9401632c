import { rm } from "node:fs/promises";
import { expect } from "chai";
import type { ChainConnection } from "../../../src/cli/chain-connection.ts";
import { runPublish } from "../../../src/cli/run/publish.ts";
import { LocalStore } from "../../../src/content/stores/local/local-store.ts";
import { anchorBatch } from "../../../src/publish/anchor-batch.ts";
import { buildBatch } from "../../../src/publish/build-batch.ts";
import { setAnchorStatus } from "../../../src/publish/change-model.ts";
import { prepareModel } from "../../../src/publish/prepare-model.ts";
import { formatBatchProof } from "../../../src/registry/batches/batch-files.ts";
import { readModelRecord } from "../../../src/registry/model-record.ts";
import { toCaip10 } from "../../../src/registry/registry.ts";
import { writeClaim } from "../../../src/model/claim.ts";
import { CLAIM_NAME } from "../../../src/model/claim-name.ts";
import { verifyModel } from "../../../src/verify/verify-model.ts";
import { ethers, networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import {
  batchPublisher,
  deployForPublishing,
  developmentWallet,
  publisher,
  rpc,
  steppedClock,
} from "../../helpers/publishing.ts";
import { recordingTerminal } from "../../helpers/recording-terminal.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const { time } = networkHelpers;

describe("publishing a model that is anchored", function () {
  const temporary = useTemporaryFolder();

  /** Models in a batch that was anchored a while ago. */
  async function deploy({ names = ["a", "b"], by = undefined as number | undefined } = {}) {
    const deployed = await networkHelpers.loadFixture(deployForPublishing);
    const { registry, contract, admin } = deployed;
    const signer = by === undefined ? deployed.wallet : developmentWallet(by).connect(registry.provider);
    await contract.connect(admin).grantRole(await contract.MINTER_ROLE(), signer.address);
    const store = new LocalStore(temporary.path("store"));
    const context = { registry, signer, store, warn: () => undefined };
    const models = await Promise.all(
      names.map(async (name) => {
        const modelPath = await temporary.write(name, { "model.bin": name });
        return prepareModel({ modelPath, statements: { license: "CC0-1.0" } }, context);
      }),
    );
    const batch = buildBatch(models, registry, () => undefined);
    const { anchor } = await anchorBatch(batch, context);
    await time.increase(10_000);
    const publish = publisher(registry, deployed.wallet, temporary.path());
    const modelPath = models[0]?.model.path as string;
    const revoke = async () => {
      const change = { status: "revoked", reason: "leaked" } as const;
      await setAnchorStatus(registry, { root: batch.root, creator: signer.address }, change, { signer });
    };
    return { ...deployed, signer, store, models, batch, anchor, publish, modelPath, revoke };
  }

  it("mints it from the signer's batch, with its time and metadata, and says so before it asks", async function () {
    const { publish, modelPath, models, batch, anchor, wallet, registry, store } = await deploy();
    const first = await publish({ modelPath });
    expect(first.error).to.equal(undefined);
    expect(first.minted?.record).to.include({ mintedAt: anchor.anchoredAt, license: "CC0-1.0" });
    expect(first.minted?.record.metadataDigest).to.equal(models[0]?.built.metadataDigest);
    const when = new Date(anchor.anchoredAt * 1000).toISOString();
    expect(first.warnings.join()).to.include(`recorded in batch ${batch.root} of ${wallet.address} on ${when}`);
    expect(first.plans).to.have.length(1);
    expect(first.sent).to.have.length(1);

    const report = await verifyModel({ modelPath, registry, store });
    expect(report.verdict).to.equal("verified");
    await rm(temporary.path("state"), { recursive: true });
    const again = await publish({ modelPath });
    expect(again.minted?.record).to.deep.equal(first.minted?.record);
    expect(again.sent).to.have.length(0);
  });

  it("goes on with the transaction of an earlier run", async function () {
    const { publish, modelPath, anchor } = await deploy();
    await rpc("evm_setAutomine", false);
    try {
      const waiting = await publish({ modelPath }, { waitSeconds: 1 });
      expect(waiting.error?.code).to.equal("TRANSACTION_PENDING");
      const ended = await publish({ modelPath }, { clock: steppedClock([async () => rpc("evm_mine")]) });
      expect(ended.error).to.equal(undefined);
      expect(ended.sent).to.have.length(0);
      expect(ended.minted?.transaction?.transactionHash).to.equal(waiting.sent[0]);
      expect(ended.minted?.record.mintedAt).to.equal(anchor.anchoredAt);
    } finally {
      await rpc("evm_setAutomine", true);
    }
  });

  it("goes on with a plain mint that was sent before the batch was seen", async function () {
    const { wallet, registry, contract } = await networkHelpers.loadFixture(deployForPublishing);
    const modelPath = await temporary.write("a", { "model.bin": "a" });
    const context = { registry, signer: wallet, warn: () => undefined };
    const anchored = await prepareModel({ modelPath, statements: { license: "CC0-1.0" } }, context);
    const batch = buildBatch([anchored], registry, () => undefined);
    await new LocalStore(temporary.path("store")).pin(batch.cid, batch.blocks);
    const publish = publisher(registry, wallet, temporary.path());
    const base = (await ethers.provider.getBlock("latest"))?.baseFeePerGas as bigint;
    await rpc("evm_setAutomine", false);
    try {
      await contract.connect(wallet).anchorBatch(batch.root, batch.contentDigest, 1, { maxFeePerGas: base * 100n });
      const waiting = await publish({ modelPath }, { waitSeconds: 1 });
      expect(waiting.error?.code).to.equal("TRANSACTION_PENDING");
      // The batch is mined, and the mint is priced out.
      await rpc("hardhat_setNextBlockBaseFeePerGas", `0x${(base * 10n).toString(16)}`);
      await rpc("evm_mine");
      expect((await contract.getAnchor(batch.root, wallet.address)).count).to.equal(1n);
      const ended = await publish({ modelPath }, { clock: steppedClock([async () => rpc("evm_mine")]) });
      expect(ended.error).to.equal(undefined);
      expect(ended.minted?.record).to.include({ license: "MIT", creator: wallet.address });
      expect(ended.warnings.join()).not.to.include("recorded in batch");
    } finally {
      await rpc("evm_setAutomine", true);
    }
  });

  /** Writes the claim that a member of a batch comes with; the store of the publisher is gone. */
  async function deployClaimed() {
    const deployed = await deploy();
    const { modelPath, batch, signer, registry, models } = deployed;
    const [proof, model] = [batch.proofs[0], models[0]] as [(typeof batch.proofs)[0], (typeof models)[0]];
    await writeClaim(`${modelPath}/${CLAIM_NAME}`, {
      schemaVersion: "1.0",
      registry: toCaip10(registry),
      tokenId: model.model.modelDigest,
      metadataURI: model.built.uri,
      ignorePaths: [],
      batch: {
        creator: signer.address.toLowerCase(),
        proof: JSON.parse(Buffer.from(formatBatchProof(proof)).toString()) as never,
      },
    });
    await rm(temporary.path("store"), { recursive: true });
    return { ...deployed, block: model.built.block };
  }

  it("finds it by the proof in its claim, where the batch cannot be asked", async function () {
    const { publish, modelPath, anchor, block } = await deployClaimed();
    await new LocalStore(temporary.path("store")).pin(block.cid, [block]);
    const minted = await publish({ modelPath });
    expect(minted.error).to.equal(undefined);
    expect(minted.minted?.record.mintedAt).to.equal(anchor.anchoredAt);
  });

  it("records what this run states where the batch's metadata are in no store, and says so", async function () {
    const { publish, modelPath, anchor, block } = await deployClaimed();
    const { error, warnings, minted } = await publish({ modelPath });
    expect(error).to.equal(undefined);
    expect(warnings.join()).to.include(`${block.cid.toString()}) are in no store that was asked`);
    expect(minted?.record.mintedAt).to.be.above(anchor.anchoredAt);
  });

  it("warns where a batch of the signer cannot be asked", async function () {
    const { publish, modelPath, batch } = await deploy();
    await rm(temporary.path("store"), { recursive: true });
    const { error, warnings } = await publish({ modelPath });
    expect(error).to.equal(undefined);
    expect(warnings.join()).to.include(`The batch ${batch.root}`).and.to.include("could not be asked");
  });

  it("names a stranger's batch and mints as always, whatever became of that", async function () {
    const { publish, modelPath, batch, signer, wallet, revoke } = await deploy({ by: 7 });
    await revoke();
    const { error, minted, warnings } = await publish({ modelPath });
    expect(error).to.equal(undefined);
    expect(minted?.record).to.include({ creator: wallet.address, mintedAt: await time.latest(), license: "MIT" });
    expect(warnings.join()).to.include(`recorded in batch ${batch.root} of ${signer.address}`);
    expect(warnings.join()).to.include("by another account").and.to.include("is revoked");
  });

  it("refuses a model whose batch is revoked, and sends nothing", async function () {
    const { publish, modelPath, batch, revoke } = await deploy();
    await revoke();
    const { error, sent, plans } = await publish({ modelPath });
    expect(error).to.have.property("code", "TRANSACTION_REFUSED");
    expect(error?.message)
      .to.include(`recorded in batch ${batch.root}`)
      .and.to.include('"leaked"')
      .and.to.include("ModelProvenanceRevokedAnchor");
    expect([sent, plans]).to.deep.equal([[], []]);
  });

  it("mints those of a list from their batches, and the others together", async function () {
    const { registry, wallet, models, anchor } = await deploy();
    const publish = batchPublisher(registry, wallet, temporary.path());
    const paths = [models[0]?.model.path as string];
    for (const name of ["x", "y"]) paths.push(await temporary.write(name, { "model.bin": name }));
    paths.push(models[1]?.model.path as string);
    const list = paths.map((modelPath) => ({ modelPath }));
    const first = await publish(list);
    expect(first.error).to.equal(undefined);
    expect(first.statuses).to.deep.equal(["minted", "minted", "minted", "minted"]);
    expect(first.sent).to.have.length(3);
    const times = first.results.map((result) => (result.status === "failed" ? 0 : result.minted.record.mintedAt));
    expect([times[0], times[3]]).to.deep.equal([anchor.anchoredAt, anchor.anchoredAt]);
    expect(times[1]).to.be.above(anchor.anchoredAt);
    const again = await publish(list);
    expect(again.statuses).to.deep.equal(["existing", "existing", "existing", "existing"]);
    expect(again.sent).to.have.length(0);
  });

  it("says so through the verb, also in a dry run", async function () {
    const { registry, wallet, modelPath, batch, anchor, contract, models } = await deploy();
    const connection: ChainConnection = {
      networkName: "test",
      chainId: 31337n,
      provider: ethers.provider,
      deploymentsFolder: "nowhere",
      getSigner: async () => Promise.resolve(wallet),
    };
    const folders = { storePath: temporary.path("store"), statePath: temporary.path("state") };
    const options = { modelPath, registryAddress: registry.address, ...folders, license: "MIT", yes: true };
    const run = async (more: { dryRun?: boolean } = {}) => {
      const { terminal, printed, warnings } = recordingTerminal();
      expect(await runPublish({ ...options, ...more }, connection, terminal)).to.equal(0);
      return [...warnings, ...printed].join("\n");
    };
    const said = `recorded in batch ${batch.root} of ${wallet.address}`;
    expect(await run({ dryRun: true })).to.include(said);
    expect(await contract.queryFilter(contract.filters.ProvenanceDataRecorded())).to.have.length(0);
    expect(await run())
      .to.include(said)
      .and.to.include("minted in block");
    expect(await run()).to.include("minted already with the same metadata");
    const record = await readModelRecord(registry, BigInt(models[0]?.model.modelDigest as string));
    expect(record?.mintedAt).to.equal(anchor.anchoredAt);
  });
});

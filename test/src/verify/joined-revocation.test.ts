import { expect } from "chai";
import type { BlockSource } from "../../../src/content/content-store.ts";
import { ProvenanceError } from "../../../src/base/errors.ts";
import { verifyModel } from "../../../src/verify/verify-model.ts";
import { anchorBatch, prepareSubmission } from "../../helpers/anchored-batch.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { MemoryStore } from "../../helpers/memory-store.ts";
import { deployRegistry, recordModel } from "../../helpers/recorded-model.ts";
import { digestOf } from "../../helpers/submissions.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const { time } = networkHelpers;

describe("several records of one model", function () {
  const temporary = useTemporaryFolder();

  async function deploy() {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    deployed.store.blocks.clear();
    const { registry, admin, stranger } = deployed;
    await registry.contract.connect(admin).grantRole(await registry.contract.MINTER_ROLE(), stranger);
    const modelPath = await temporary.write("model", { "README.md": "A model.", "w.onnx_data": "weights" });
    const request = { modelPath, registry, store: deployed.store };
    const submission = await prepareSubmission({ modelPath, statements: {} }, deployed);
    /** Anchors the model, as the minter or another account. */
    const anchor = async (minter = deployed.minter) => {
      const batch = await anchorBatch([{ ...submission, modelDigest: digestOf("a") }, submission], {
        ...deployed,
        minter,
      });
      await time.increase(1_000);
      return batch;
    };
    const mint = async () => recordModel(deployed, { modelPath, statements: {} });
    return { ...deployed, modelPath, request, anchor, mint };
  }

  it("are all revoked when their creator revokes one: the token of a model that was anchored before", async function () {
    const { request, registry, minter, anchor, mint } = await deploy();
    await anchor();
    const tokenId = await mint();
    expect((await verifyModel(request)).batch).to.not.equal(undefined);
    await registry.contract.setStatus(tokenId, 2n, "poisoned");
    for (const more of [{}, { tokenId }, { acceptance: { creators: [minter.address] } }]) {
      const { verdict, reason, recalls } = await verifyModel({ ...request, ...more });
      expect(verdict).to.equal("unacceptable");
      expect(reason).to.include(minter.address).and.to.include('"poisoned"');
      expect(recalls?.[0]).to.deep.include({ status: "revoked", of: "token", counts: true });
    }
  });

  it("are not ended by a stranger who revokes his own, and are by a curator who does", async function () {
    for (const by of ["stranger", "curator"] as const) {
      const { request, registry, stranger, anchor, mint, ...accounts } = await deploy();
      const { root } = await anchor(stranger);
      await mint();
      await registry.contract.connect({ ...accounts, stranger }[by]).setAnchorStatus(root, stranger, 2n, "mine");
      const named = { acceptance: { creators: [accounts.minter.address] } };
      for (const more of [named, { ...named, tokenId: (await verifyModel(request)).record?.tokenId as bigint }]) {
        const { verdict, warnings, record } = await verifyModel({ ...request, ...more });
        expect(verdict, by).to.equal(by === "curator" ? "unacceptable" : "verified");
        expect(record?.creator).to.equal(accounts.minter.address);
        if (by === "curator") continue;
        // Of batches by others, only what a curator says is asked for where creators are named.
        expect(warnings.join()).to.not.include("mine");
      }
    }
  });

  it("are judged by the one that is accepted, whoever was earlier", async function () {
    const { request, minter, stranger, anchor, mint } = await deploy();
    await anchor(stranger);
    const tokenId = await mint();
    const judge = async (more: object) => (await verifyModel({ ...request, ...more })).record?.creator;
    expect(await judge({})).to.equal(stranger.address);
    expect(await judge({ acceptance: { creators: [minter.address] } })).to.equal(minter.address);
    expect(await judge({ acceptance: { creators: [stranger.address] } })).to.equal(stranger.address);
    expect(await judge({ tokenId })).to.equal(minter.address);
    expect(await judge({ tokenId, acceptance: { creators: [stranger.address] } })).to.equal(minter.address);
    const { otherRecords } = await verifyModel({ ...request, tokenId });
    expect(otherRecords).to.have.length(1);
    expect(otherRecords?.[0]).to.include({ creator: stranger.address, anchored: true });
  });
});

describe("batches that cannot be asked", function () {
  const temporary = useTemporaryFolder();

  async function deploy() {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    deployed.store.blocks.clear();
    const { registry, admin, stranger } = deployed;
    await registry.contract.connect(admin).grantRole(await registry.contract.MINTER_ROLE(), stranger);
    const modelPath = await temporary.write("model", { "README.md": "A model." });
    const root = digestOf("root");
    await registry.contract.connect(stranger).anchorBatch(root, digestOf("nobody has this"), 1n);
    return { ...deployed, modelPath, root };
  }

  it("make nothing unknown once they are revoked, or where their creator is not accepted", async function () {
    const { registry, curator, minter, stranger, modelPath, root } = await deploy();
    const request = { modelPath, registry, store: new MemoryStore() };
    expect((await verifyModel(request)).verdict).to.equal("unchecked");
    const accepting = (account: string) => ({ acceptance: { creators: [account] } });
    expect((await verifyModel({ ...request, ...accepting(minter.address) })).verdict).to.equal("not-registered");
    expect((await verifyModel({ ...request, ...accepting(stranger.address) })).verdict).to.equal("unchecked");
    await registry.contract.connect(curator).setAnchorStatus(root, stranger, 2n, "no content");
    const { verdict, notChecked } = await verifyModel(request);
    expect(verdict).to.equal("not-registered");
    expect(notChecked).to.deep.equal([]);
  });

  it("are given up together, after a time of their own", async function () {
    const { registry, stranger, modelPath, ...deployed } = await deploy();
    for (const seed of ["b", "c", "d"])
      await registry.contract.connect(stranger).anchorBatch(digestOf(seed), digestOf(seed), 1n);
    await time.increase(1_000);
    await recordModel({ ...deployed, registry }, { modelPath, statements: {} });
    // A gateway that takes every question and answers none but those that a store at hand knows.
    const store: BlockSource = {
      get: async (cid, options) =>
        deployed.store.get(cid).catch(async (error: unknown) => {
          if (!(error instanceof ProvenanceError)) throw error;
          return new Promise((_, reject) => {
            options?.signal?.addEventListener("abort", () => reject(error));
          });
        }),
    };
    const limits = { optionalMs: 50, decisiveMs: 50 };
    const { verdict, notChecked, otherRecords } = await verifyModel({ modelPath, registry, store, limits });
    expect({ verdict, otherRecords }).to.deep.equal({ verdict: "verified", otherRecords: [] });
    const earlier = notChecked.filter(({ name }) => name === "earlier");
    expect(earlier).to.have.length(4);
    const unknown = await temporary.write("unknown", { x: "x" });
    expect((await verifyModel({ modelPath: unknown, registry, store, limits })).verdict).to.equal("unchecked");
  });
});

import { expect } from "chai";
import { deployModelProvenance, leanSubmission, networkHelpers } from "../helpers/deploy-model-provenance.ts";
import { Relation, Status, tokenIdOf } from "../helpers/submissions.ts";

const { loadFixture } = networkHelpers;

describe("ModelProvenanceNFT", function () {
  async function mintModel() {
    const context = await deployModelProvenance();
    const submission = leanSubmission("model");
    await context.asMinter.mintProvenanceNFT(context.owner, submission);
    const tokenId = tokenIdOf(submission);
    const statusOf = async (id = tokenId) => (await context.registry.getModelData(id)).status;
    return { ...context, tokenId, statusOf };
  }

  /** root ← left, right ← merge: a diamond. */
  async function mintDiamond() {
    const context = await mintModel();
    const mint = async (seed: string, parents: bigint[]) => {
      const submission = leanSubmission(seed, { parents, relation: Relation.Merge });
      await context.asMinter.mintProvenanceNFT(context.owner, submission);
      return tokenIdOf(submission);
    };
    const left = await mint("left", [context.tokenId]);
    const right = await mint("right", [context.tokenId]);
    const merge = await mint("merge", [left, right]);
    return { ...context, mint, left, right, merge };
  }

  describe("setStatus", function () {
    for (const who of ["owner", "minter", "curator"] as const) {
      it(`lets the ${who === "minter" ? "creator" : who} deprecate and reactivate`, async function () {
        const context = await loadFixture(mintModel);
        const { registry, tokenId, statusOf } = context;
        const transaction = registry.connect(context[who]).setStatus(tokenId, Status.Deprecated, "superseded");
        await expect(transaction)
          .to.emit(registry, "ModelStatusChanged")
          .withArgs(tokenId, Status.Deprecated, context[who].address, "superseded");
        await expect(transaction).to.emit(registry, "MetadataUpdate").withArgs(tokenId);
        expect(await statusOf()).to.equal(Status.Deprecated);
        await registry.connect(context[who]).setStatus(tokenId, Status.Active, "");
        expect(await statusOf()).to.equal(Status.Active);
      });
    }

    for (const who of ["minter", "curator"] as const) {
      it(`lets the ${who === "minter" ? "creator" : who} revoke, for ever`, async function () {
        const context = await loadFixture(mintModel);
        const { registry, tokenId, statusOf } = context;
        await registry.connect(context[who]).setStatus(tokenId, Status.Revoked, "poisoned data");
        expect(await statusOf()).to.equal(Status.Revoked);
        for (const status of Object.values(Status)) {
          for (const account of [context.owner, context.minter, context.curator]) {
            await expect(registry.connect(account).setStatus(tokenId, status, ""))
              .to.be.revertedWithCustomError(registry, "ModelProvenanceRevokedModel")
              .withArgs(tokenId);
          }
        }
      });
    }

    it("reverts when a buyer revokes, or a stranger does anything", async function () {
      const { registry, owner, stranger, tokenId } = await loadFixture(mintModel);
      await expect(registry.connect(owner).setStatus(tokenId, Status.Revoked, ""))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceUnauthorizedStatusChange")
        .withArgs(owner.address, tokenId);
      await registry.connect(owner).approve(stranger, tokenId);
      for (const status of Object.values(Status)) {
        await expect(registry.connect(stranger).setStatus(tokenId, status, ""))
          .to.be.revertedWithCustomError(registry, "ModelProvenanceUnauthorizedStatusChange")
          .withArgs(stranger.address, tokenId);
      }
    });

    it("lets only a curator lift what a curator set", async function () {
      const { registry, owner, minter, curator, tokenId, statusOf } = await loadFixture(mintModel);
      await registry.connect(curator).setStatus(tokenId, Status.Deprecated, "under review");
      for (const account of [owner, minter]) {
        await registry.connect(account).setStatus(tokenId, Status.Deprecated, "agreed");
        await expect(registry.connect(account).setStatus(tokenId, Status.Active, ""))
          .to.be.revertedWithCustomError(registry, "ModelProvenanceHeldByCurator")
          .withArgs(tokenId);
      }
      await registry.connect(curator).setStatus(tokenId, Status.Active, "cleared");
      await registry.connect(owner).setStatus(tokenId, Status.Deprecated, "");
      await registry.connect(owner).setStatus(tokenId, Status.Active, "");
      await registry.connect(curator).setStatus(tokenId, Status.Deprecated, "");
      await registry.connect(minter).setStatus(tokenId, Status.Revoked, "a creator may still revoke");
      expect(await statusOf()).to.equal(Status.Revoked);
    });

    it("reverts for a model that is not recorded", async function () {
      const { registry, curator } = await loadFixture(deployModelProvenance);
      await expect(registry.connect(curator).setStatus(7n, Status.Revoked, ""))
        .to.be.revertedWithCustomError(registry, "ERC721NonexistentToken")
        .withArgs(7n);
    });

    it("stops a revoked model from becoming a parent", async function () {
      const { registry, asMinter, owner, curator, tokenId } = await loadFixture(mintModel);
      await registry.connect(curator).setStatus(tokenId, Status.Revoked, "");
      const child = leanSubmission("child", { relation: Relation.FineTune, parents: [tokenId] });
      await expect(asMinter.mintProvenanceNFT(owner, child))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceRevokedParent")
        .withArgs(tokenId);
    });
  });

  describe("lineageStatus", function () {
    it("is the token's own status where it has no ancestors", async function () {
      const { registry, curator, tokenId } = await loadFixture(mintModel);
      expect(await registry.lineageStatus(tokenId, 1)).to.deep.equal([Status.Active, tokenId]);
      await registry.connect(curator).setStatus(tokenId, Status.Revoked, "");
      expect(await registry.lineageStatus(tokenId, 1)).to.deep.equal([Status.Revoked, tokenId]);
    });

    it("names the ancestor that causes the worst status, and visits a diamond's top once", async function () {
      const { registry, curator, tokenId, left, right, merge } = await loadFixture(mintDiamond);
      expect(await registry.lineageStatus(merge, 4)).to.deep.equal([Status.Active, merge]);
      await registry.connect(curator).setStatus(right, Status.Deprecated, "");
      expect(await registry.lineageStatus(merge, 4)).to.deep.equal([Status.Deprecated, right]);
      await registry.connect(curator).setStatus(tokenId, Status.Revoked, "");
      expect(await registry.lineageStatus(merge, 4)).to.deep.equal([Status.Revoked, tokenId]);
      expect(await registry.lineageStatus(left, 4)).to.deep.equal([Status.Revoked, tokenId]);
    });

    it("reverts with the number it takes, never answering early", async function () {
      const { registry, curator, merge } = await loadFixture(mintDiamond);
      await registry.connect(curator).setStatus(merge, Status.Revoked, "");
      for (const allowed of [0n, 3n]) {
        await expect(registry.lineageStatus(merge, allowed))
          .to.be.revertedWithCustomError(registry, "ModelProvenanceLineageTooLong")
          .withArgs(merge, 4n, allowed);
      }
    });

    it("reverts with what it found when gas runs short", async function () {
      const { registry, merge } = await loadFixture(mintDiamond);
      await expect(registry.lineageStatus(merge, 100, { gasLimit: 180_000 }))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceLineageTooLong")
        .withArgs(merge, 3n, 100n);
    });

    it("walks a long line of versions", async function () {
      const { registry, curator, tokenId, mint } = await loadFixture(mintDiamond);
      let last = tokenId;
      for (let index = 0; index < 60; index++) last = await mint(`version ${index}`, [last]);
      await registry.connect(curator).setStatus(tokenId, Status.Deprecated, "");
      expect(await registry.lineageStatus(last, 61)).to.deep.equal([Status.Deprecated, tokenId]);
      await expect(registry.lineageStatus(last, 60))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceLineageTooLong")
        .withArgs(last, 61n, 60n);
    });

    it("reverts for a model that is not recorded", async function () {
      const { registry } = await loadFixture(deployModelProvenance);
      await expect(registry.lineageStatus(7n, 1))
        .to.be.revertedWithCustomError(registry, "ERC721NonexistentToken")
        .withArgs(7n);
    });
  });
});

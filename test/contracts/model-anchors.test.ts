import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { anchorModels } from "../helpers/anchor-models.ts";
import {
  deployModelProvenance,
  ethers,
  fullSubmission,
  leanSubmission,
  networkHelpers,
} from "../helpers/deploy-model-provenance.ts";
import { digestOf, hashSubmission, Relation, Status, tokenIdOf } from "../helpers/submissions.ts";

const { loadFixture, time } = networkHelpers;

describe("ModelProvenanceNFT", function () {
  describe("mintBatch", function () {
    it("records every model to the receiver", async function () {
      const { registry, asMinter, minter, owner } = await loadFixture(deployModelProvenance);
      const parent = leanSubmission("parent");
      const child = fullSubmission("child", { relation: Relation.FineTune, parents: [tokenIdOf(parent)] });
      await asMinter.mintBatch(owner, [parent, child]);
      expect(await registry.balanceOf(owner)).to.equal(2n);
      const model = await registry.getModelData(tokenIdOf(child));
      expect([model.creator, model.parents]).to.deep.equal([minter.address, [tokenIdOf(parent)]]);
      await asMinter.mintBatch(owner, []);
    });

    it("reverts as a whole, and for anybody but a minter", async function () {
      const { registry, asMinter, owner, MINTER_ROLE } = await loadFixture(deployModelProvenance);
      const twice = leanSubmission("model");
      await expect(asMinter.mintBatch(owner, [twice, twice]))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceDuplicateModel")
        .withArgs(twice.modelDigest);
      await expect(registry.connect(owner).mintBatch(owner, [twice]))
        .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
        .withArgs(owner.address, MINTER_ROLE);
    });
  });

  describe("anchorBatch", function () {
    it("records root, time and count under its creator", async function () {
      const { registry, asMinter, minter, owner, root, contentDigest, anchoredAt } = await loadFixture(anchorModels);
      expect(await registry.getAnchor(root, minter)).to.deep.equal([
        anchoredAt,
        3n,
        Status.Active,
        ZeroAddress,
        0n,
        "",
      ]);
      expect(await registry.getAnchor(root, owner)).to.deep.equal([0n, 0n, Status.Active, ZeroAddress, 0n, ""]);
      await expect(asMinter.anchorBatch(digestOf("other"), contentDigest, 2n ** 64n - 1n))
        .to.emit(registry, "BatchAnchored")
        .withArgs(digestOf("other"), minter.address, contentDigest, 2n ** 64n - 1n);
    });

    it("lets another minter anchor the same root for itself", async function () {
      const { registry, admin, minter, owner, root, contentDigest, anchoredAt, MINTER_ROLE } =
        await loadFixture(anchorModels);
      await registry.connect(admin).grantRole(MINTER_ROLE, owner);
      await registry.connect(owner).anchorBatch(root, contentDigest, 3);
      expect((await registry.getAnchor(root, minter)).anchoredAt).to.equal(anchoredAt);
      expect((await registry.getAnchor(root, owner)).anchoredAt).to.be.greaterThan(anchoredAt);
    });

    it("reverts when it was anchored before, is empty, or the caller is no minter", async function () {
      const { registry, asMinter, minter, owner, root, contentDigest, MINTER_ROLE } = await loadFixture(anchorModels);
      await expect(asMinter.anchorBatch(root, contentDigest, 3))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceDuplicateAnchor")
        .withArgs(root, minter.address);
      const none = ethers.ZeroHash;
      const empty: [string, string, bigint][] = [
        [none, contentDigest, 3n],
        [digestOf("other"), none, 3n],
        [digestOf("other"), contentDigest, 0n],
      ];
      for (const values of empty) {
        await expect(asMinter.anchorBatch(...values))
          .to.be.revertedWithCustomError(registry, "ModelProvenanceEmptyAnchor")
          .withArgs(...values);
      }
      await expect(registry.connect(owner).anchorBatch(root, contentDigest, 3))
        .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
        .withArgs(owner.address, MINTER_ROLE);
    });
  });

  describe("isAnchored", function () {
    it("proves exactly the submissions of the batch, under its creator", async function () {
      const { registry, minter, owner, submissions, first, second, root, proofOf } = await loadFixture(anchorModels);
      for (const [index, submission] of submissions.entries()) {
        const hash = hashSubmission(submission);
        const proof = proofOf(index);
        expect(await registry.isAnchored(root, minter, submission.modelDigest, hash, proof)).to.equal(true);
        expect(await registry.isAnchored(root, owner, submission.modelDigest, hash, proof)).to.equal(false);
      }
      const proof = proofOf(0);
      expect(await registry.isAnchored(root, minter, first.modelDigest, hashSubmission(second), proof)).to.equal(false);
      expect(await registry.isAnchored(root, minter, second.modelDigest, hashSubmission(first), proof)).to.equal(false);
      expect(await registry.isAnchored(root, minter, first.modelDigest, hashSubmission(first), [])).to.equal(false);
    });
  });

  describe("setAnchorStatus", function () {
    it("follows the rules of a model's status", async function () {
      const { registry, asMinter, minter, curator, owner, root } = await loadFixture(anchorModels);
      const asCurator = registry.connect(curator);
      await expect(asMinter.setAnchorStatus(root, minter, Status.Deprecated, "superseded"))
        .to.emit(registry, "AnchorStatusChanged")
        .withArgs(root, minter.address, Status.Deprecated, minter.address, "superseded");
      await asMinter.setAnchorStatus(root, minter, Status.Active, "");
      await asCurator.setAnchorStatus(root, minter, Status.Deprecated, "under review");
      for (const status of [Status.Active, Status.Deprecated]) {
        await expect(asMinter.setAnchorStatus(root, minter, status, "fine"))
          .to.be.revertedWithCustomError(registry, "ModelProvenanceHeldAnchor")
          .withArgs(root, minter.address, curator.address);
      }
      await asCurator.setAnchorStatus(root, minter, Status.Active, "");
      await asMinter.setAnchorStatus(root, minter, Status.Deprecated, "");
      await expect(registry.connect(owner).setAnchorStatus(root, minter, Status.Deprecated, ""))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceUnauthorizedAnchorChange")
        .withArgs(owner.address, root, minter.address);
      await asCurator.setAnchorStatus(root, minter, Status.Revoked, "");
      await expect(asCurator.setAnchorStatus(root, minter, Status.Active, ""))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceRevokedAnchor")
        .withArgs(root, minter.address);
    });

    it("lets the creator revoke over a curator's warning, which stays to be read", async function () {
      const { registry, asMinter, minter, curator, root } = await loadFixture(anchorModels);
      await registry.connect(curator).setAnchorStatus(root, minter, Status.Deprecated, "under review");
      await asMinter.setAnchorStatus(root, minter, Status.Revoked, "backdoor");
      const { status, account, reason } = await registry.getAnchor(root, minter);
      expect([status, account, reason]).to.deep.equal([
        Status.Revoked,
        minter.address,
        "backdoor; a curator before: under review",
      ]);
    });

    it("stores who, when and why", async function () {
      const { registry, asMinter, minter, root, anchoredAt } = await loadFixture(anchorModels);
      for (const reason of ["superseded", "é".repeat(128), ""]) {
        await asMinter.setAnchorStatus(root, minter, Status.Deprecated, reason);
        const now = BigInt(await time.latest());
        expect(await registry.getAnchor(root, minter)).to.deep.equal([
          anchoredAt,
          3n,
          Status.Deprecated,
          minter.address,
          now,
          reason,
        ]);
      }
      await expect(asMinter.setAnchorStatus(root, minter, Status.Deprecated, "é".repeat(128) + "x"))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceTextTooLong")
        .withArgs(257n, 256n);
    });

    it("reverts for an unknown batch", async function () {
      const { registry, curator, owner, root } = await loadFixture(anchorModels);
      await expect(registry.connect(curator).setAnchorStatus(root, owner, Status.Revoked, ""))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceUnknownAnchor")
        .withArgs(root, owner.address);
    });
  });

  it("takes the trees of @openzeppelin/merkle-tree", async function () {
    const { first, root, submissions } = await loadFixture(anchorModels);
    const values = submissions.map((submission) => [submission.modelDigest, hashSubmission(submission)]);
    expect(StandardMerkleTree.of(values, ["bytes32", "bytes32"]).root).to.equal(root);
    expect(hashSubmission(first)).to.match(/^0x[0-9a-f]{64}$/);
  });
});

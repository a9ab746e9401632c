import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { anchorModels } from "../helpers/anchor-models.ts";
import { deployModelProvenance, leanSubmission, networkHelpers } from "../helpers/deploy-model-provenance.ts";
import { anchorTree, digestOf, Relation, Status, tokenIdOf } from "../helpers/submissions.ts";

const { loadFixture, time } = networkHelpers;

describe("ModelProvenanceNFT", function () {
  describe("mintAnchored", function () {
    it("mints with the batch's time, and agrees with the submission", async function () {
      const { registry, asMinter, minter, owner, second, root, anchoredAt, proofOf } = await loadFixture(anchorModels);
      await expect(asMinter.mintAnchored(root, owner, second, proofOf(1)))
        .to.emit(registry, "ProvenanceDataRecorded")
        .withArgs(
          tokenIdOf(second),
          minter.address,
          second.weightsDigest,
          second.manifestRoot,
          second.datasetDigest,
          second.metadataDigest,
          anchoredAt,
          second.relation,
          second.parents,
          second.framework,
          second.license,
          second.performanceMetrics,
          second.version,
        );
      expect(await registry.ownerOf(tokenIdOf(second))).to.equal(owner.address);
      expect(await registry.getModelData(tokenIdOf(second))).to.deep.equal([
        minter.address,
        anchoredAt,
        second.relation,
        Status.Active,
        second.parents,
        second.datasetDigest,
        second.metadataDigest,
        second.framework,
        second.license,
        second.performanceMetrics,
      ]);
    });

    it("reverts when any field differs from what was anchored", async function () {
      const { registry, asMinter, owner, second, root, proofOf } = await loadFixture(anchorModels);
      const changes = {
        modelDigest: digestOf("x"),
        manifestRoot: digestOf("x"),
        weightsDigest: digestOf("x"),
        datasetDigest: digestOf("x"),
        metadataDigest: digestOf("x"),
        relation: Relation.Converted,
        parents: [1n],
        baseModelDigest: digestOf("x"),
        framework: "x",
        license: "x",
        performanceMetrics: "x",
        version: "x",
        royaltyReceiver: owner.address,
        royaltyBasisPoints: 1n,
      };
      for (const [field, value] of Object.entries(changes)) {
        const changed = { ...second, [field]: value };
        await expect(asMinter.mintAnchored(root, owner, changed, proofOf(1)))
          .to.be.revertedWithCustomError(registry, "ModelProvenanceInvalidProof")
          .withArgs(root, changed.modelDigest);
      }
    });

    it("reverts for another creator, an unknown root, and an account that is no minter any more", async function () {
      const { registry, asMinter, admin, minter, owner, first, root, proofOf, MINTER_ROLE } =
        await loadFixture(anchorModels);
      await registry.connect(admin).grantRole(MINTER_ROLE, owner);
      await expect(registry.connect(owner).mintAnchored(root, owner, first, proofOf(0)))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceUnknownAnchor")
        .withArgs(root, owner.address);
      await expect(asMinter.mintAnchored(digestOf("x"), owner, first, proofOf(0)))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceUnknownAnchor")
        .withArgs(digestOf("x"), minter.address);
      await registry.connect(admin).revokeRole(MINTER_ROLE, minter);
      await expect(asMinter.mintAnchored(root, owner, first, proofOf(0)))
        .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
        .withArgs(minter.address, MINTER_ROLE);
    });

    it("never brings a digest to life twice, by whichever path", async function () {
      const { registry, asMinter, owner, first, second, root, proofOf } = await loadFixture(anchorModels);
      await asMinter.mintAnchored(root, owner, first, proofOf(0));
      await expect(asMinter.mintAnchored(root, owner, first, proofOf(0)))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceDuplicateModel")
        .withArgs(first.modelDigest);
      await expect(asMinter.mintProvenanceNFT(owner, first))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceDuplicateModel")
        .withArgs(first.modelDigest);
      await asMinter.mintProvenanceNFT(owner, second);
      await expect(asMinter.mintAnchored(root, owner, second, proofOf(1)))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceDuplicateModel")
        .withArgs(second.modelDigest);
    });

    it("reverts when a parent is younger than the batch", async function () {
      const { registry, asMinter, owner } = await loadFixture(deployModelProvenance);
      const parent = leanSubmission("parent");
      const child = leanSubmission("child", { relation: Relation.FineTune, parents: [tokenIdOf(parent)] });
      const tree = anchorTree([parent, child]);
      await asMinter.anchorBatch(tree.root, digestOf("directory"), 2);
      const anchoredAt = BigInt(await time.latest());
      const before = await networkHelpers.takeSnapshot();

      await asMinter.mintProvenanceNFT(owner, parent);
      await expect(asMinter.mintAnchored(tree.root, owner, child, tree.getProof(1)))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceParentTooYoung")
        .withArgs(tokenIdOf(parent), BigInt(await time.latest()), anchoredAt);
      await before.restore();
      await asMinter.mintAnchored(tree.root, owner, parent, tree.getProof(0));
      await asMinter.mintAnchored(tree.root, owner, child, tree.getProof(1));
      expect((await registry.getModelData(tokenIdOf(child))).mintedAt).to.equal(anchoredAt);
    });

    for (const reason of ["", "poisoned data", "Its training data hold e-mails. ".repeat(8)]) {
      it(`takes over the status of the batch, with who set it, when and a reason of ${reason.length} bytes`, async function () {
        const context = await loadFixture(anchorModels);
        const { registry, asMinter, minter, owner, first, root, proofOf } = context;
        await asMinter.setAnchorStatus(root, minter, Status.Deprecated, reason);
        const setAt = BigInt(await time.latest());
        await time.increase(1_000);
        await expect(asMinter.mintAnchored(root, owner, first, proofOf(0)))
          .to.emit(registry, "ModelStatusChanged")
          .withArgs(tokenIdOf(first), Status.Deprecated, minter.address, reason);
        expect(await registry.getStatus(tokenIdOf(first))).to.deep.equal([
          Status.Deprecated,
          minter.address,
          setAt,
          reason,
        ]);
        await expect(registry.connect(owner).setStatus(tokenIdOf(first), Status.Active, ""))
          .to.be.revertedWithCustomError(registry, "ModelProvenanceHeldStatus")
          .withArgs(tokenIdOf(first), minter.address);
      });
    }

    it("takes over the hold of a curator", async function () {
      const { registry, asMinter, minter, curator, owner, second, root, proofOf } = await loadFixture(anchorModels);
      await registry.connect(curator).setAnchorStatus(root, minter, Status.Deprecated, "under review");
      await asMinter.mintAnchored(root, owner, second, proofOf(1));
      for (const account of [owner, minter]) {
        await expect(registry.connect(account).setStatus(tokenIdOf(second), Status.Active, ""))
          .to.be.revertedWithCustomError(registry, "ModelProvenanceHeldStatus")
          .withArgs(tokenIdOf(second), curator.address);
      }
    });

    it("says nothing of a token whose batch is active again", async function () {
      const { registry, asMinter, minter, owner, first, root, proofOf } = await loadFixture(anchorModels);
      await asMinter.setAnchorStatus(root, minter, Status.Deprecated, "in doubt");
      await asMinter.setAnchorStatus(root, minter, Status.Active, "cleared");
      await asMinter.mintAnchored(root, owner, first, proofOf(0));
      expect(await registry.getStatus(tokenIdOf(first))).to.deep.equal([Status.Active, ZeroAddress, 0n, ""]);
    });

    it("reverts when the batch is revoked", async function () {
      const { registry, asMinter, minter, owner, first, root, proofOf } = await loadFixture(anchorModels);
      await asMinter.setAnchorStatus(root, minter, Status.Revoked, "");
      await expect(asMinter.mintAnchored(root, owner, first, proofOf(0)))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceRevokedAnchor")
        .withArgs(root, minter.address);
    });
  });
});

import { expect } from "chai";
import { CID } from "multiformats/cid";
import { create as createDigest } from "multiformats/hashes/digest";
import {
  deployModelProvenance,
  ethers,
  fullSubmission,
  leanSubmission,
  mintParent,
  networkHelpers,
} from "../helpers/deploy-model-provenance.ts";
import { digestOf, Relation, Status, tokenIdOf } from "../helpers/submissions.ts";

const { loadFixture, time } = networkHelpers;

describe("ModelProvenanceNFT", function () {
  describe("mintProvenanceNFT", function () {
    it("records a full submission and gives the token to the receiver", async function () {
      const { registry, asMinter, minter, owner } = await loadFixture(deployModelProvenance);
      const submission = fullSubmission("model", { version: "1.2.0", baseModelDigest: digestOf("base") });
      const tokenId = tokenIdOf(submission);
      const transaction = asMinter.mintProvenanceNFT(owner, submission);

      await expect(transaction)
        .to.emit(registry, "ModelInitialized")
        .withArgs(tokenId, submission.baseModelDigest, minter.address);
      await expect(transaction).to.emit(registry, "Transfer").withArgs(ethers.ZeroAddress, owner.address, tokenId);
      const mintedAt = BigInt(await time.latest());
      await expect(transaction)
        .to.emit(registry, "ProvenanceDataRecorded")
        .withArgs(
          tokenId,
          minter.address,
          submission.weightsDigest,
          submission.manifestRoot,
          submission.datasetDigest,
          submission.metadataDigest,
          mintedAt,
          Relation.Base,
          [],
          submission.framework,
          submission.license,
          submission.performanceMetrics,
          "1.2.0",
        );
      expect(await registry.ownerOf(tokenId)).to.equal(owner.address);
      expect(await registry.getModelData(tokenId)).to.deep.equal([
        minter.address,
        mintedAt,
        Relation.Base,
        Status.Active,
        [],
        submission.datasetDigest,
        submission.metadataDigest,
        submission.framework,
        submission.license,
        submission.performanceMetrics,
      ]);
    });

    it("records models that share terms, and models without any", async function () {
      const { registry, asMinter, owner } = await loadFixture(deployModelProvenance);
      const terms = [
        ["PyTorch 2.9.0", "Apache-2.0"],
        ["PyTorch 2.9.0", "MIT"],
        ["", "MIT"],
        ["PyTorch 2.9.0", ""],
        ["", ""],
        ["PyTorch 2.9.0", "Apache-2.0"],
        ["PyTorch 2.9.0A", "pache-2.0"],
        ["f".repeat(64), "l".repeat(64)],
      ] as const;
      for (const [index, [framework, license]] of terms.entries()) {
        const submission = leanSubmission(`model ${index}`, { framework, license });
        await asMinter.mintProvenanceNFT(owner, submission);
        const model = await registry.getModelData(tokenIdOf(submission));
        expect([model.framework, model.license]).to.deep.equal([framework, license]);
        expect(await registry.viewLicense(tokenIdOf(submission))).to.equal(license);
      }
    });

    it("reverts when the caller lacks the minter role", async function () {
      const { registry, stranger, MINTER_ROLE } = await loadFixture(deployModelProvenance);
      await expect(registry.connect(stranger).mintProvenanceNFT(stranger, leanSubmission("model")))
        .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
        .withArgs(stranger.address, MINTER_ROLE);
    });

    it("reverts when a required digest is zero", async function () {
      const { registry, asMinter, owner } = await loadFixture(deployModelProvenance);
      for (const field of ["modelDigest", "metadataDigest"]) {
        const submission = leanSubmission("model", { [field]: ethers.ZeroHash });
        await expect(asMinter.mintProvenanceNFT(owner, submission))
          .to.be.revertedWithCustomError(registry, "ModelProvenanceMissingDigest")
          .withArgs(submission.modelDigest, submission.metadataDigest);
      }
    });

    it("reverts when a version names no parent", async function () {
      const { registry, asMinter, owner } = await loadFixture(deployModelProvenance);
      const submission = leanSubmission("model", { relation: Relation.Version });
      await expect(asMinter.mintProvenanceNFT(owner, submission))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceVersionWithoutParent")
        .withArgs(submission.modelDigest);
    });

    it("reverts when the model is recorded already", async function () {
      const { registry, asMinter, owner, parent } = await loadFixture(mintParent);
      await expect(asMinter.mintProvenanceNFT(owner, parent))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceDuplicateModel")
        .withArgs(parent.modelDigest);
    });

    it("reverts when the receiver is zero", async function () {
      const { registry, asMinter } = await loadFixture(deployModelProvenance);
      await expect(asMinter.mintProvenanceNFT(ethers.ZeroAddress, leanSubmission("model")))
        .to.be.revertedWithCustomError(registry, "ERC721InvalidReceiver")
        .withArgs(ethers.ZeroAddress);
    });

    it("emits one event for each parent, and the version for relation Version", async function () {
      const { registry, asMinter, owner, minter, parentId, childOf } = await loadFixture(mintParent);
      const child = childOf({ datasetDigest: digestOf("data"), version: "2.0.0", relation: Relation.Version });
      const transaction = asMinter.mintProvenanceNFT(owner, child);
      await expect(transaction)
        .to.emit(registry, "ModelFineTuned")
        .withArgs(tokenIdOf(child), parentId, Relation.Version, child.datasetDigest);
      await expect(transaction).to.emit(registry, "ModelVersionMinted").withArgs(tokenIdOf(child), parentId, "2.0.0");
      await expect(transaction).not.to.emit(registry, "ModelInitialized");
      const model = await registry.getModelData(tokenIdOf(child));
      expect(model.parents).to.deep.equal([parentId]);
      expect(model.creator).to.equal(minter.address);
    });

    it("lets the parent's owner, and no other minter, mint a Version", async function () {
      const { registry, admin, owner, stranger, parentId, childOf, MINTER_ROLE } = await loadFixture(mintParent);
      await registry.connect(admin).grantRole(MINTER_ROLE, owner);
      await registry.connect(admin).grantRole(MINTER_ROLE, stranger);
      const version = childOf({ relation: Relation.Version });
      await expect(registry.connect(stranger).mintProvenanceNFT(stranger, version))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceUnauthorizedVersion")
        .withArgs(stranger.address, parentId);
      await registry.connect(owner).mintProvenanceNFT(owner, version);
      await registry.connect(stranger).mintProvenanceNFT(stranger, childOf({ modelDigest: digestOf("fine-tune") }));
    });

    it("reverts when the parents are unknown, named twice, too many, or do not fit the relation", async function () {
      const { registry, asMinter, owner, parentId, childOf } = await loadFixture(mintParent);
      const mint = (parents: bigint[], relation: bigint = Relation.Merge) =>
        asMinter.mintProvenanceNFT(owner, childOf({ parents, relation }));
      await expect(mint([parentId, 7n]))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceUnknownParent")
        .withArgs(7n);
      await expect(mint([tokenIdOf(childOf())]))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceUnknownParent")
        .withArgs(tokenIdOf(childOf()));
      await expect(mint([parentId, parentId]))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceDuplicateParent")
        .withArgs(parentId);
      await expect(mint(Array.from({ length: 17 }, () => parentId)))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceTooManyParents")
        .withArgs(17n, 16n);
      await expect(mint([parentId], Relation.Base))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceBaseWithParents")
        .withArgs(childOf().modelDigest);
    });
  });

  describe("metadataURI", function () {
    it("is the IPFS address of the metadata block", async function () {
      const { registry, parent, parentId } = await loadFixture(mintParent);
      const digest = createDigest(0x12, ethers.getBytes(ethers.hexlify(parent.metadataDigest)));
      const uri = `ipfs://${CID.createV1(0x55, digest).toString()}`;
      expect(await registry.metadataURI(parentId)).to.equal(uri);
      expect(await registry.tokenURI(parentId)).to.equal(uri);
    });
  });

  describe("a model that is not recorded", function () {
    for (const view of ["getModelData", "viewLicense", "metadataURI", "tokenURI", "ownerOf"] as const) {
      it(`reverts in ${view}`, async function () {
        const { registry } = await loadFixture(deployModelProvenance);
        await expect(registry[view](7n)).to.be.revertedWithCustomError(registry, "ERC721NonexistentToken").withArgs(7n);
      });
    }
  });
});

import { expect } from "chai";
import { CID } from "multiformats/cid";
import { create as createDigest } from "multiformats/hashes/digest";
import {
  DEFAULT_ROYALTY,
  deployModelProvenance,
  ethers,
  fullSubmission,
  leanSubmission,
  networkHelpers,
} from "../helpers/deploy-model-provenance.ts";
import { digestOf, Relation, Status, tokenIdOf, type Submission } from "../helpers/submissions.ts";

const { loadFixture, time } = networkHelpers;

describe("ModelProvenanceNFT", function () {
  async function mintParent() {
    const context = await deployModelProvenance();
    const parent = leanSubmission("parent");
    await context.asMinter.mintProvenanceNFT(context.owner, parent);
    const childOf = (overrides: Partial<Submission> = {}) =>
      leanSubmission("child", { relation: Relation.FineTune, parents: [tokenIdOf(parent)], ...overrides });
    return { ...context, parent, parentId: tokenIdOf(parent), childOf };
  }

  describe("constructor", function () {
    it("gives every role to its argument and none to the deployer", async function () {
      const { registry, deployer, admin, minter, curator, treasury, MINTER_ROLE, CURATOR_ROLE } =
        await loadFixture(deployModelProvenance);
      expect(await registry.owner()).to.equal(admin.address);
      expect(await registry.hasRole(MINTER_ROLE, minter)).to.equal(true);
      expect(await registry.hasRole(CURATOR_ROLE, curator)).to.equal(true);
      for (const role of [ethers.ZeroHash, MINTER_ROLE, CURATOR_ROLE]) {
        expect(await registry.hasRole(role, deployer)).to.equal(false);
      }
      expect(await registry.royaltyInfo(1n, 10_000n)).to.deep.equal([treasury.address, DEFAULT_ROYALTY]);
    });

    it("leaves out the accounts that are zero", async function () {
      const { admin, MINTER_ROLE, CURATOR_ROLE } = await loadFixture(deployModelProvenance);
      const none = ethers.ZeroAddress;
      const bare = await ethers.deployContract("ModelProvenanceNFT", ["N", "S", admin, none, none, none, 0]);
      expect(await bare.hasRole(MINTER_ROLE, none)).to.equal(false);
      expect(await bare.hasRole(CURATOR_ROLE, none)).to.equal(false);
      expect(await bare.royaltyInfo(1n, 10_000n)).to.deep.equal([none, 0n]);
    });

    it("reverts without an admin, and above the royalty cap", async function () {
      const { registry, admin } = await loadFixture(deployModelProvenance);
      const none = ethers.ZeroAddress;
      const factory = await ethers.getContractFactory("ModelProvenanceNFT");
      await expect(factory.deploy("N", "S", none, none, none, none, 0))
        .to.be.revertedWithCustomError(registry, "AccessControlInvalidDefaultAdmin")
        .withArgs(none);
      await expect(factory.deploy("N", "S", admin, none, none, admin, 1_001))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceRoyaltyTooHigh")
        .withArgs(1_001n, 1_000n);
    });
  });

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

  describe("setDefaultRoyalty", function () {
    it("changes the royalty of tokens without one of their own, or removes it", async function () {
      const { registry, admin, owner, parentId } = await loadFixture(mintParent);
      await expect(registry.connect(admin).setDefaultRoyalty(owner, 1_000))
        .to.emit(registry, "DefaultRoyaltyChanged")
        .withArgs(owner.address, 1_000n);
      expect(await registry.royaltyInfo(parentId, 1_000n)).to.deep.equal([owner.address, 100n]);
      await registry.connect(admin).setDefaultRoyalty(ethers.ZeroAddress, 0);
      expect(await registry.royaltyInfo(parentId, 1_000n)).to.deep.equal([ethers.ZeroAddress, 0n]);
    });

    it("reverts above the cap, without a receiver, and for anybody but the admin", async function () {
      const { registry, admin, minter } = await loadFixture(deployModelProvenance);
      await expect(registry.connect(admin).setDefaultRoyalty(admin, 1_001))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceRoyaltyTooHigh")
        .withArgs(1_001n, 1_000n);
      await expect(registry.connect(admin).setDefaultRoyalty(ethers.ZeroAddress, 1))
        .to.be.revertedWithCustomError(registry, "ERC2981InvalidDefaultRoyaltyReceiver")
        .withArgs(ethers.ZeroAddress);
      await expect(registry.connect(minter).setDefaultRoyalty(minter, 1))
        .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
        .withArgs(minter.address, ethers.ZeroHash);
    });
  });

  describe("setTokenRoyalty", function () {
    it("lets the creator change the receiver or lower the rate", async function () {
      const { registry, asMinter, minter, owner, stranger } = await loadFixture(deployModelProvenance);
      const submission = leanSubmission("model", { royaltyReceiver: minter.address, royaltyBasisPoints: 700n });
      const tokenId = tokenIdOf(submission);
      await expect(asMinter.mintProvenanceNFT(owner, submission))
        .to.emit(registry, "TokenRoyaltyChanged")
        .withArgs(tokenId, minter.address, 700n);
      await asMinter.setTokenRoyalty(tokenId, stranger, 700);
      await asMinter.setTokenRoyalty(tokenId, stranger, 250);
      expect(await registry.royaltyInfo(tokenId, 10_000n)).to.deep.equal([stranger.address, 250n]);
      await expect(asMinter.setTokenRoyalty(tokenId, stranger, 251))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceRoyaltyTooHigh")
        .withArgs(251n, 250n);
    });

    it("never goes above the default rate that applied", async function () {
      const { registry, asMinter, minter, parentId } = await loadFixture(mintParent);
      await expect(asMinter.setTokenRoyalty(parentId, minter, DEFAULT_ROYALTY + 1n))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceRoyaltyTooHigh")
        .withArgs(DEFAULT_ROYALTY + 1n, DEFAULT_ROYALTY);
    });

    it("reverts for the owner, for an unknown model, and without a receiver", async function () {
      const { registry, asMinter, owner, parentId } = await loadFixture(mintParent);
      await expect(registry.connect(owner).setTokenRoyalty(parentId, owner, 1))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceUnauthorizedCreator")
        .withArgs(owner.address, parentId);
      await expect(asMinter.setTokenRoyalty(7n, owner, 1))
        .to.be.revertedWithCustomError(registry, "ERC721NonexistentToken")
        .withArgs(7n);
      await expect(asMinter.setTokenRoyalty(parentId, ethers.ZeroAddress, 0))
        .to.be.revertedWithCustomError(registry, "ERC2981InvalidTokenRoyaltyReceiver")
        .withArgs(parentId, ethers.ZeroAddress);
    });

    it("reverts a mint above the cap, or with a rate and no receiver", async function () {
      const { registry, asMinter, owner } = await loadFixture(deployModelProvenance);
      const high = leanSubmission("model", { royaltyReceiver: owner.address, royaltyBasisPoints: 1_001n });
      await expect(asMinter.mintProvenanceNFT(owner, high))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceRoyaltyTooHigh")
        .withArgs(1_001n, 1_000n);
      const nobody = leanSubmission("model", { royaltyBasisPoints: 1n });
      await expect(asMinter.mintProvenanceNFT(owner, nobody))
        .to.be.revertedWithCustomError(registry, "ERC2981InvalidTokenRoyaltyReceiver")
        .withArgs(tokenIdOf(nobody), ethers.ZeroAddress);
    });
  });

  describe("supportsInterface", function () {
    const ids = { ERC165: "0x01ffc9a7", ERC721: "0x80ac58cd", ERC721Metadata: "0x5b5e139f", ERC2981: "0x2a55205a" };
    for (const [name, id] of Object.entries(ids)) {
      it(`knows ${name}`, async function () {
        const { registry } = await loadFixture(deployModelProvenance);
        expect(await registry.supportsInterface(id)).to.equal(true);
      });
    }

    it("knows nothing else", async function () {
      const { registry } = await loadFixture(deployModelProvenance);
      expect(await registry.supportsInterface("0xffffffff")).to.equal(false);
    });
  });
});

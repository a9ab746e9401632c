import { expect } from "chai";
import {
  DEFAULT_ROYALTY,
  deployModelProvenance,
  ethers,
  leanSubmission,
  mintParent,
  networkHelpers,
} from "../helpers/deploy-model-provenance.ts";
import { tokenIdOf } from "../helpers/submissions.ts";

const { loadFixture } = networkHelpers;

describe("ModelProvenanceNFT", function () {
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
});

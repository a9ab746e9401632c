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

    it("leaves the default royalty to the admin, however low the rate", async function () {
      const { registry, asMinter, minter, treasury, parentId } = await loadFixture(mintParent);
      for (const basisPoints of [0n, 1n, DEFAULT_ROYALTY, DEFAULT_ROYALTY + 1n]) {
        await expect(asMinter.setTokenRoyalty(parentId, minter, basisPoints))
          .to.be.revertedWithCustomError(registry, "ModelProvenanceDefaultRoyalty")
          .withArgs(parentId);
      }
      expect(await registry.royaltyInfo(parentId, 10_000n)).to.deep.equal([treasury.address, DEFAULT_ROYALTY]);
    });

    it("keeps a royalty of its own at a rate of zero", async function () {
      const { registry, asMinter, minter, owner, stranger } = await loadFixture(deployModelProvenance);
      const submission = leanSubmission("model", { royaltyReceiver: minter.address, royaltyBasisPoints: 0n });
      await asMinter.mintProvenanceNFT(owner, submission);
      await asMinter.setTokenRoyalty(tokenIdOf(submission), stranger, 0);
      expect(await registry.royaltyInfo(tokenIdOf(submission), 10_000n)).to.deep.equal([stranger.address, 0n]);
    });

    it("reverts for the owner, for an unknown model, and without a receiver", async function () {
      const { registry, asMinter, owner, parentId } = await loadFixture(mintParent);
      await expect(registry.connect(owner).setTokenRoyalty(parentId, owner, 1))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceUnauthorizedCreator")
        .withArgs(owner.address, parentId);
      await expect(asMinter.setTokenRoyalty(7n, owner, 1))
        .to.be.revertedWithCustomError(registry, "ERC721NonexistentToken")
        .withArgs(7n);
      const own = leanSubmission("model", { royaltyReceiver: owner.address, royaltyBasisPoints: 1n });
      await asMinter.mintProvenanceNFT(owner, own);
      await expect(asMinter.setTokenRoyalty(tokenIdOf(own), ethers.ZeroAddress, 0))
        .to.be.revertedWithCustomError(registry, "ERC2981InvalidTokenRoyaltyReceiver")
        .withArgs(tokenIdOf(own), ethers.ZeroAddress);
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

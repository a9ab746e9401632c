import { expect } from "chai";
import { deployModelProvenance, ethers, leanSubmission, networkHelpers } from "../helpers/deploy-model-provenance.ts";
import { Relation, tokenIdOf } from "../helpers/submissions.ts";

const { loadFixture, time } = networkHelpers;

describe("ModelProvenanceNFT", function () {
  async function mintFamily() {
    const context = await deployModelProvenance();
    const { registry, asMinter, owner, stranger } = context;
    const parent = leanSubmission("parent");
    const uncle = leanSubmission("uncle");
    const child = leanSubmission("child", {
      relation: Relation.Merge,
      parents: [tokenIdOf(uncle), tokenIdOf(parent)],
    });
    await asMinter.mintProvenanceNFT(owner, parent);
    await asMinter.mintProvenanceNFT(owner, uncle);
    await asMinter.mintProvenanceNFT(stranger, child);
    const { chainId } = await ethers.provider.getNetwork();
    const here = [chainId, await registry.getAddress()] as const;
    const [parentId, childId] = [tokenIdOf(parent), tokenIdOf(child)];
    return { ...context, asOwner: registry.connect(owner), parentId, childId, here };
  }

  describe("endorse", function () {
    it("lets the parent's owner confirm a child of this registry", async function () {
      const { registry, asOwner, owner, parentId, childId, here } = await loadFixture(mintFamily);
      expect(await registry.isEndorsed(parentId, ...here, childId)).to.equal(false);
      await expect(asOwner.endorse(parentId, ...here, childId))
        .to.emit(registry, "ModelEndorsed")
        .withArgs(parentId, childId, here[1], here[0], owner.address);
      expect(await registry.isEndorsed(parentId, ...here, childId)).to.equal(true);
    });

    it("lets it confirm a child of another registry or chain, and that one only", async function () {
      const { registry, asOwner, stranger, parentId, here } = await loadFixture(mintFamily);
      await asOwner.endorse(parentId, 10n, here[1], 7n);
      await asOwner.endorse(parentId, here[0], stranger, 7n);
      expect(await registry.isEndorsed(parentId, 10n, here[1], 7n)).to.equal(true);
      expect(await registry.isEndorsed(parentId, here[0], stranger, 7n)).to.equal(true);
      expect(await registry.isEndorsed(parentId, 10n, stranger, 7n)).to.equal(false);
      expect(await registry.isEndorsed(parentId, 10n, here[1], 8n)).to.equal(false);
    });

    it("reverts when the child does not name the parent, or is not recorded", async function () {
      const { registry, asOwner, parentId, here } = await loadFixture(mintFamily);
      await expect(asOwner.endorse(parentId, ...here, parentId))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceNotAParent")
        .withArgs(parentId, parentId);
      await expect(asOwner.endorse(parentId, ...here, 7n))
        .to.be.revertedWithCustomError(registry, "ERC721NonexistentToken")
        .withArgs(7n);
    });

    it("reverts for anybody but the owner, and without a chain or a registry", async function () {
      const { registry, asMinter, asOwner, minter, parentId, childId, here } = await loadFixture(mintFamily);
      await expect(asMinter.endorse(parentId, ...here, childId))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceUnauthorizedOwner")
        .withArgs(minter.address, parentId);
      await expect(asOwner.endorse(7n, ...here, childId))
        .to.be.revertedWithCustomError(registry, "ERC721NonexistentToken")
        .withArgs(7n);
      for (const [chainId, address] of [
        [0n, here[1]],
        [1n, ethers.ZeroAddress],
      ] as const) {
        await expect(asOwner.endorse(parentId, chainId, address, childId))
          .to.be.revertedWithCustomError(registry, "ModelProvenanceInvalidChild")
          .withArgs(chainId, address, childId);
      }
    });
  });

  describe("withdrawEndorsement", function () {
    it("takes it back, also when another owner gave it", async function () {
      const { registry, asOwner, owner, stranger, parentId, childId, here } = await loadFixture(mintFamily);
      await asOwner.endorse(parentId, ...here, childId);
      await asOwner.transferFrom(owner, stranger, parentId);
      expect(await registry.isEndorsed(parentId, ...here, childId)).to.equal(true);
      await expect(registry.connect(stranger).withdrawEndorsement(parentId, ...here, childId))
        .to.emit(registry, "ModelEndorsementWithdrawn")
        .withArgs(parentId, childId, here[1], here[0], stranger.address);
      expect(await registry.isEndorsed(parentId, ...here, childId)).to.equal(false);
    });

    it("reverts when there is none, and for anybody but the owner", async function () {
      const { registry, asMinter, asOwner, minter, parentId, childId, here } = await loadFixture(mintFamily);
      await expect(asOwner.withdrawEndorsement(parentId, ...here, childId))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceNotEndorsed")
        .withArgs(parentId, ...here, childId);
      await expect(asMinter.withdrawEndorsement(parentId, ...here, childId))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceUnauthorizedOwner")
        .withArgs(minter.address, parentId);
    });
  });

  describe("grantUse", function () {
    it("admits an account until the time it names", async function () {
      const { registry, asOwner, owner, minter, parentId } = await loadFixture(mintFamily);
      const expires = BigInt(await time.latest()) + 100n;
      expect(await registry.hasAccess(parentId, owner)).to.equal(true);
      expect(await registry.hasAccess(parentId, minter)).to.equal(false);
      await expect(asOwner.grantUse(parentId, minter, expires))
        .to.emit(registry, "ModelUseGranted")
        .withArgs(parentId, owner.address, minter.address, expires);
      await time.increaseTo(expires - 1n);
      expect(await registry.hasAccess(parentId, minter)).to.equal(true);
      await time.increaseTo(expires);
      expect(await registry.hasAccess(parentId, minter)).to.equal(false);
    });

    it("ends with a transfer, and lives again when the owner gets the token back", async function () {
      const { registry, asOwner, owner, minter, stranger, parentId } = await loadFixture(mintFamily);
      await asOwner.grantUse(parentId, minter, 2n ** 64n - 1n);
      await asOwner.transferFrom(owner, stranger, parentId);
      expect(await registry.hasAccess(parentId, minter)).to.equal(false);
      expect(await registry.hasAccess(parentId, owner)).to.equal(false);
      await registry.connect(stranger).transferFrom(stranger, owner, parentId);
      expect(await registry.hasAccess(parentId, minter)).to.equal(true);
    });

    it("reverts without an account, without a future, and for anybody but the owner", async function () {
      const { registry, asMinter, asOwner, minter, parentId } = await loadFixture(mintFamily);
      const now = BigInt(await time.latest()) + 10n;
      await time.setNextBlockTimestamp(now);
      await expect(asOwner.grantUse(parentId, minter, now))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceInvalidGrant")
        .withArgs(minter.address, now);
      await expect(asOwner.grantUse(parentId, ethers.ZeroAddress, now + 100n))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceInvalidGrant")
        .withArgs(ethers.ZeroAddress, now + 100n);
      await expect(asMinter.grantUse(parentId, minter, now + 100n))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceUnauthorizedOwner")
        .withArgs(minter.address, parentId);
    });
  });

  describe("revokeUse", function () {
    it("takes the grant back", async function () {
      const { registry, asOwner, owner, minter, parentId } = await loadFixture(mintFamily);
      await asOwner.grantUse(parentId, minter, 2n ** 64n - 1n);
      await expect(asOwner.revokeUse(parentId, minter))
        .to.emit(registry, "ModelUseRevoked")
        .withArgs(parentId, owner.address, minter.address);
      expect(await registry.hasAccess(parentId, minter)).to.equal(false);
    });

    it("reverts for anybody but the owner", async function () {
      const { registry, asMinter, minter, parentId } = await loadFixture(mintFamily);
      await expect(asMinter.revokeUse(parentId, minter))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceUnauthorizedOwner")
        .withArgs(minter.address, parentId);
    });
  });

  describe("hasAccess", function () {
    it("reverts for a model that is not recorded", async function () {
      const { registry, owner } = await loadFixture(deployModelProvenance);
      await expect(registry.hasAccess(7n, owner))
        .to.be.revertedWithCustomError(registry, "ERC721NonexistentToken")
        .withArgs(7n);
    });
  });
});

import { expect } from "chai";
import { deployModelProvenance, ethers, leanSubmission, networkHelpers } from "../helpers/deploy-model-provenance.ts";
import { tokenIdOf } from "../helpers/submissions.ts";

const { loadFixture, time } = networkHelpers;

const Behaviour = { Allow: 0, Refuse: 1, BurnGas: 2 } as const;

describe("ModelProvenanceNFT", function () {
  async function mintModel() {
    const context = await deployModelProvenance();
    const submission = leanSubmission("model");
    await context.asMinter.mintProvenanceNFT(context.owner, submission);
    const asAdmin = context.registry.connect(context.admin);
    return { ...context, asAdmin, tokenId: tokenIdOf(submission) };
  }

  describe("setTransferValidator", function () {
    it("announces the validator as marketplaces expect it", async function () {
      const { registry, asAdmin } = await loadFixture(mintModel);
      const validator = await ethers.deployContract("TransferValidatorMock", [Behaviour.Allow]);
      const address = await validator.getAddress();
      expect(await registry.getTransferValidator()).to.equal(ethers.ZeroAddress);
      await expect(asAdmin.setTransferValidator(validator))
        .to.emit(registry, "TransferValidatorUpdated")
        .withArgs(ethers.ZeroAddress, address);
      expect(await registry.getTransferValidator()).to.equal(address);
      expect(await registry.getTransferValidationFunction()).to.deep.equal(["0xcaee23ea", true]);
    });

    it("reverts for a validator without code, and for anybody but the admin", async function () {
      const { registry, asAdmin, minter, stranger } = await loadFixture(mintModel);
      await expect(asAdmin.setTransferValidator(stranger))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceInvalidTransferValidator")
        .withArgs(stranger.address);
      await expect(registry.connect(minter).setTransferValidator(ethers.ZeroAddress))
        .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
        .withArgs(minter.address, ethers.ZeroHash);
    });

    for (const behaviour of ["Refuse", "BurnGas"] as const) {
      it(`never blocks minting, and unsets a validator that would ${behaviour}`, async function () {
        const { registry, asAdmin, asMinter, owner, stranger, tokenId } = await loadFixture(mintModel);
        const validator = await ethers.deployContract("TransferValidatorMock", [Behaviour[behaviour]]);
        await asAdmin.setTransferValidator(validator);
        await expect(
          registry.connect(owner).transferFrom(owner, stranger, tokenId, { gasLimit: 500_000 }),
        ).to.be.revert(ethers);
        await asMinter.mintProvenanceNFT(owner, leanSubmission("other"));
        await asAdmin.setTransferValidator(ethers.ZeroAddress);
        await registry.connect(owner).transferFrom(owner, stranger, tokenId);
        expect(await registry.ownerOf(tokenId)).to.equal(stranger.address);
      });
    }

    it("tells the validator who moves what, and does not ask it about its own transfers", async function () {
      const { registry, asAdmin, owner, stranger, minter, tokenId } = await loadFixture(mintModel);
      const validator = await ethers.deployContract("TransferValidatorMock", [Behaviour.Refuse]);
      await asAdmin.setTransferValidator(validator);
      await registry.connect(owner).approve(minter, tokenId);
      await expect(registry.connect(minter).transferFrom(owner, stranger, tokenId))
        .to.be.revertedWithCustomError(validator, "TransferRefused")
        .withArgs(minter.address, owner.address, stranger.address, tokenId);
      await registry.connect(owner).approve(validator, tokenId);
      await validator.move(registry, owner, stranger, tokenId);
      expect(await registry.ownerOf(tokenId)).to.equal(stranger.address);
    });

    it("keeps an admin while a validator is set", async function () {
      const { registry, asAdmin, admin } = await loadFixture(mintModel);
      const validator = await ethers.deployContract("TransferValidatorMock", [Behaviour.Refuse]);
      await asAdmin.beginDefaultAdminTransfer(ethers.ZeroAddress);
      await time.increase(3 * 24 * 3_600 + 1);
      await asAdmin.setTransferValidator(validator);
      await expect(asAdmin.renounceRole(ethers.ZeroHash, admin))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceTransferValidatorSet")
        .withArgs(await validator.getAddress());
      await asAdmin.setTransferValidator(ethers.ZeroAddress);
      await asAdmin.renounceRole(ethers.ZeroHash, admin);
      expect(await registry.owner()).to.equal(ethers.ZeroAddress);
    });

    it("lets other roles be renounced while a validator is set", async function () {
      const { registry, asAdmin, minter, MINTER_ROLE } = await loadFixture(mintModel);
      await asAdmin.setTransferValidator(await ethers.deployContract("TransferValidatorMock", [Behaviour.Refuse]));
      await registry.connect(minter).renounceRole(MINTER_ROLE, minter);
      expect(await registry.hasRole(MINTER_ROLE, minter)).to.equal(false);
    });
  });
});

describe("OperatorFilterTransferValidator", function () {
  for (const answersNo of [false, true]) {
    it(`applies a registry that ${answersNo ? "answers no" : "reverts"}`, async function () {
      const { registry, asAdmin, owner, stranger, minter, tokenId } = await loadFixture(mintModelWithAdmin);
      const filter = await ethers.deployContract("OperatorFilterRegistryMock", [answersNo]);
      const validator = await ethers.deployContract("OperatorFilterTransferValidator", [filter]);
      expect(await validator.registry()).to.equal(await filter.getAddress());
      await asAdmin.setTransferValidator(validator);
      await filter.subscribe(registry, stranger);
      await filter.updateOperator(stranger, minter, true);
      await registry.connect(owner).setApprovalForAll(minter, true);

      const transaction = registry.connect(minter).transferFrom(owner, stranger, tokenId);
      if (answersNo) {
        await expect(transaction)
          .to.be.revertedWithCustomError(validator, "OperatorFilterOperatorNotAllowed")
          .withArgs(await registry.getAddress(), minter.address);
      } else {
        await expect(transaction).to.be.revertedWithCustomError(filter, "AddressFiltered").withArgs(minter.address);
      }
      await registry.connect(owner).transferFrom(owner, stranger, tokenId);
      await registry.connect(stranger).approve(owner, tokenId);
      await registry.connect(owner).transferFrom(stranger, owner, tokenId);
      expect(await registry.ownerOf(tokenId)).to.equal(owner.address);
    });
  }

  it("reverts for a registry without code", async function () {
    const { stranger } = await loadFixture(mintModelWithAdmin);
    const factory = await ethers.getContractFactory("OperatorFilterTransferValidator");
    await expect(factory.deploy(stranger))
      .to.be.revertedWithCustomError(factory, "OperatorFilterInvalidRegistry")
      .withArgs(stranger.address);
  });

  async function mintModelWithAdmin() {
    const context = await deployModelProvenance();
    const submission = leanSubmission("model");
    await context.asMinter.mintProvenanceNFT(context.owner, submission);
    return { ...context, asAdmin: context.registry.connect(context.admin), tokenId: tokenIdOf(submission) };
  }
});

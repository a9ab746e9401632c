import { expect } from "chai";
import { deployModelProvenance, ethers, leanSubmission, networkHelpers } from "../helpers/deploy-model-provenance.ts";
import { anchorTree, digestOf, Status, tokenIdOf } from "../helpers/submissions.ts";

const { loadFixture, time } = networkHelpers;

const Behaviour = { Accept: 0, WrongMagic: 1, RevertEmpty: 2, RevertWithMessage: 3, Reenter: 4 } as const;

const INTERFACES = {
  "ERC-165": "0x01ffc9a7",
  "ERC-721": "0x80ac58cd",
  "ERC-721 metadata": "0x5b5e139f",
  "ERC-2981": "0x2a55205a",
  "ERC-4906": "0x49064906",
  "ERC-7572": "0xe8a3d485",
  "ERC-5267": "0x84b0196e",
  "ERC-5313": "0x8da5cb5b",
  "access control": "0x7965db0b",
  "access control with default admin rules": "0x31498786",
  "creator token": "0xad0d7f6c",
  "creator token, first form": "0xa07d229a",
};

describe("ModelProvenanceNFT", function () {
  async function mintTwo() {
    const context = await deployModelProvenance();
    const submissions = [leanSubmission("first"), leanSubmission("second")];
    await context.asMinter.mintBatch(context.owner, submissions);
    const [first, second] = submissions.map(tokenIdOf) as [bigint, bigint];
    return { ...context, asOwner: context.registry.connect(context.owner), first, second };
  }

  describe("supportsInterface", function () {
    for (const [name, id] of Object.entries(INTERFACES)) {
      it(`knows ${name}`, async function () {
        const { registry } = await loadFixture(deployModelProvenance);
        expect(await registry.supportsInterface(id)).to.equal(true);
      });
    }

    it("knows its own interface, and not 0xffffffff", async function () {
      const { registry } = await loadFixture(deployModelProvenance);
      const { interface: own } = await ethers.getContractAt("IModelProvenanceNFT", await registry.getAddress());
      let id = 0n;
      own.forEachFunction(({ selector }) => (id ^= BigInt(selector)));
      expect(await registry.supportsInterface(ethers.toBeHex(id, 4))).to.equal(true);
      expect(await registry.supportsInterface("0xffffffff")).to.equal(false);
    });
  });

  describe("ERC-721", function () {
    it("has a name, a symbol and balances", async function () {
      const { registry, owner, stranger } = await loadFixture(mintTwo);
      expect(await registry.name()).to.equal("Model Provenance");
      expect(await registry.symbol()).to.equal("MODEL");
      expect(await registry.balanceOf(owner)).to.equal(2n);
      expect(await registry.balanceOf(stranger)).to.equal(0n);
      await expect(registry.balanceOf(ethers.ZeroAddress))
        .to.be.revertedWithCustomError(registry, "ERC721InvalidOwner")
        .withArgs(ethers.ZeroAddress);
    });

    it("moves a token for its owner, an approved account and an operator, and clears the approval", async function () {
      const { registry, asOwner, owner, minter, stranger, first, second } = await loadFixture(mintTwo);
      await asOwner.approve(minter, first);
      await asOwner.setApprovalForAll(minter, true);
      await expect(registry.connect(minter).transferFrom(owner, stranger, first))
        .to.emit(registry, "Transfer")
        .withArgs(owner.address, stranger.address, first);
      expect(await registry.getApproved(first)).to.equal(ethers.ZeroAddress);
      await registry.connect(minter)["safeTransferFrom(address,address,uint256)"](owner, stranger, second);
      expect(await registry.balanceOf(stranger)).to.equal(2n);
      expect(await registry.balanceOf(owner)).to.equal(0n);
    });

    it("reverts a transfer that is not allowed, goes to zero, or names a wrong owner", async function () {
      const { registry, asOwner, owner, stranger, first } = await loadFixture(mintTwo);
      await expect(registry.connect(stranger).transferFrom(owner, stranger, first))
        .to.be.revertedWithCustomError(registry, "ERC721InsufficientApproval")
        .withArgs(stranger.address, first);
      await expect(asOwner.transferFrom(owner, ethers.ZeroAddress, first))
        .to.be.revertedWithCustomError(registry, "ERC721InvalidReceiver")
        .withArgs(ethers.ZeroAddress);
      await expect(asOwner.transferFrom(stranger, stranger, first))
        .to.be.revertedWithCustomError(registry, "ERC721IncorrectOwner")
        .withArgs(stranger.address, first, owner.address);
      await expect(asOwner.transferFrom(owner, stranger, 7n))
        .to.be.revertedWithCustomError(registry, "ERC721NonexistentToken")
        .withArgs(7n);
      await expect(registry.connect(stranger).approve(stranger, first))
        .to.be.revertedWithCustomError(registry, "ERC721InvalidApprover")
        .withArgs(stranger.address);
      await expect(asOwner.setApprovalForAll(ethers.ZeroAddress, true))
        .to.be.revertedWithCustomError(registry, "ERC721InvalidOperator")
        .withArgs(ethers.ZeroAddress);
    });

    it("keeps the record when a token is sold", async function () {
      const { registry, asOwner, owner, stranger, first } = await loadFixture(mintTwo);
      const before = await registry.getModelData(first);
      await asOwner.transferFrom(owner, stranger, first);
      expect(await registry.getModelData(first)).to.deep.equal(before);
    });
  });

  describe("a receiver that is a contract", function () {
    /** The ways of minting to a receiver. */
    async function mintWays() {
      const context = await deployModelProvenance();
      const { asMinter } = context;
      const submission = leanSubmission("model");
      const tree = anchorTree([submission, leanSubmission("other")]);
      await asMinter.anchorBatch(tree.root, digestOf("directory"), 2);
      const ways = {
        mintProvenanceNFT: (to: string) => asMinter.mintProvenanceNFT(to, submission),
        mintBatch: (to: string) => asMinter.mintBatch(to, [submission]),
        mintAnchored: (to: string) => asMinter.mintAnchored(tree.root, to, submission, tree.getProof(0)),
      };
      return { ...context, submission, tokenId: tokenIdOf(submission), ways };
    }

    for (const way of ["mintProvenanceNFT", "mintBatch", "mintAnchored"] as const) {
      it(`gets a token by ${way} when it accepts, and not otherwise`, async function () {
        const { registry, ways, tokenId } = await loadFixture(mintWays);
        for (const behaviour of [Behaviour.WrongMagic, Behaviour.RevertEmpty]) {
          const address = await (await ethers.deployContract("ReceiverMock", [behaviour])).getAddress();
          await expect(ways[way](address))
            .to.be.revertedWithCustomError(registry, "ERC721InvalidReceiver")
            .withArgs(address);
        }
        const talker = await ethers.deployContract("ReceiverMock", [Behaviour.RevertWithMessage]);
        await expect(ways[way](await talker.getAddress())).to.be.revertedWith("no tokens please");
        const without = await registry.getAddress();
        await expect(ways[way](without))
          .to.be.revertedWithCustomError(registry, "ERC721InvalidReceiver")
          .withArgs(without);

        const receiver = await ethers.deployContract("ReceiverMock", [Behaviour.Accept]);
        await ways[way](await receiver.getAddress());
        expect(await receiver.received()).to.equal(tokenId);
        expect(await registry.ownerOf(tokenId)).to.equal(await receiver.getAddress());
      });
    }

    it("sees the finished record from inside of the hook", async function () {
      const { registry, ways, tokenId } = await loadFixture(mintWays);
      const receiver = await ethers.deployContract("ReceiverMock", [Behaviour.Reenter]);
      await receiver.setCall(registry, registry.interface.encodeFunctionData("getModelData", [tokenId]));
      await ways.mintProvenanceNFT(await receiver.getAddress());
      expect(await receiver.answer()).to.equal(
        registry.interface.encodeFunctionResult("getModelData", [await registry.getModelData(tokenId)]),
      );
    });

    it("cannot mint the same model again from inside of the hook", async function () {
      const { registry, admin, ways, submission, MINTER_ROLE } = await loadFixture(mintWays);
      const receiver = await ethers.deployContract("ReceiverMock", [Behaviour.Reenter]);
      await registry.connect(admin).grantRole(MINTER_ROLE, receiver);
      const again = registry.interface.encodeFunctionData("mintProvenanceNFT", [
        await receiver.getAddress(),
        submission,
      ]);
      await receiver.setCall(registry, again);
      await expect(ways.mintProvenanceNFT(await receiver.getAddress()))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceDuplicateModel")
        .withArgs(submission.modelDigest);
    });

    it("holds the status of its batch from the first moment on", async function () {
      const { registry, asMinter, minter, owner } = await loadFixture(deployModelProvenance);
      const submission = leanSubmission("model");
      const tree = anchorTree([submission, leanSubmission("other")]);
      await asMinter.anchorBatch(tree.root, digestOf("directory"), 2);
      await asMinter.setAnchorStatus(tree.root, minter, Status.Deprecated, "");
      const receiver = await ethers.deployContract("ReceiverMock", [Behaviour.Reenter]);
      const ask = registry.interface.encodeFunctionData("lineageStatus", [tokenIdOf(submission), 1]);
      await receiver.setCall(registry, ask);
      await asMinter.mintAnchored(tree.root, receiver, submission, tree.getProof(0));
      expect(registry.interface.decodeFunctionResult("lineageStatus", await receiver.answer())[0]).to.equal(
        Status.Deprecated,
      );
      expect(await registry.balanceOf(owner)).to.equal(0n);
    });
  });

  describe("administration", function () {
    it("moves in two steps, after three days", async function () {
      const { registry, admin, stranger } = await loadFixture(deployModelProvenance);
      expect(await registry.defaultAdminDelay()).to.equal(3n * 24n * 3_600n);
      await registry.connect(admin).beginDefaultAdminTransfer(stranger);
      const schedule = BigInt(await time.latest()) + 3n * 24n * 3_600n;
      await expect(registry.connect(stranger).acceptDefaultAdminTransfer())
        .to.be.revertedWithCustomError(registry, "AccessControlEnforcedDefaultAdminDelay")
        .withArgs(schedule);
      await expect(registry.connect(admin).acceptDefaultAdminTransfer())
        .to.be.revertedWithCustomError(registry, "AccessControlInvalidDefaultAdmin")
        .withArgs(admin.address);
      await time.increaseTo(schedule + 1n);
      await registry.connect(stranger).acceptDefaultAdminTransfer();
      expect(await registry.owner()).to.equal(stranger.address);
    });

    it("does not let the admin mint, or set a status", async function () {
      const { registry, admin, first, MINTER_ROLE } = await loadFixture(mintTwo);
      await expect(registry.connect(admin).mintProvenanceNFT(admin, leanSubmission("own")))
        .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
        .withArgs(admin.address, MINTER_ROLE);
      await expect(registry.connect(admin).setStatus(first, Status.Revoked, ""))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceUnauthorizedStatusChange")
        .withArgs(admin.address, first);
    });
  });
});

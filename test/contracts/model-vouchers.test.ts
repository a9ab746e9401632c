import { expect } from "chai";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { deployModelProvenance, ethers, fullSubmission, networkHelpers } from "../helpers/deploy-model-provenance.ts";
import { digestOf, tokenIdOf, type Submission } from "../helpers/submissions.ts";

const { loadFixture, time } = networkHelpers;

/** The types as a wallet gets them, written out by hand: what the contract hashes must agree. */
const TYPES = {
  MintVoucher: [
    { name: "to", type: "address" },
    { name: "submission", type: "ModelSubmission" },
    { name: "deadline", type: "uint256" },
  ],
  ModelSubmission: [
    { name: "modelDigest", type: "bytes32" },
    { name: "manifestRoot", type: "bytes32" },
    { name: "weightsDigest", type: "bytes32" },
    { name: "datasetDigest", type: "bytes32" },
    { name: "metadataDigest", type: "bytes32" },
    { name: "relation", type: "uint8" },
    { name: "parents", type: "uint256[]" },
    { name: "baseModelDigest", type: "bytes32" },
    { name: "framework", type: "string" },
    { name: "license", type: "string" },
    { name: "performanceMetrics", type: "string" },
    { name: "version", type: "string" },
    { name: "royaltyReceiver", type: "address" },
    { name: "royaltyBasisPoints", type: "uint96" },
  ],
};

describe("ModelProvenanceNFT", function () {
  async function signVoucher() {
    const context = await deployModelProvenance();
    const { registry, owner, minter, stranger } = context;
    const { chainId } = await ethers.provider.getNetwork();
    const domain = {
      name: "ModelProvenanceNFT",
      version: "1",
      chainId,
      verifyingContract: await registry.getAddress(),
    };
    const deadline = BigInt(await time.latest()) + 3_600n;
    const submission = fullSubmission("model", { royaltyReceiver: minter.address, royaltyBasisPoints: 300n });
    const voucher = { to: owner.address, submission, deadline };
    const sign = (signer: HardhatEthersSigner = minter, changes: Partial<typeof domain> = {}, value = voucher) =>
      signer.signTypedData({ ...domain, ...changes }, TYPES, value);
    const asStranger = registry.connect(stranger);
    return { ...context, domain, deadline, submission, voucher, sign, asStranger, tokenId: tokenIdOf(submission) };
  }

  describe("hashVoucher", function () {
    it("is the EIP-712 hash of what a wallet shows", async function () {
      const { registry, domain, voucher } = await loadFixture(signVoucher);
      const submissions: Submission[] = [
        voucher.submission,
        fullSubmission("other", {
          relation: 5n,
          parents: [1n, 2n ** 256n - 1n],
          baseModelDigest: digestOf("base"),
          framework: "f".repeat(64),
          license: "",
          version: "2.0.0",
        }),
      ];
      for (const submission of submissions) {
        const value = { ...voucher, submission };
        expect(await registry.hashVoucher(value)).to.equal(ethers.TypedDataEncoder.hash(domain, TYPES, value));
      }
    });
  });

  describe("mintWithVoucher", function () {
    it("mints to the receiver, with the signer as the creator, whoever pays", async function () {
      const { registry, asStranger, owner, minter, voucher, sign, tokenId } = await loadFixture(signVoucher);
      await asStranger.mintWithVoucher(voucher, await sign());
      expect(await registry.ownerOf(tokenId)).to.equal(owner.address);
      expect((await registry.getModelData(tokenId)).creator).to.equal(minter.address);
      expect(await registry.royaltyInfo(tokenId, 10_000n)).to.deep.equal([minter.address, 300n]);
    });

    it("takes the signature of a contract, and of an account named before it", async function () {
      const { registry, asStranger, admin, minter, stranger, voucher, sign, tokenId, MINTER_ROLE } =
        await loadFixture(signVoucher);
      const wallet = await ethers.deployContract("WalletMock", [stranger]);
      await registry.connect(admin).grantRole(MINTER_ROLE, wallet);
      const byWallet = ethers.concat([await wallet.getAddress(), await sign(stranger)]);
      await asStranger.mintWithVoucher(voucher, byWallet);
      expect((await registry.getModelData(tokenId)).creator).to.equal(await wallet.getAddress());

      const other = { ...voucher, submission: fullSubmission("other") };
      await asStranger.mintWithVoucher(other, ethers.concat([minter.address, await sign(minter, {}, other)]));
      expect((await registry.getModelData(tokenIdOf(other.submission))).creator).to.equal(minter.address);
    });

    it("reverts when it is used again, and that is a success for its holder", async function () {
      const { registry, asStranger, owner, voucher, submission, sign, tokenId } = await loadFixture(signVoucher);
      await asStranger.mintWithVoucher(voucher, await sign());
      await expect(registry.connect(owner).mintWithVoucher(voucher, await sign()))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceDuplicateModel")
        .withArgs(submission.modelDigest);
      expect(await registry.ownerOf(tokenId)).to.equal(owner.address);
    });

    it("reverts after its deadline, and works until then", async function () {
      const { registry, asStranger, voucher, deadline, sign, tokenId } = await loadFixture(signVoucher);
      await time.setNextBlockTimestamp(deadline + 1n);
      await expect(asStranger.mintWithVoucher(voucher, await sign()))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceExpiredVoucher")
        .withArgs(deadline);
      const longer = { ...voucher, deadline: deadline + 100n };
      const signature = await sign(undefined, {}, longer);
      await time.setNextBlockTimestamp(deadline + 100n);
      await asStranger.mintWithVoucher(longer, signature);
      expect((await registry.getModelData(tokenId)).mintedAt).to.equal(deadline + 100n);
    });

    it("reverts for another chain, another contract, or changed contents", async function () {
      const { registry, asStranger, owner, stranger, voucher, sign, MINTER_ROLE } = await loadFixture(signVoucher);
      const signatures = [
        await sign(undefined, { chainId: 1n }),
        await sign(undefined, { verifyingContract: owner.address }),
      ];
      for (const signature of signatures) {
        const signer = ethers.recoverAddress(await registry.hashVoucher(voucher), signature);
        await expect(asStranger.mintWithVoucher(voucher, signature))
          .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
          .withArgs(signer, MINTER_ROLE);
      }
      const stolen = { ...voucher, to: stranger.address };
      await expect(asStranger.mintWithVoucher(stolen, await sign())).to.be.revertedWithCustomError(
        registry,
        "AccessControlUnauthorizedAccount",
      );
    });

    it("reverts when the signer is no minter, or no longer", async function () {
      const { registry, asStranger, admin, minter, stranger, voucher, sign, MINTER_ROLE } =
        await loadFixture(signVoucher);
      await expect(asStranger.mintWithVoucher(voucher, await sign(stranger)))
        .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
        .withArgs(stranger.address, MINTER_ROLE);
      await registry.connect(admin).revokeRole(MINTER_ROLE, minter);
      await expect(asStranger.mintWithVoucher(voucher, await sign()))
        .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
        .withArgs(minter.address, MINTER_ROLE);
    });

    it("reverts when the bytes are no signature", async function () {
      const { registry, asStranger, minter, stranger, voucher, sign } = await loadFixture(signVoucher);
      const wallet = await ethers.deployContract("WalletMock", [minter]);
      const signatures = [
        "0x",
        "0x1234",
        ethers.hexlify(new Uint8Array(65)),
        minter.address,
        ethers.concat([stranger.address, await sign()]),
        ethers.concat([await wallet.getAddress(), await sign(stranger)]),
      ];
      for (const signature of signatures) {
        await expect(asStranger.mintWithVoucher(voucher, signature))
          .to.be.revertedWithCustomError(registry, "ModelProvenanceInvalidSignature")
          .withArgs(await registry.hashVoucher(voucher), signature.toLowerCase());
      }
    });
  });

  describe("cancelVoucher", function () {
    it("makes the signer's voucher worthless", async function () {
      const { registry, asMinter, asStranger, minter, voucher, sign } = await loadFixture(signVoucher);
      const hash = await registry.hashVoucher(voucher);
      await expect(asMinter.cancelVoucher(voucher))
        .to.emit(registry, "VoucherCancelled")
        .withArgs(minter.address, hash);
      await expect(asStranger.mintWithVoucher(voucher, await sign()))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceCancelledVoucher")
        .withArgs(minter.address, hash);
    });

    it("does nothing to the voucher of another", async function () {
      const { registry, asStranger, owner, voucher, sign, tokenId } = await loadFixture(signVoucher);
      await asStranger.cancelVoucher(voucher);
      await asStranger.mintWithVoucher(voucher, await sign());
      expect(await registry.ownerOf(tokenId)).to.equal(owner.address);
    });
  });
});

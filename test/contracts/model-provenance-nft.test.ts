import { expect } from "chai";
import { DEFAULT_ROYALTY, deployModelProvenance, ethers, networkHelpers } from "../helpers/deploy-model-provenance.ts";

const { loadFixture } = networkHelpers;

describe("ModelProvenanceNFT", function () {
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

import { expect } from "chai";
import { deployModelProvenance, ethers, leanSubmission, networkHelpers } from "../helpers/deploy-model-provenance.ts";
import { Relation, Status, tokenIdOf } from "../helpers/submissions.ts";

const { loadFixture } = networkHelpers;

describe("ModelProvenanceNFT", function () {
  async function mintModel() {
    const context = await deployModelProvenance();
    const submission = leanSubmission("model");
    await context.asMinter.mintProvenanceNFT(context.owner, submission);
    const tokenId = tokenIdOf(submission);
    const statusOf = async (id = tokenId) => (await context.registry.getModelData(id)).status;
    return { ...context, tokenId, statusOf };
  }

  /** root ← left, right ← merge: a diamond. */
  async function mintDiamond() {
    const context = await mintModel();
    const mint = async (seed: string, parents: bigint[]) => {
      const submission = leanSubmission(seed, { parents, relation: Relation.Merge });
      await context.asMinter.mintProvenanceNFT(context.owner, submission);
      return tokenIdOf(submission);
    };
    const left = await mint("left", [context.tokenId]);
    const right = await mint("right", [context.tokenId]);
    const merge = await mint("merge", [left, right]);
    return { ...context, mint, left, right, merge };
  }

  describe("setStatus", function () {
    for (const who of ["owner", "minter", "curator"] as const) {
      it(`lets the ${who === "minter" ? "creator" : who} deprecate and reactivate`, async function () {
        const context = await loadFixture(mintModel);
        const { registry, tokenId, statusOf } = context;
        const transaction = registry.connect(context[who]).setStatus(tokenId, Status.Deprecated, "superseded");
        await expect(transaction)
          .to.emit(registry, "ModelStatusChanged")
          .withArgs(tokenId, Status.Deprecated, context[who].address, "superseded");
        await expect(transaction).to.emit(registry, "MetadataUpdate").withArgs(tokenId);
        expect(await statusOf()).to.equal(Status.Deprecated);
        await registry.connect(context[who]).setStatus(tokenId, Status.Active, "");
        expect(await statusOf()).to.equal(Status.Active);
      });
    }

    for (const who of ["minter", "curator"] as const) {
      it(`lets the ${who === "minter" ? "creator" : who} revoke, for ever`, async function () {
        const context = await loadFixture(mintModel);
        const { registry, tokenId, statusOf } = context;
        await registry.connect(context[who]).setStatus(tokenId, Status.Revoked, "poisoned data");
        expect(await statusOf()).to.equal(Status.Revoked);
        for (const status of Object.values(Status)) {
          for (const account of [context.owner, context.minter, context.curator]) {
            await expect(registry.connect(account).setStatus(tokenId, status, ""))
              .to.be.revertedWithCustomError(registry, "ModelProvenanceRevokedModel")
              .withArgs(tokenId);
          }
        }
      });
    }

    it("reverts when a buyer revokes, or a stranger does anything", async function () {
      const { registry, owner, stranger, tokenId } = await loadFixture(mintModel);
      await expect(registry.connect(owner).setStatus(tokenId, Status.Revoked, ""))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceUnauthorizedStatusChange")
        .withArgs(owner.address, tokenId);
      await registry.connect(owner).approve(stranger, tokenId);
      for (const status of Object.values(Status)) {
        await expect(registry.connect(stranger).setStatus(tokenId, status, ""))
          .to.be.revertedWithCustomError(registry, "ModelProvenanceUnauthorizedStatusChange")
          .withArgs(stranger.address, tokenId);
      }
    });

    it("stores who, when and why, in one answer", async function () {
      const { registry, owner, minter, tokenId } = await loadFixture(mintModel);
      expect(await registry.getStatus(tokenId)).to.deep.equal([Status.Active, ethers.ZeroAddress, 0n, ""]);
      for (const [account, status, reason] of [
        [owner, Status.Deprecated, "superseded"],
        [owner, Status.Active, ""],
        [minter, Status.Deprecated, "überholt: ".repeat(20)],
        [minter, Status.Active, "x".repeat(256)],
        [minter, Status.Revoked, "x".repeat(31)],
      ] as const) {
        await registry.connect(account).setStatus(tokenId, status, reason);
        const setAt = BigInt(await networkHelpers.time.latest());
        expect(await registry.getStatus(tokenId)).to.deep.equal([status, account.address, setAt, reason]);
      }
    });

    for (const [stronger, weaker] of [
      ["curator", ["minter", "owner"]],
      ["minter", ["owner"]],
    ] as const) {
      const names = { curator: "a curator", minter: "the creator", owner: "the owner" };
      it(`lets nobody weaker lift or reword what ${names[stronger]} set`, async function () {
        const context = await loadFixture(mintModel);
        const { registry, tokenId, statusOf } = context;
        const { address } = context[stronger];
        await registry.connect(context[stronger]).setStatus(tokenId, Status.Deprecated, "unsafe");
        const before = await registry.getStatus(tokenId);
        for (const who of weaker) {
          for (const status of [Status.Active, Status.Deprecated, Status.Revoked]) {
            if (who === "minter" && status === Status.Revoked) continue;
            const mayNever = who === "owner" && status === Status.Revoked;
            await expect(registry.connect(context[who]).setStatus(tokenId, status, "fine"))
              .to.be.revertedWithCustomError(
                registry,
                mayNever ? "ModelProvenanceUnauthorizedStatusChange" : "ModelProvenanceHeldStatus",
              )
              .withArgs(...(mayNever ? [context[who].address, tokenId] : [tokenId, address]));
          }
        }
        expect(await registry.getStatus(tokenId)).to.deep.equal(before);

        // Once it is taken back, the next warning may come from anybody who may warn.
        await registry.connect(context[stronger]).setStatus(tokenId, Status.Active, "cleared");
        await registry.connect(context.owner).setStatus(tokenId, Status.Deprecated, "");
        expect(await statusOf()).to.equal(Status.Deprecated);
      });
    }

    it("lets a buyer not silence the creator, whoever it sells to, and a curator overrule everybody", async function () {
      const { registry, owner, minter, curator, stranger, tokenId } = await loadFixture(mintModel);
      await registry.connect(minter).setStatus(tokenId, Status.Deprecated, "unsafe");
      await registry.connect(owner).transferFrom(owner, stranger, tokenId);
      await expect(registry.connect(stranger).setStatus(tokenId, Status.Active, ""))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceHeldStatus")
        .withArgs(tokenId, minter.address);
      await registry.connect(curator).setStatus(tokenId, Status.Revoked, "backdoor");
      expect((await registry.getStatus(tokenId)).slice(0, 2)).to.deep.equal([Status.Revoked, curator.address]);
    });

    it("counts an account by the strongest of what it is", async function () {
      const { registry, admin, owner, curator, tokenId, CURATOR_ROLE } = await loadFixture(mintModel);
      await registry.connect(admin).grantRole(CURATOR_ROLE, owner);
      await registry.connect(owner).setStatus(tokenId, Status.Deprecated, "a curator that owns it");
      await registry.connect(admin).revokeRole(CURATOR_ROLE, owner);
      await expect(registry.connect(owner).setStatus(tokenId, Status.Active, ""))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceHeldStatus")
        .withArgs(tokenId, owner.address);
      await registry.connect(curator).setStatus(tokenId, Status.Active, "");
    });

    it("lets the creator revoke over a curator's warning, which stays to be read", async function () {
      const { registry, owner, minter, curator, tokenId } = await loadFixture(mintModel);
      const [curators, creators] = ["é".repeat(128), "ü".repeat(128)];
      await registry.connect(curator).setStatus(tokenId, Status.Deprecated, curators);
      await expect(registry.connect(owner).setStatus(tokenId, Status.Revoked, "")).to.be.revertedWithCustomError(
        registry,
        "ModelProvenanceUnauthorizedStatusChange",
      );
      await expect(registry.connect(minter).setStatus(tokenId, Status.Revoked, creators))
        .to.emit(registry, "ModelStatusChanged")
        .withArgs(tokenId, Status.Revoked, minter.address, creators);
      const setAt = BigInt(await networkHelpers.time.latest());
      const reason = `${creators}; a curator before: ${curators}`;
      expect(await registry.getStatus(tokenId)).to.deep.equal([Status.Revoked, minter.address, setAt, reason]);
      for (const account of [owner, minter, curator]) {
        await expect(registry.connect(account).setStatus(tokenId, Status.Revoked, "")).to.be.revertedWithCustomError(
          registry,
          "ModelProvenanceRevokedModel",
        );
      }
    });

    it("keeps a curator's warning when its author lost the role, and nobody is a curator any more", async function () {
      const { registry, admin, minter, curator, tokenId, CURATOR_ROLE } = await loadFixture(mintModel);
      await registry.connect(curator).setStatus(tokenId, Status.Deprecated, "under review");
      await registry.connect(admin).revokeRole(CURATOR_ROLE, curator);
      await expect(registry.connect(minter).setStatus(tokenId, Status.Active, ""))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceHeldStatus")
        .withArgs(tokenId, curator.address);
      await registry.connect(minter).setStatus(tokenId, Status.Revoked, "backdoor");
      expect((await registry.getStatus(tokenId)).reason).to.equal("backdoor; a curator before: under review");
    });

    it("reverts for a reason of more than 256 bytes", async function () {
      const { registry, minter, tokenId } = await loadFixture(mintModel);
      await registry.connect(minter).setStatus(tokenId, Status.Deprecated, "é".repeat(128));
      await expect(registry.connect(minter).setStatus(tokenId, Status.Deprecated, "é".repeat(128) + "x"))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceTextTooLong")
        .withArgs(257n, 256n);
    });

    it("reverts for a reason that is not UTF-8", async function () {
      const { registry, minter, tokenId } = await loadFixture(mintModel);
      const call = registry.interface.encodeFunctionData("setStatus", [tokenId, Status.Deprecated, "AAAA"]);
      for (const bytes of ["c3284141", "ff414141", "eda08041", "f4908080", "e08080c2", "414141c3"]) {
        const data = call.replace("41414141", bytes);
        await expect(minter.sendTransaction({ to: registry, data }))
          .to.be.revertedWithCustomError(registry, "ModelProvenanceInvalidText")
          .withArgs(`0x${bytes}`);
      }
    });

    it("reverts for a model that is not recorded", async function () {
      const { registry, curator } = await loadFixture(deployModelProvenance);
      await expect(registry.connect(curator).setStatus(7n, Status.Revoked, ""))
        .to.be.revertedWithCustomError(registry, "ERC721NonexistentToken")
        .withArgs(7n);
    });

    it("stops a revoked model from becoming a parent", async function () {
      const { registry, asMinter, owner, curator, tokenId } = await loadFixture(mintModel);
      await registry.connect(curator).setStatus(tokenId, Status.Revoked, "");
      const child = leanSubmission("child", { relation: Relation.FineTune, parents: [tokenId] });
      await expect(asMinter.mintProvenanceNFT(owner, child))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceRevokedParent")
        .withArgs(tokenId);
    });
  });

  describe("getStatus", function () {
    it("reverts for a model that is not recorded", async function () {
      const { registry } = await loadFixture(deployModelProvenance);
      await expect(registry.getStatus(7n))
        .to.be.revertedWithCustomError(registry, "ERC721NonexistentToken")
        .withArgs(7n);
    });
  });

  describe("lineageStatus", function () {
    it("is the token's own status where it has no ancestors", async function () {
      const { registry, curator, tokenId } = await loadFixture(mintModel);
      expect(await registry.lineageStatus(tokenId, 1)).to.deep.equal([Status.Active, tokenId]);
      await registry.connect(curator).setStatus(tokenId, Status.Revoked, "");
      expect(await registry.lineageStatus(tokenId, 1)).to.deep.equal([Status.Revoked, tokenId]);
    });

    it("names the ancestor that causes the worst status, and visits a diamond's top once", async function () {
      const { registry, curator, tokenId, left, right, merge } = await loadFixture(mintDiamond);
      expect(await registry.lineageStatus(merge, 4)).to.deep.equal([Status.Active, merge]);
      await registry.connect(curator).setStatus(right, Status.Deprecated, "");
      expect(await registry.lineageStatus(merge, 4)).to.deep.equal([Status.Deprecated, right]);
      await registry.connect(curator).setStatus(tokenId, Status.Revoked, "");
      expect(await registry.lineageStatus(merge, 4)).to.deep.equal([Status.Revoked, tokenId]);
      expect(await registry.lineageStatus(left, 4)).to.deep.equal([Status.Revoked, tokenId]);
    });

    it("reverts with the number it takes, never answering early", async function () {
      const { registry, curator, merge } = await loadFixture(mintDiamond);
      await registry.connect(curator).setStatus(merge, Status.Revoked, "");
      for (const allowed of [0n, 3n]) {
        await expect(registry.lineageStatus(merge, allowed))
          .to.be.revertedWithCustomError(registry, "ModelProvenanceLineageTooLong")
          .withArgs(merge, 4n, allowed);
      }
    });

    it("reverts with what it found when gas runs short", async function () {
      const { registry, merge } = await loadFixture(mintDiamond);
      await expect(registry.lineageStatus(merge, 100, { gasLimit: 180_000 }))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceLineageTooLong")
        .withArgs(merge, 3n, 100n);
    });

    it("walks a long line of versions", async function () {
      const { registry, curator, tokenId, mint } = await loadFixture(mintDiamond);
      let last = tokenId;
      for (let index = 0; index < 60; index++) last = await mint(`version ${index}`, [last]);
      await registry.connect(curator).setStatus(tokenId, Status.Deprecated, "");
      expect(await registry.lineageStatus(last, 61)).to.deep.equal([Status.Deprecated, tokenId]);
      await expect(registry.lineageStatus(last, 60))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceLineageTooLong")
        .withArgs(last, 61n, 60n);
    });

    it("reverts for a model that is not recorded", async function () {
      const { registry } = await loadFixture(deployModelProvenance);
      await expect(registry.lineageStatus(7n, 1))
        .to.be.revertedWithCustomError(registry, "ERC721NonexistentToken")
        .withArgs(7n);
    });
  });
});

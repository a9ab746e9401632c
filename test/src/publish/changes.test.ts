import { expect } from "chai";
import { isEndorsed } from "../../../src/registry/endorsements.ts";
import { readModelRecord } from "../../../src/registry/model-record.ts";
import { readRoyalty } from "../../../src/registry/royalties.ts";
import {
  endorse,
  withdrawEndorsement,
  setTokenRoyalty,
  setStatus,
  grantUse,
  revokeUse,
} from "../../../src/publish/change-model.ts";
import { hasAccess } from "../../../src/registry/usage.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { modelSubmission } from "../../helpers/model-submissions.ts";
import { deployRegistry } from "../../helpers/recorded-model.ts";

const { loadFixture, time } = networkHelpers;

/** A registry with a parent and its child, both of `owner`. */
async function mintFamily() {
  const deployed = await deployRegistry();
  const { contract, minter, owner } = deployed;
  const parent = modelSubmission("parent", { royaltyReceiver: minter.address, royaltyBasisPoints: 300 });
  const parentId = BigInt(parent.modelDigest);
  const child = modelSubmission("child", { relation: 2, parents: [parentId] });
  await contract.connect(minter).mintBatch(owner, [parent, child]);
  const by = { owner: { signer: owner }, minter: { signer: minter }, stranger: { signer: deployed.stranger } };
  return { ...deployed, parentId, childId: BigInt(child.modelDigest), by };
}

describe("setStatus", function () {
  it("deprecates, lifts and revokes, by the rules", async function () {
    const { registry, parentId, childId, by, curator } = await loadFixture(mintFamily);
    const status = async () => (await readModelRecord(registry, parentId))?.status;
    await setStatus(registry, parentId, { status: "deprecated", reason: "old" }, by.owner);
    expect(await status()).to.equal("deprecated");
    await setStatus(registry, parentId, { status: "active", reason: "" }, by.owner);
    expect(await status()).to.equal("active");

    const refusals: string[] = [];
    const refused = async (next: "active" | "revoked", context: typeof by.owner) => {
      await setStatus(registry, parentId, { status: next, reason: "" }, context).catch((error: Error) =>
        refusals.push(error.message),
      );
    };
    await refused("revoked", by.owner);
    await setStatus(registry, parentId, { status: "deprecated", reason: "" }, { signer: curator });
    await refused("active", by.owner);
    await refused("active", by.minter);
    await setStatus(registry, parentId, { status: "revoked", reason: "poisoned" }, by.minter);
    await refused("active", { signer: curator });
    expect(await status()).to.equal("revoked");
    expect(refusals[0]).to.include("creator and curators revoke");
    for (const held of refusals.slice(1, 3)) expect(held).to.include("curator over creator over owner");
    expect(refusals).to.have.length(4);
    expect(refusals[3])
      .to.include("that is final")
      .and.to.match(/\[ModelProvenanceRevokedModel\(0x[0-9a-f]{64}\)\]$/);
    await setStatus(registry, childId, { status: "revoked", reason: "" }, by.minter);
    expect((await readModelRecord(registry, childId))?.status).to.equal("revoked");
    const unknown = setStatus(registry, 7n, { status: "active", reason: "" }, by.owner);
    expect(await errorCode(() => unknown)).to.equal("TOKEN_UNKNOWN");
  });
});

describe("endorse", function () {
  it("confirms children here and elsewhere, and takes it back", async function () {
    const { registry, parentId, childId, by } = await loadFixture(mintFamily);
    const elsewhere = { tokenId: 5n, registry: { chainId: 10n, address: registry.address } };
    for (const child of [{ tokenId: childId }, elsewhere]) {
      expect(await isEndorsed(registry, parentId, child)).to.equal(false);
      await endorse(registry, parentId, child, by.owner);
      expect(await isEndorsed(registry, parentId, child)).to.equal(true);
      await withdrawEndorsement(registry, parentId, child, by.owner);
      expect(await isEndorsed(registry, parentId, child)).to.equal(false);
    }
  });

  it("is refused to others, for a stranger's child, and where there is nothing to take back", async function () {
    const { registry, parentId, childId, by } = await loadFixture(mintFamily);
    for (const attempt of [
      endorse(registry, parentId, { tokenId: childId }, by.stranger),
      endorse(registry, childId, { tokenId: parentId }, by.owner),
      withdrawEndorsement(registry, parentId, { tokenId: childId }, by.owner),
    ]) {
      expect(await errorCode(() => attempt)).to.equal("TRANSACTION_REFUSED");
    }
  });
});

describe("grantUse", function () {
  it("admits an account until it is revoked or expires", async function () {
    const { registry, parentId, by, stranger, owner } = await loadFixture(mintFamily);
    expect(await hasAccess(registry, parentId, owner.address)).to.equal(true);
    const until = BigInt(await time.latest()) + 1_000n;
    await grantUse(registry, parentId, stranger.address, until, by.owner);
    expect(await hasAccess(registry, parentId, stranger.address)).to.equal(true);
    await revokeUse(registry, parentId, stranger.address, by.owner);
    expect(await hasAccess(registry, parentId, stranger.address)).to.equal(false);
    await grantUse(registry, parentId, stranger.address, until, by.owner);
    await time.increaseTo(until);
    expect(await hasAccess(registry, parentId, stranger.address)).to.equal(false);

    for (const attempt of [
      grantUse(registry, parentId, stranger.address, until, by.owner),
      revokeUse(registry, parentId, stranger.address, by.stranger),
    ]) {
      expect(await errorCode(() => attempt)).to.equal("TRANSACTION_REFUSED");
    }
    expect(await errorCode(() => hasAccess(registry, 7n, owner.address))).to.equal("TOKEN_UNKNOWN");
  });
});

describe("setTokenRoyalty", function () {
  it("changes the receiver or lowers the rate, and never raises it", async function () {
    const { registry, parentId, by, owner } = await loadFixture(mintFamily);
    const royalty = { receiver: owner.address, basisPoints: 250 };
    await setTokenRoyalty(registry, parentId, royalty, by.minter);
    expect(await readRoyalty(registry, parentId, 10_000n)).to.deep.equal({ receiver: owner.address, amount: 250n });
    const higher = await setTokenRoyalty(registry, parentId, { ...royalty, basisPoints: 251 }, by.minter).catch(
      (error: unknown) => error,
    );
    expect((higher as Error).message).to.include("251 basis points is above the 250 that are allowed");
    expect(await errorCode(() => setTokenRoyalty(registry, parentId, royalty, by.owner))).to.equal(
      "TRANSACTION_REFUSED",
    );
  });
});

describe("a change", function () {
  it("is not sent where it is not confirmed, or its account cannot pay", async function () {
    const { registry, parentId, owner, by } = await loadFixture(mintFamily);
    const change = { status: "deprecated", reason: "" } as const;
    const confirm = () => Promise.reject(new Error("no"));
    const stopped = await setStatus(registry, parentId, change, { ...by.owner, confirm }).catch((e: unknown) => e);
    expect(stopped).to.have.property("message", "no");
    // Other tests of the run use the account, too: they find it as rich as it was.
    const balance = await registry.provider.getBalance(owner);
    await networkHelpers.setBalance(owner.address, 1n);
    expect(await errorCode(() => setStatus(registry, parentId, change, by.owner))).to.equal("TRANSACTION_REFUSED");
    await networkHelpers.setBalance(owner.address, balance);
    expect((await readModelRecord(registry, parentId))?.status).to.equal("active");
  });
});

import { expect } from "chai";
import { CID } from "multiformats/cid";
import { create as createMultihash } from "multiformats/hashes/digest";
import { findContentDigest, isAnchored, readAnchor } from "../../../src/registry/batches/anchors.ts";
import { type BatchProof, parseBatchFile, parseBatchProof } from "../../../src/registry/batches/batch-files.ts";
import { mintAnchored } from "../../../src/publish/mint-anchored.ts";
import { setAnchorStatus } from "../../../src/publish/change-model.ts";
import { type Hex, toHex32 } from "../../../src/base/hex.ts";
import { readMetadata } from "../../../src/metadata/read-metadata.ts";
import { anchorBatch } from "../../../src/publish/anchor-batch.ts";
import { buildBatch } from "../../../src/publish/build-batch.ts";
import { mintModel } from "../../../src/publish/mint-model.ts";
import { findUnixfsFile, readVerified } from "../../../src/content/unixfs/read-dag.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { createPublisher } from "../../helpers/prepared-models.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const { time } = networkHelpers;

describe("anchored batches", function () {
  const temporary = useTemporaryFolder();

  /** Three models, the last of which is a child of the first, in one batch. */
  async function build() {
    const publisher = await createPublisher(temporary);
    const { prepare, registry, context } = publisher;
    const [first, second] = [await prepare("first"), await prepare("second")];
    const child = await prepare("child", { parents: [first.model.path], statements: { relation: "fine-tune" } });
    const models = [first, second, child] as const;
    const batch = buildBatch(models, registry, context.warn);
    const proofs = batch.proofs as [BatchProof, BatchProof, BatchProof];
    return { ...publisher, models, batch, proofs };
  }

  describe("anchorBatch", function () {
    it("lets anybody find and prove a model by its digest, from what the chain and the store say", async function () {
      const { registry, context, store, batch, models, minter } = await build();
      const { anchor, transaction } = await anchorBatch(batch, context);
      expect(anchor).to.deep.include({ root: batch.root, creator: minter.address, count: 3n, status: "active" });
      expect(anchor.anchoredAt).to.equal(await time.latest());
      expect(transaction?.gasUsed).to.be.below(60_000n);

      // What follows knows registry, root and creator from the event, and the digest of a model.
      const contentDigest = (await findContentDigest(registry, batch.root, minter.address)) as Hex;
      const root = CID.createV1(0x70, createMultihash(0x12, Buffer.from(contentDigest.slice(2), "hex")));
      const read = readVerified(store);
      const file = async (name: string) => read((await findUnixfsFile(root, name, read)) as CID);
      const described = parseBatchFile(await file("batch.json"));
      expect(described).to.deep.equal({
        registry: `eip155:31337:${registry.address}`,
        root: batch.root,
        count: models.length,
      });
      for (const { model, built } of models) {
        const { submission, proof } = parseBatchProof(await file(`proofs/${model.modelDigest}.json`));
        expect(await isAnchored(registry, batch.root, minter.address, submission, proof)).to.equal(true);
        const changed = { ...submission, license: "CC0-1.0" };
        expect(await isAnchored(registry, batch.root, minter.address, changed, proof)).to.equal(false);
        expect(await file(`models/${model.modelDigest}.json`)).to.deep.equal(built.block.bytes);
        expect(await readMetadata(submission.metadataDigest as Hex, store)).to.deep.equal(built.metadata);
      }
      expect(await findUnixfsFile(root, `proofs/${toHex32(7n)}.json`, read)).to.equal(undefined);
    });

    it("asks before it pins, and anchors once", async function () {
      const { registry, context, store, batch, minter } = await build();
      const stop = async () => {
        expect(await store.has(batch.cid)).to.equal(false);
        throw new Error("no");
      };
      const stopped = await anchorBatch(batch, { ...context, confirm: stop }).catch((error: unknown) => error);
      expect(stopped).to.have.property("message", "no");
      expect(await store.has(batch.cid)).to.equal(false);
      const { anchor } = await anchorBatch(batch, context);
      expect(await anchorBatch(batch, context)).to.deep.equal({ anchor });
      expect(await readAnchor(registry, toHex32(7n), minter.address)).to.equal(undefined);
      expect(await findContentDigest(registry, toHex32(7n), minter.address)).to.equal(undefined);
    });

    it("refuses other signers, and a child whose parent would always be younger", async function () {
      const { registry, context, batch, contract, admin, stranger, prepare, MINTER_ROLE } = await build();
      const other = { ...context, signer: stranger };
      expect(await errorCode(() => anchorBatch(batch, other))).to.equal("SIGNER_MISMATCH");
      const orphan = await prepare("orphan", { parents: ["0x77"], statements: { relation: "fine-tune" } });
      const orphans = buildBatch([orphan], registry, context.warn);
      expect(await errorCode(() => anchorBatch(orphans, context))).to.equal("PARENT_UNKNOWN");
      await contract.connect(admin).revokeRole(MINTER_ROLE, context.signer);
      expect(await errorCode(() => anchorBatch(batch, context))).to.equal("NOT_MINTER");
    });
  });

  describe("mintAnchored", function () {
    it("mints with the batch's time, parents before children, and what is minted it reports", async function () {
      const { registry, context, batch, proofs, minter, owner } = await build();
      const { anchor } = await anchorBatch(batch, context);
      await time.increase(10_000);
      const [first, , child] = proofs;
      expect(await errorCode(() => mintAnchored(registry, child, context))).to.equal("TRANSACTION_REFUSED");
      const { record, transaction } = await mintAnchored(registry, first, context);
      expect(record).to.include({ mintedAt: anchor.anchoredAt, creator: minter.address, owner: minter.address });
      expect(transaction).not.to.equal(undefined);
      const owned = await mintAnchored(registry, child, { ...context, to: owner.address });
      expect(owned.record).to.include({ mintedAt: anchor.anchoredAt, owner: owner.address, relation: "fine-tune" });
      expect(await mintAnchored(registry, first, context)).to.deep.equal({ record });
    });

    it("refuses forged proofs, another registry, and batches that are not the signer's", async function () {
      const { registry, context, batch, proofs, stranger } = await build();
      const [first, second] = proofs;
      const code = (proof: BatchProof) => errorCode(() => mintAnchored(registry, proof, context));
      expect(await code(first)).to.equal("ANCHOR_UNKNOWN");
      await anchorBatch(batch, context);
      expect(await code({ ...first, proof: second.proof })).to.equal("PROOF_INVALID");
      expect(await code({ ...first, submission: { ...first.submission, license: "CC0-1.0" } })).to.equal(
        "PROOF_INVALID",
      );
      expect(await code({ ...first, registry: first.registry.replace("31337", "1") })).to.equal("PROOF_INVALID");
      const foreign = { ...context, signer: stranger };
      expect(await errorCode(() => mintAnchored(registry, first, foreign))).to.equal("ANCHOR_UNKNOWN");
    });

    it("refuses a model that is minted otherwise, and a batch that is revoked", async function () {
      const { registry, context, batch, proofs, models, prepare, minter } = await build();
      await anchorBatch(batch, context);
      const [, second] = models;
      await mintModel(await prepare("second", { statements: { license: "Apache-2.0" } }), context);
      expect(await errorCode(() => mintAnchored(registry, proofs[1], context))).to.equal("ALREADY_MINTED");
      expect(second.model.modelDigest).to.equal(proofs[1].submission.modelDigest);

      const change = { status: "revoked", reason: "leaked" } as const;
      await setAnchorStatus(registry, { root: batch.root, creator: minter.address }, change, context);
      expect((await readAnchor(registry, batch.root, minter.address))?.status).to.equal("revoked");
      const refusal = await mintAnchored(registry, proofs[0], context).catch((error: unknown) => error);
      expect(refusal)
        .to.have.property("message")
        .that.includes(`the batch ${batch.root} is revoked, and that is final`);
    });
  });
});

import { appendFile, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { id } from "ethers";
import * as fc from "fast-check";
import { toHex32 } from "../../../src/base/hex.ts";
import type { Metadata } from "../../../src/metadata/schema.ts";
import { verifyModel } from "../../../src/verify/verify-model.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { MemoryStore } from "../../helpers/memory-store.ts";
import { deployRegistry, recordModel } from "../../helpers/recorded-model.ts";
import { asRevoked } from "../../helpers/revoked-registry.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;
const SIZE = 5 * MIB + 123;
const WEIGHTS = Buffer.alloc(SIZE, "weights");

describe("verifyModel with a recorded CID", function () {
  const temporary = useTemporaryFolder();

  async function record(change: Parameters<typeof recordModel>[2] = {}, withCid = true) {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    deployed.store.blocks.clear();
    const files = { "README.md": "A model.", "sub/model.safetensors": WEIGHTS };
    const modelPath = await temporary.write("model", files);
    const tokenId = await recordModel(deployed, { modelPath, statements: {}, withCid }, change);
    const request = { modelPath, registry: deployed.registry, store: deployed.store, tokenId, fast: true };
    return { ...deployed, request, weights: `${modelPath}/sub/model.safetensors` };
  }

  async function leaveClaim(request: { modelPath: string; tokenId: bigint; registry: { address: string } }) {
    const claim = {
      schemaVersion: "1.0",
      registry: `eip155:31337:${request.registry.address}`,
      tokenId: toHex32(request.tokenId),
      metadataURI: "ipfs://bafkreiaaaa",
      ignorePaths: [],
    };
    await writeFile(`${request.modelPath}/model-provenance.json`, JSON.stringify(claim));
  }

  it("verifies by the CID alone, and says so", async function () {
    const { request } = await record();
    const report = await verifyModel(request);
    expect(report).to.include({ verdict: "verified", method: "cid", filesChecked: 2, filesRecorded: 2 });
    expect(report.warnings).to.deep.equal([]);
    expect(report.reason).to.include("no SHA-256 of whole files was computed");
    expect(report.model).not.to.have.property("modelDigest");
    expect(report.checks.every(({ passed }) => passed)).to.equal(true);
  });

  it("records CID, profile and size, and verifies in full as well", async function () {
    const { request } = await record();
    const report = await verifyModel({ ...request, fast: false });
    expect(report).to.include({ verdict: "verified", method: "digests" });
    expect(report.metadata?.provenance.model).to.include({ profile: "unixfs-v1-2025", size: SIZE + 8 });
  });

  it("hashes all files where the CID is not recorded, and says so", async function () {
    const { request } = await record({}, false);
    const report = await verifyModel(request);
    expect(report).to.include({ verdict: "verified", method: "digests" });
    expect(report.warnings.join()).to.include("does not name the CID");
  });

  it("hashes all files where the metadata is gone, the profile is another, or nobody names the token", async function () {
    const { request } = await record();
    const { tokenId: _, ...unnamed } = request;
    const gone = await verifyModel({ ...request, store: new MemoryStore() });
    const nameless = await verifyModel(unnamed);
    const other = await record({ metadata: withModel({ profile: "unixfs-v2" }) });
    const profile = await verifyModel(other.request);
    for (const report of [gone, nameless, profile]) {
      expect(report).to.include({ verdict: "verified", method: "digests" });
      expect(report.warnings[0]).to.include("All files were hashed instead");
    }
  });

  it("answers that there is no such token without hashing anything", async function () {
    const { request } = await record();
    expect(await verifyModel({ ...request, tokenId: 1n })).to.include({ verdict: "not-registered", filesChecked: 0 });
  });

  it("never verifies by a claim, and says how to", async function () {
    const { request, weights } = await record();
    await leaveClaim(request);
    const { tokenId, ...unnamed } = request;
    const report = await verifyModel(unnamed);
    expect(report).to.include({ verdict: "unchecked", method: "cid" });
    expect(report.reason).to.include(`TOKEN_ID=${toHex32(tokenId)} VERIFY_FAST=1`);
    await appendFile(weights, "x");
    expect(await verifyModel(unnamed)).to.include({ verdict: "mismatch", method: "cid" });
  });

  it("refuses a revoked model, a record of another model, and an emitted root that contradicts it", async function () {
    const revoked = await record();
    const registry = asRevoked(revoked.registry);
    expect((await verifyModel({ ...revoked.request, registry })).verdict).to.equal("unacceptable");
    const root = await record({ submission: { manifestRoot: id("other") } });
    expect((await verifyModel(root.request)).verdict).to.equal("mismatch");
    const forged = await record({
      metadata: (original) => {
        (original.provenance.manifest.resources as { sha256: string }[])[0]!.sha256 = "0".repeat(64);
        return original;
      },
    });
    expect((await verifyModel(forged.request)).verdict).to.equal("mismatch");
  });

  it("does not take the CID of one model for the digest of another", async function () {
    const { request, registry, minter, store } = await record();
    // The manifest of another model, recorded with the CID of this one: names and sizes agree.
    const other = await temporary.write("other", { "README.md": "A m0del.", "sub/model.safetensors": WEIGHTS });
    const { metadata: own } = await verifyModel({ ...request, fast: false });
    const metadata = withModel({ cid: own?.provenance.model?.cid as string });
    const tokenId = await recordModel(
      { registry, minter, store },
      { modelPath: other, statements: {}, withCid: true },
      { metadata },
    );
    const report = await verifyModel({ ...request, tokenId });
    expect(report).to.include({ verdict: "mismatch", method: "cid" });
    const sound = await verifyModel(request);
    expect(sound.reason).to.include("the CID is not tied to the digest on chain");
    expect(sound.notChecked.map(({ what }) => what).join()).to.include("more than one leaf");
  });

  it("makes the full check where the recorded CID is not that of the recorded files", async function () {
    const cid = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";
    const { request } = await record({ metadata: withModel({ cid }) });
    expect(await verifyModel(request)).to.include({ verdict: "verified", method: "digests" });
  });

  it("makes the full check where the recorded leaves cannot be read", async function () {
    const { request, store, weights } = await record();
    for (const [cid, bytes] of store.blocks) if (cid.startsWith("bafyb") && bytes.length > 0) store.blocks.delete(cid);
    expect(await verifyModel(request)).to.include({ verdict: "verified", method: "cid" });
    await truncate(weights, 10);
    const report = await verifyModel(request);
    expect(report).to.include({ verdict: "mismatch", method: "digests" });
    expect(report.files.find(({ status }) => status === "mismatch")).to.include({ truncatedAt: 10 });
  });

  it("notices renamed, missing and extra files", async function () {
    const { request, weights } = await record();
    await rename(weights, `${weights}.bak`);
    await rm(`${request.modelPath}/README.md`);
    await writeFile(`${request.modelPath}/notes.txt`, "new");
    const { files, verdict } = await verifyModel(request);
    expect(verdict).to.equal("mismatch");
    expect(files.map(({ name, status }) => `${name} ${status}`)).to.deep.equal([
      "README.md missing",
      "notes.txt extra",
      "sub/model.safetensors renamed",
    ]);
  });

  it("verifies a single file under any name", async function () {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    const folder = await temporary.write("single", { "model.safetensors": WEIGHTS });
    const recorded = { modelPath: `${folder}/model.safetensors`, statements: {}, withCid: true };
    const tokenId = await recordModel(deployed, recorded);
    const request = { registry: deployed.registry, store: deployed.store, tokenId, fast: true };
    expect(await verifyModel({ ...request, modelPath: folder })).to.include({ verdict: "verified", method: "cid" });
    await rename(recorded.modelPath, `${folder}/renamed`);
    const renamed = await verifyModel({ ...request, modelPath: `${folder}/renamed` });
    expect(renamed).to.include({ verdict: "verified", method: "cid" });
    expect(renamed.warnings).to.deep.equal(["The file was recorded as model.safetensors."]);
    expect((await verifyModel({ ...request, modelPath: folder })).verdict).to.equal("mismatch");
    await damage(`${folder}/renamed`, [MIB]);
    const [row] = (await verifyModel({ ...request, modelPath: `${folder}/renamed` })).files;
    expect(row?.damaged).to.deep.equal([{ start: MIB, end: 2 * MIB - 1 }]);
  });

  for (const fast of [true, false]) {
    describe(fast ? "fast" : "in full", function () {
      it("names the range of a random flipped byte", async function () {
        const { request, weights } = await record();
        await fc.assert(
          fc.asyncProperty(fc.nat({ max: SIZE - 1 }), async (position) => {
            await damage(weights, [position]);
            const report = await verifyModel({ ...request, fast });
            const [row] = report.files.filter(({ status }) => status !== "ok");
            const start = Math.floor(position / MIB) * MIB;
            expect(report.verdict).to.equal("mismatch");
            expect(row).to.deep.include({ name: "sub/model.safetensors", status: "mismatch" });
            expect(row?.damaged).to.deep.equal([{ start, end: Math.min(start + MIB, SIZE) - 1 }]);
            await damage(weights, [position]);
          }),
          { numRuns: 15 },
        );
        expect((await verifyModel({ ...request, fast })).verdict).to.equal("verified");
      });

      it("merges adjacent ranges and keeps others apart", async function () {
        const { request, weights } = await record();
        await damage(weights, [0, MIB, 3 * MIB, SIZE - 1]);
        const row = await mismatchOf({ ...request, fast });
        expect(row).to.deep.include({
          damaged: [
            { start: 0, end: 2 * MIB - 1 },
            { start: 3 * MIB, end: 4 * MIB - 1 },
            { start: 5 * MIB, end: SIZE - 1 },
          ],
        });
        expect(row).not.to.have.any.keys("truncatedAt", "extraBytes");
      });

      it("tells a truncated file from one that is too long, and finds what else is damaged", async function () {
        const { request, weights } = await record();
        await truncate(weights, 2 * MIB + 5);
        expect(await mismatchOf({ ...request, fast })).to.deep.include({ damaged: [], truncatedAt: 2 * MIB + 5 });
        await writeFile(weights, Buffer.concat([WEIGHTS, Buffer.alloc(2 * MIB)]));
        expect(await mismatchOf({ ...request, fast })).to.deep.include({ damaged: [], extraBytes: 2 * MIB });
        await damage(weights, [MIB + 1]);
        expect(await mismatchOf({ ...request, fast })).to.deep.include({
          damaged: [{ start: MIB, end: 2 * MIB - 1 }],
          extraBytes: 2 * MIB,
        });
      });
    });
  }

  async function mismatchOf(request: Parameters<typeof verifyModel>[0]) {
    const { files } = await verifyModel(request);
    return files.find(({ status }) => status === "mismatch");
  }
});

async function damage(path: string, positions: readonly number[]): Promise<void> {
  const content = await readFile(path);
  for (const position of positions) content[position] = (content[position] as number) ^ 1;
  await writeFile(path, content);
}

function withModel(change: Partial<NonNullable<Metadata["provenance"]["model"]>>) {
  return (original: Metadata) => {
    Object.assign(original.provenance.model as object, change);
    return original;
  };
}

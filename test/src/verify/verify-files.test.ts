import { mkdir, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { id } from "ethers";
import { toHex32 } from "../../../src/hex.ts";
import { parseProofFile, readProofFile, writeProofFile, type ProofFile } from "../../../src/verify/proof-file.ts";
import { verifyFiles } from "../../../src/verify/verify-files.ts";
import { verifyProof } from "../../../src/verify/verify-proof.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { MemoryStore } from "../../helpers/memory-store.ts";
import { deployRegistry, recordModel } from "../../helpers/recorded-model.ts";
import { asRevoked } from "../../helpers/revoked-registry.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const FILES = { "README.md": "A model.", "a.safetensors": "a", "b.safetensors": "b", "sub/config.json": "{}" };

describe("single files", function () {
  const temporary = useTemporaryFolder();

  async function record(change: Parameters<typeof recordModel>[2] = {}) {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    deployed.store.blocks.clear();
    const modelPath = await temporary.write("model", FILES);
    const tokenId = await recordModel(deployed, { modelPath, statements: {} }, change);
    const request = { modelPath, registry: deployed.registry, store: deployed.store, tokenId };
    return { ...deployed, modelPath, tokenId, request };
  }

  describe("verifyFiles", function () {
    it("checks the files named and no others, and says how many", async function () {
      const { request, modelPath } = await record();
      await writeFile(`${modelPath}/b.safetensors`, "damaged");
      const report = await verifyFiles({ ...request, only: ["a.safetensors", "./sub/config.json", "a.safetensors"] });
      expect(report).to.include({ verdict: "verified", method: "proof", filesChecked: 2, filesRecorded: 4 });
      expect(report.reason).to.include("Only 2 of 4 files were checked");
      expect(report.files.map(({ name }) => name)).to.deep.equal(["a.safetensors", "sub/config.json"]);
      expect(report.warnings).to.deep.equal([]);
    });

    it("refuses files that are changed, missing, or not recorded", async function () {
      const { request, modelPath } = await record();
      await writeFile(`${modelPath}/a.safetensors`, "aa");
      await rm(`${modelPath}/b.safetensors`);
      await writeFile(`${modelPath}/new`, "");
      for (const [name, status] of [
        ["a.safetensors", "mismatch"],
        ["b.safetensors", "missing"],
        ["new", "extra"],
      ] as const) {
        const report = await verifyFiles({ ...request, only: [name, "README.md"] });
        expect(report.verdict, name).to.equal("mismatch");
        expect(report.files[0]).to.include({ name, status });
        expect(report.proofs).to.have.length(1);
      }
      const [row] = (await verifyFiles({ ...request, only: ["a.safetensors"] })).files;
      expect(row).to.include({ extraBytes: 1 });
    });

    it("never verifies nothing, or what nobody knows", async function () {
      const { request, modelPath } = await record();
      expect(await errorCode(() => verifyFiles({ ...request, only: [] }))).to.equal("OPTION_MISSING");
      for (const name of ["none", "sub", "../model/a.safetensors", "/etc/passwd", ""]) {
        expect(await errorCode(() => verifyFiles({ ...request, only: [name] })), name).to.equal("OPTION_INVALID");
      }
      const two = { ...request, modelPath: `${modelPath}/a.safetensors`, only: ["a.safetensors", "b.safetensors"] };
      expect(await errorCode(() => verifyFiles(two))).to.equal("OPTION_INVALID");
      await symlink("a.safetensors", `${modelPath}/link`);
      expect(await errorCode(() => verifyFiles({ ...request, only: ["link"] }))).to.equal("MODEL_UNSUPPORTED_ENTRY");
    });

    it("takes the one file for the name asked for", async function () {
      const { request, modelPath } = await record();
      const one = await verifyFiles({
        ...request,
        modelPath: `${modelPath}/sub/config.json`,
        only: ["sub/config.json"],
      });
      expect(one).to.include({ verdict: "verified", filesChecked: 1 });
      const other = await verifyFiles({ ...request, modelPath: `${modelPath}/README.md`, only: ["sub/config.json"] });
      expect(other.verdict).to.equal("mismatch");
    });

    it("finds the token by the claim, which never verifies", async function () {
      const { request, modelPath, tokenId, registry } = await record();
      const { tokenId: _, ...unnamed } = request;
      const only = ["a.safetensors"];
      expect(await errorCode(() => verifyFiles({ ...unnamed, only }))).to.equal("OPTION_MISSING");
      const claim = (id_: bigint) => ({
        schemaVersion: "1.0",
        registry: `eip155:31337:${registry.address}`,
        tokenId: toHex32(id_),
        metadataURI: "ipfs://bafkreiaaaa",
        ignorePaths: [],
      });
      await writeFile(`${modelPath}/model-provenance.json`, JSON.stringify(claim(tokenId)));
      const report = await verifyFiles({ ...unnamed, only });
      expect(report.verdict).to.equal("unchecked");
      expect(report.reason).to.include(`TOKEN_ID=${toHex32(tokenId)} VERIFY_ONLY=a.safetensors`);
      await writeFile(`${modelPath}/a.safetensors`, "changed");
      expect((await verifyFiles({ ...unnamed, only })).verdict).to.equal("mismatch");
      await writeFile(`${modelPath}/model-provenance.json`, JSON.stringify(claim(7n)));
      expect((await verifyFiles({ ...unnamed, only })).verdict).to.equal("not-registered");
    });

    it("cannot check without the manifest", async function () {
      const { request } = await record();
      const report = await verifyFiles({ ...request, store: new MemoryStore(), only: ["a.safetensors"] });
      expect(report).to.include({ verdict: "unchecked", filesChecked: 0 });
    });

    it("refuses a manifest that is not the token's, and an emitted root that contradicts it", async function () {
      const root = await record({ submission: { manifestRoot: id("other") } });
      expect((await verifyFiles({ ...root.request, only: ["a.safetensors"] })).verdict).to.equal("mismatch");
      const digest = id("another");
      const other = await record({
        submission: { modelDigest: digest },
        metadata: (original) => ({ ...original, provenance: { ...original.provenance, modelDigest: digest } }),
      });
      const request = { ...other.request, tokenId: BigInt(digest), only: ["a.safetensors"] };
      expect((await verifyFiles(request)).verdict).to.equal("mismatch");
    });

    it("refuses a file of a revoked model", async function () {
      const { request } = await record();
      const registry = asRevoked(request.registry);
      const report = await verifyFiles({ ...request, registry, only: ["a.safetensors"] });
      expect(report.verdict).to.equal("unacceptable");
    });
  });

  describe("verifyProof", function () {
    async function prove() {
      const recorded = await record();
      const { proofs } = await verifyFiles({ ...recorded.request, only: ["sub/config.json"] });
      const path = `${recorded.modelPath}/sub/config.json`;
      return { ...recorded, proof: proofs[0] as ProofFile, path };
    }

    it("checks the file alone, by the chain's event or by a root that is given", async function () {
      const { proof, path, registry, modelPath, tokenId } = await prove();
      const report = await verifyProof({ modelPath: path, proof, trusted: registry });
      expect(report).to.include({ verdict: "verified", method: "proof", filesChecked: 1 });
      expect(report.reason).to.include("Only 1 file was checked");
      expect(report).to.have.property("record");
      const offline = await verifyProof({ modelPath, proof, trusted: proof.manifestRoot, tokenId });
      expect(offline).to.include({ verdict: "verified", filesChecked: 1 });
      expect(offline).not.to.have.property("record");
      expect(offline.warnings.join()).to.include("Nothing was asked of the chain");
    });

    it("refuses another file, and a missing one", async function () {
      const { proof, path, registry, modelPath } = await prove();
      await writeFile(path, "[]");
      expect((await verifyProof({ modelPath: path, proof, trusted: registry })).verdict).to.equal("mismatch");
      await writeFile(path, "{");
      const cut = await verifyProof({ modelPath, proof, trusted: registry });
      expect(cut.files[0]).to.include({ status: "mismatch", truncatedAt: 1 });
      await rm(path);
      const missing = await verifyProof({ modelPath, proof, trusted: proof.manifestRoot });
      expect(missing).to.include({ verdict: "mismatch", filesChecked: 0 });
    });

    it("refuses a proof of another root, and a forged one, on the chain and offline", async function () {
      const { proof, path, registry } = await prove();
      const hostile: ProofFile[] = [
        { ...proof, manifestRoot: `0x${"1".repeat(64)}` },
        { ...proof, proof: proof.proof.slice(1) },
        { ...proof, proof: [] },
        { ...proof, proof: proof.proof.toReversed() },
        { ...proof, resource: { ...proof.resource, name: "other.json" } },
        { ...proof, resource: { ...proof.resource, size: 3 } },
        { ...proof, resource: { ...proof.resource, sha256: "0".repeat(64) } },
      ];
      for (const forged of hostile) {
        for (const trusted of [registry, proof.manifestRoot]) {
          const report = await verifyProof({ modelPath: path, proof: forged, trusted });
          expect(report.verdict, JSON.stringify(forged)).to.equal("mismatch");
        }
      }
    });

    it("refuses a proof whose own root it leads to, where that is not the recorded one", async function () {
      const { path, registry, ...recorded } = await prove();
      const otherPath = await temporary.write("other", { "sub/config.json": "{}", x: "x" });
      const { hashModel } = await import("../../../src/model/hash-model.ts");
      const { buildManifestTree } = await import("../../../src/model/manifest.ts");
      const tree = buildManifestTree((await hashModel(otherPath)).resources);
      const forged = { ...recorded.proof, manifestRoot: tree.root, proof: tree.getProof("sub/config.json") ?? [] };
      expect((await verifyProof({ modelPath: path, proof: forged, trusted: registry })).verdict).to.equal("mismatch");
    });

    it("refuses a proof of another token or another registry than asked for", async function () {
      const { proof, path, registry } = await prove();
      const request = { modelPath: path, proof, trusted: registry };
      expect(await errorCode(() => verifyProof({ ...request, tokenId: 1n }))).to.equal("PROOF_INVALID");
      for (const other of [proof.registry.replace("31337", "1"), `eip155:31337:0x${"1".repeat(40)}`]) {
        const misplaced = { ...request, proof: { ...proof, registry: other } };
        expect(await errorCode(() => verifyProof(misplaced))).to.equal("PROOF_INVALID");
      }
      const unknown = { ...proof, tokenId: toHex32(5n) };
      expect((await verifyProof({ ...request, proof: unknown })).verdict).to.equal("not-registered");
    });
  });

  describe("proof files", function () {
    const valid: ProofFile = {
      schemaVersion: "1.0",
      registry: `eip155:1:0x${"a".repeat(40)}`,
      tokenId: toHex32(1n),
      manifestRoot: toHex32(2n),
      resource: { name: "a", size: 1, sha256: "0".repeat(64) },
      proof: [toHex32(3n)],
    };
    const parse = (value: unknown) => parseProofFile(Buffer.from(JSON.stringify(value)));

    it("are read as they were written, and overwrite no other file", async function () {
      const path = temporary.path("proof.json");
      await writeProofFile(path, valid);
      await writeProofFile(path, valid);
      expect(await readProofFile(path)).to.deep.equal(valid);
      await writeFile(path, "something else");
      expect(await errorCode(() => writeProofFile(path, valid))).to.equal("OPTION_INVALID");
      expect(await errorCode(() => writeProofFile(temporary.path("none", "p"), valid))).to.equal("OPTION_INVALID");
    });

    it("are refused in any other form", async function () {
      const hostile: unknown[] = [
        [],
        null,
        { ...valid, extra: 1 },
        { ...valid, schemaVersion: "2.0" },
        { ...valid, registry: "0x" },
        { ...valid, tokenId: "1" },
        { ...valid, manifestRoot: valid.manifestRoot.toUpperCase() },
        { ...valid, proof: Array.from({ length: 65 }, () => toHex32(1n)) },
        { ...valid, proof: ["0x00"] },
        { ...valid, proof: "0x" },
        ...["../a", "/a", "a\0b", "a\\b", "\ud800", ""].map((name) => ({
          ...valid,
          resource: { ...valid.resource, name },
        })),
        ...[-1, 0.5, 2 ** 53, "1"].map((size) => ({ ...valid, resource: { ...valid.resource, size } })),
        { ...valid, resource: { ...valid.resource, sha256: `0x${"0".repeat(62)}` } },
      ];
      for (const value of hostile) {
        expect(await errorCode(() => parse(value)), JSON.stringify(value)).to.equal("PROOF_INVALID");
      }
      const deep = Buffer.from("[".repeat(30_000));
      for (const bytes of [Buffer.from("not JSON"), Buffer.from([0xff, 0xfe]), deep, Buffer.alloc(0)]) {
        expect(await errorCode(() => parseProofFile(bytes))).to.equal("PROOF_INVALID");
      }
    });

    it("are refused where they are too long, no regular file, or not there", async function () {
      const path = temporary.path("proof.json");
      await writeFile(path, "");
      await truncate(path, 2 ** 40);
      expect(await errorCode(() => readProofFile(path))).to.equal("PROOF_INVALID");
      await mkdir(temporary.path("folder"));
      expect(await errorCode(() => readProofFile(temporary.path("folder")))).to.equal("PROOF_INVALID");
      expect(await errorCode(() => readProofFile(temporary.path("none")))).to.equal("PROOF_INVALID");
    });
  });
});

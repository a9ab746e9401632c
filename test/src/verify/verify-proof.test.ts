import { rm, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { toHex32 } from "../../../src/base/hex.ts";
import type { ProofFile } from "../../../src/verify/proof-file.ts";
import { verifyFiles } from "../../../src/verify/verify-files.ts";
import { verifyProof } from "../../../src/verify/verify-proof.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { recordFiles } from "../../helpers/recorded-model.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

describe("verifyProof", function () {
  const temporary = useTemporaryFolder();

  async function prove() {
    const recorded = await recordFiles(temporary);
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

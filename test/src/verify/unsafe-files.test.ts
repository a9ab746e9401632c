import { expect } from "chai";
import type { ProofFile } from "../../../src/verify/proof-file.ts";
import { verifyFiles } from "../../../src/verify/verify-files.ts";
import { verifyModel } from "../../../src/verify/verify-model.ts";
import { verifyProof } from "../../../src/verify/verify-proof.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { deployRegistry, recordModel } from "../../helpers/recorded-model.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

describe("verification of files that may run code", function () {
  const temporary = useTemporaryFolder();

  it("warns in every way of verifying, of the files it looked at", async function () {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    deployed.store.blocks.clear();
    const modelPath = await temporary.write("model", { "a.safetensors": "a", "optimizer.pkl": "(lp0\n." });
    const tokenId = await recordModel(deployed, { modelPath, statements: {}, withCid: true });
    const request = { modelPath, registry: deployed.registry, store: deployed.store, tokenId };
    const only = await verifyFiles({ ...request, only: ["optimizer.pkl"] });
    const proof = only.proofs[0] as ProofFile;
    const reports = [
      await verifyModel(request),
      await verifyModel({ ...request, fast: true }),
      only,
      await verifyProof({ modelPath, proof, trusted: deployed.registry }),
    ];
    for (const report of reports) {
      expect(report.verdict).to.equal("verified");
      expect(report.warnings.filter((text) => text.includes("optimizer.pkl"))).to.have.length(1);
    }
    const safe = await verifyFiles({ ...request, only: ["a.safetensors"] });
    expect(safe.warnings).to.deep.equal([]);
  });
});

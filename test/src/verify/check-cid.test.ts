import { expect } from "chai";
import type { Metadata } from "../../../src/metadata/schema.ts";
import { verifyModel } from "../../../src/verify/verify-model.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { deployRegistry, recordModel } from "../../helpers/recorded-model.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const OTHER = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";

describe("verifyModel that computes the CID", function () {
  const temporary = useTemporaryFolder();

  async function record(path: string, change: Parameters<typeof recordModel>[2] = {}, withCid = true) {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    deployed.store.blocks.clear();
    await temporary.write("model", { "a.safetensors": "a", "sub/b.txt": "b" });
    const modelPath = temporary.path(path);
    const tokenId = await recordModel(deployed, { modelPath, statements: {}, withCid }, change);
    return { modelPath, registry: deployed.registry, store: deployed.store, tokenId, withCid: true };
  }

  it("finds the recorded CID, of a folder and of a single file", async function () {
    for (const path of ["model", "model/a.safetensors"]) {
      const report = await verifyModel(await record(path));
      expect(report).to.include({ verdict: "verified", method: "digests" });
      expect(report.checks.map(({ what }) => what).join()).to.include(`is the recorded one, ${report.model.cid}`);
      expect(report.warnings).to.deep.equal([]);
    }
  });

  it("refuses a record that names another CID, which a check of the digests alone accepts", async function () {
    const request = await record("model", {
      metadata: (original: Metadata) => {
        Object.assign(original.provenance.model as object, { cid: OTHER });
        return original;
      },
    });
    const report = await verifyModel(request);
    expect(report.verdict).to.equal("mismatch");
    expect(report.checks.filter(({ passed }) => !passed).map(({ what }) => what)).to.deep.equal([
      `the CID of the files is the recorded one, ${OTHER}`,
    ]);
    expect((await verifyModel({ ...request, withCid: false })).verdict).to.equal("verified");
  });

  it("says where there was nothing to compare with", async function () {
    const report = await verifyModel(await record("model", {}, false));
    expect(report.verdict).to.equal("verified");
    expect(report.warnings.join()).to.include("could not be compared: the record names none");
  });
});

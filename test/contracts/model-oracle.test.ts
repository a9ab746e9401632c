import { expect } from "chai";
import { ethers, mintParent, networkHelpers } from "../helpers/deploy-model-provenance.ts";
import { Status, tokenIdOf } from "../helpers/submissions.ts";

const { loadFixture } = networkHelpers;

describe("ModelOracle", function () {
  async function deployOracle() {
    const context = await mintParent();
    const child = context.childOf();
    await context.asMinter.mintProvenanceNFT(context.owner, child);
    const modelId = tokenIdOf(child);
    const oracle = await ethers.deployContract("ModelOracle", [context.registry, modelId, context.stranger]);
    return { ...context, modelId, oracle, asReporter: oracle.connect(context.stranger) };
  }

  it("takes and gives answers while the model is active", async function () {
    const { oracle, asReporter } = await loadFixture(deployOracle);
    await expect(asReporter.report(7n, -42n)).to.emit(oracle, "Answered").withArgs(7n, -42n);
    expect(await oracle.answerTo(7n)).to.equal(-42n);
  });

  it("takes and gives none once the model is recalled, and says why", async function () {
    const { oracle, asReporter, asMinter, modelId } = await loadFixture(deployOracle);
    await asReporter.report(7n, 1n);
    await asMinter.setStatus(modelId, Status.Deprecated, "wrong units");
    for (const call of [async () => asReporter.report(8n, 1n), async () => oracle.answerTo(7n)]) {
      await expect(call())
        .to.be.revertedWithCustomError(oracle, "ModelOracleRecalledModel")
        .withArgs(modelId, Status.Deprecated, "wrong units");
    }
    await asMinter.setStatus(modelId, Status.Active, "");
    expect(await oracle.answerTo(7n)).to.equal(1n);
  });

  it("takes none when what the model comes from is recalled", async function () {
    const { registry, oracle, asReporter, curator, parentId } = await loadFixture(deployOracle);
    await registry.connect(curator).setStatus(parentId, Status.Revoked, "poisoned data");
    await expect(asReporter.report(7n, 1n))
      .to.be.revertedWithCustomError(oracle, "ModelOracleRecalledModel")
      .withArgs(parentId, Status.Revoked, "poisoned data");
  });

  it("reverts for anybody but the reporter, and for a model that is not recorded", async function () {
    const { registry, oracle, owner } = await loadFixture(deployOracle);
    await expect(oracle.connect(owner).report(7n, 1n))
      .to.be.revertedWithCustomError(oracle, "ModelOracleUnauthorizedReporter")
      .withArgs(owner.address);
    await expect(ethers.deployContract("ModelOracle", [registry, 7n, owner]))
      .to.be.revertedWithCustomError(registry, "ERC721NonexistentToken")
      .withArgs(7n);
  });
});

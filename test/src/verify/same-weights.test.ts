import { expect } from "chai";
import { verifyModel } from "../../../src/verify/verify-model.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { deployRegistry, recordModel } from "../../helpers/recorded-model.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

describe("a model with the weights of a record", function () {
  const temporary = useTemporaryFolder();
  const RECORDED = { "README.md": "one", "model.safetensors": "weights", "tokenizer.model": "tokens" };

  /** The tokens whose weights other files are said to have, beside a record of {@link RECORDED}. */
  async function sameWeights(files: Record<string, string>, change: Parameters<typeof recordModel>[2] = {}) {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    deployed.store.blocks.clear();
    const tokenId = await recordModel(
      deployed,
      { modelPath: await temporary.write("recorded", RECORDED), statements: {} },
      change,
    );
    const modelPath = await temporary.write("other", files);
    const { registry, store } = deployed;
    const report = await verifyModel({ modelPath, registry, store });
    expect(report.verdict).to.equal("not-registered");
    return report.sameWeights.map((place) => place.tokenId === tokenId);
  }

  it("is recognised where text alone differs", async function () {
    expect(await sameWeights({ ...RECORDED, "README.md": "two" })).to.deep.equal([true]);
  });

  it("is recognised where a file of unknown kind has another name", async function () {
    const { "tokenizer.model": tokens, ...rest } = RECORDED;
    expect(await sameWeights({ ...rest, "README.md": "two", "spiece.model": tokens })).to.deep.equal([true]);
  });

  it("is not said where a file of unknown kind differs: it may hold weights", async function () {
    expect(await sameWeights({ ...RECORDED, "tokenizer.model": "other" })).to.deep.equal([]);
    expect(await sameWeights({ ...RECORDED, "more.dat": "1" })).to.deep.equal([]);
  });

  it("is not said where the recorded files are not known", async function () {
    const metadata = () => ({ name: "no metadata" });
    expect(await sameWeights({ ...RECORDED, "README.md": "two" }, { metadata })).to.deep.equal([]);
  });
});

import { expect } from "chai";
import { deployModelProvenance, ethers, leanSubmission, networkHelpers } from "../helpers/deploy-model-provenance.ts";
import { drawModelCard } from "../../src/metadata/model-card-image.ts";
import { decodeSvg } from "../helpers/data-uri.ts";
import { Relation, Status, tokenIdOf } from "../helpers/submissions.ts";

const { loadFixture } = networkHelpers;

describe("ModelRenderer", function () {
  async function deployRenderer() {
    const context = await deployModelProvenance();
    const renderer = await ethers.deployContract("ModelRenderer", [context.registry]);
    const draw = async (submission: ReturnType<typeof leanSubmission>) => {
      await context.asMinter.mintProvenanceNFT(context.owner, submission);
      return renderer.renderTokenById(tokenIdOf(submission));
    };
    return { ...context, renderer, draw };
  }

  it("draws digest, licence, framework and relation, and no mark on an active model", async function () {
    const { draw } = await loadFixture(deployRenderer);
    const submission = leanSubmission("model", { relation: Relation.Quantized });
    const svg = await draw(submission);
    const digest = ethers.hexlify(submission.modelDigest);
    for (const text of [`${digest.slice(0, 10)}…${digest.slice(-8)}`, "Apache-2.0", "PyTorch 2.9.0", "quantized"]) {
      expect(svg).to.contain(text);
    }
    expect(svg).not.to.match(/REVOKED|DEPRECATED/);
  });

  it("draws a different pattern for every digest", async function () {
    const { draw } = await loadFixture(deployRenderer);
    expect(await draw(leanSubmission("a"))).not.to.equal(await draw(leanSubmission("b")));
  });

  it("draws the pattern and the colours of the card that is pinned, so that a recall is recognised", async function () {
    const { draw } = await loadFixture(deployRenderer);
    const paths = (svg: string) => svg.match(/<path fill="hsl[^>]*>/g);
    for (const seed of ["a", "b", "c"]) {
      const submission = leanSubmission(seed);
      const modelDigest = ethers.hexlify(submission.modelDigest) as `0x${string}`;
      expect(paths(await draw(submission))).to.deep.equal(paths(drawModelCard({ name: seed, modelDigest })));
    }
  });

  it("escapes every text of a user, and cuts what is too long", async function () {
    const { draw } = await loadFixture(deployRenderer);
    const svg = await draw(leanSubmission("model", { license: `<&>"'\u0000é${"x".repeat(50)}`, framework: "" }));
    expect(svg).to.contain(`&lt;&amp;&gt;&quot;&#39;???${"x".repeat(26)}…`);
    expect(await draw(leanSubmission("other", { license: "" }))).to.contain("no licence given");
  });

  it("marks deprecated and revoked models", async function () {
    const { asMinter, renderer, draw } = await loadFixture(deployRenderer);
    const submission = leanSubmission("model");
    await draw(submission);
    await asMinter.setStatus(tokenIdOf(submission), Status.Deprecated, "");
    expect(await renderer.renderTokenById(tokenIdOf(submission))).to.contain("DEPRECATED");
    await asMinter.setStatus(tokenIdOf(submission), Status.Revoked, "");
    expect(await renderer.renderTokenById(tokenIdOf(submission))).to.contain("REVOKED");
  });

  it("puts the body into a document", async function () {
    const { renderer, draw } = await loadFixture(deployRenderer);
    const submission = leanSubmission("model");
    const body = await draw(submission);
    const document = decodeSvg(await renderer.tokenImageURI(tokenIdOf(submission)));
    expect(document).to.match(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /);
    expect(document).to.contain(body);
  });

  it("knows ERC-4883, and reverts for a model that is not recorded", async function () {
    const { registry, renderer } = await loadFixture(deployRenderer);
    expect(await renderer.supportsInterface("0xa2d6c6da")).to.equal(true);
    expect(await renderer.supportsInterface("0x01ffc9a7")).to.equal(true);
    expect(await renderer.supportsInterface("0xffffffff")).to.equal(false);
    expect(await renderer.registry()).to.equal(await registry.getAddress());
    await expect(renderer.renderTokenById(7n))
      .to.be.revertedWithCustomError(registry, "ERC721NonexistentToken")
      .withArgs(7n);
  });
});

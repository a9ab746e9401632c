import { expect } from "chai";
import fc from "fast-check";
import hre from "hardhat";
import { deployModelProvenance, ethers, fullSubmission, networkHelpers } from "../helpers/deploy-model-provenance.ts";
import { decodeJson, decodeSvg } from "../helpers/data-uri.ts";
import { Status, tokenIdOf } from "../helpers/submissions.ts";

const { loadFixture } = networkHelpers;

describe("ModelProvenanceNFT", function () {
  async function mintModel() {
    const context = await deployModelProvenance();
    const submission = fullSubmission("model");
    await context.asMinter.mintProvenanceNFT(context.owner, submission);
    const renderer = await ethers.deployContract("ModelRenderer", [context.registry]);
    const asAdmin = context.registry.connect(context.admin);
    return { ...context, asAdmin, renderer, tokenId: tokenIdOf(submission) };
  }

  describe("tokenURI", function () {
    for (const [word, status] of [
      ["Deprecated", Status.Deprecated],
      ["Revoked", Status.Revoked],
    ] as const) {
      it(`says that the model is ${word}, with the picture and the metadata's address`, async function () {
        const { registry, asMinter, asAdmin, minter, renderer, tokenId } = await loadFixture(mintModel);
        const metadataURI = await registry.metadataURI(tokenId);
        await asMinter.setStatus(tokenId, status, "");
        const plain = decodeJson(await registry.tokenURI(tokenId));
        const setAt = await networkHelpers.time.latest();
        const id = ethers.toBeHex(tokenId, 32);
        expect(plain).to.deep.equal({
          name: `${word} model ${id.slice(0, 6)}…${id.slice(-4)}`,
          description: `Do not rely on this model. Its record: ${metadataURI}`,
          metadata_uri: metadataURI,
          attributes: [
            { trait_type: "Status", value: word },
            { trait_type: "Set by", value: minter.address },
            { display_type: "date", trait_type: "Since", value: setAt },
          ],
        });
        await asAdmin.setRenderer(renderer);
        const drawn = decodeJson(await registry.tokenURI(tokenId));
        expect(decodeSvg(drawn.image)).to.contain(word.toUpperCase());
        expect(await registry.metadataURI(tokenId)).to.equal(metadataURI);
      });
    }

    it("is the metadata's address again when the model is active again", async function () {
      const { registry, asMinter, tokenId } = await loadFixture(mintModel);
      await asMinter.setStatus(tokenId, Status.Deprecated, "");
      await asMinter.setStatus(tokenId, Status.Active, "");
      expect(await registry.tokenURI(tokenId)).to.equal(await registry.metadataURI(tokenId));
    });

    it("gives the reason, whatever it is", async function () {
      const { registry, asMinter, tokenId } = await loadFixture(mintModel);
      for (const reason of [
        '","name":"fine","x":"',
        "\\",
        '\\"',
        "\u0000\u001f\u007f",
        "überholt 模型 😀",
        "</script>",
        "x".repeat(256),
      ]) {
        await asMinter.setStatus(tokenId, Status.Deprecated, reason);
        const metadata = decodeJson(await registry.tokenURI(tokenId));
        expect(Object.keys(metadata)).to.deep.equal(["name", "description", "metadata_uri", "attributes"]);
        expect(metadata.description).to.contain(`Reason: ${reason} — Its record: ipfs://`);
        expect(metadata.attributes?.[1]).to.deep.equal({ trait_type: "Reason", value: reason });
      }
    });

    it("gives any reason that is UTF-8 word for word, and no other bytes are taken", async function () {
      const { registry, minter, tokenId } = await loadFixture(mintModel);
      const { selector } = registry.interface.getFunction("setStatus");
      const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
      const text = fc.string({ unit: "binary", maxLength: 60 }).map((value) => Buffer.from(value));
      const odd = fc
        .constantFrom(
          '"',
          "\\",
          "\\u0022",
          "\u2028\u2029",
          "\ufeff",
          "\ufffe\uffff",
          "\u0000\u007f\u0080",
          "\u{10ffff}",
        )
        .map((value) => Buffer.from(value));
      const broken = fc
        .constantFrom("80", "bf", "c0af", "e280", "eda080", "edb080", "f0808080", "f0908041", "f4908080", "f8", "ff")
        .map((hex) => Buffer.from(hex, "hex"));
      const parts = fc.array(fc.oneof(text, odd, broken), { maxLength: 3 }).map((all) => Buffer.concat(all));
      const reasons = fc
        .oneof(
          text,
          odd,
          parts,
          fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
        )
        .filter(({ length }) => length <= 256);
      await fc.assert(
        fc.asyncProperty(reasons, async (bytes) => {
          const values = [tokenId, Status.Deprecated, bytes];
          const encoded = ethers.AbiCoder.defaultAbiCoder().encode(["uint256", "uint8", "bytes"], values);
          const sent = minter.sendTransaction({ to: registry, data: ethers.concat([selector, encoded]) });
          let reason: string;
          try {
            reason = decoder.decode(bytes);
          } catch {
            await expect(sent)
              .to.be.revertedWithCustomError(registry, "ModelProvenanceInvalidText")
              .withArgs(ethers.hexlify(bytes));
            return;
          }
          await sent;
          const { name, attributes = [] } = decodeJson(await registry.tokenURI(tokenId));
          expect(name).to.match(/^Deprecated model 0x[0-9a-f]{4}…[0-9a-f]{4}$/);
          const shown = attributes.filter((attribute) => attribute.trait_type === "Reason");
          expect(shown).to.deep.equal(reason === "" ? [] : [{ trait_type: "Reason", value: reason }]);
        }),
        { numRuns: 150 },
      );
    });

    it("keeps both reasons of a creator that revokes over a curator, whatever the renderer burns", async function () {
      // Instrumented code takes more gas than the limits here are for.
      if (hre.globalOptions.coverage) this.skip();
      const { registry, asMinter, asAdmin, curator, tokenId } = await loadFixture(mintModel);
      await registry.connect(curator).setStatus(tokenId, Status.Deprecated, "\u0001".repeat(256));
      await asMinter.setStatus(tokenId, Status.Revoked, "\u0002".repeat(256));
      const burner = "0x000000000000000000000000000000000000bEEF";
      await networkHelpers.setCode(burner, "0x5b5f56");
      await asAdmin.setRenderer(burner);
      const reason = `${"\u0002".repeat(256)}; a curator before: ${"\u0001".repeat(256)}`;
      for (const gasLimit of [1_000_000n, 3_000_000n, 16_000_000n]) {
        const { description } = decodeJson(await registry.tokenURI(tokenId, { gasLimit }));
        expect(description).to.contain(`Reason: ${reason} — Its record: `);
      }
    });
  });

  describe("contractURI", function () {
    it("is the collection's name, and its picture where there is a renderer", async function () {
      const { registry, asAdmin, renderer } = await loadFixture(mintModel);
      expect(decodeJson(await registry.contractURI())).to.deep.equal({ name: "Model Provenance" });
      await asAdmin.setRenderer(renderer);
      const { name, image } = decodeJson(await registry.contractURI());
      expect(name).to.equal("Model Provenance");
      expect(decodeSvg(image)).to.contain("Model Provenance");
    });

    it("holds a hostile name", async function () {
      const { admin } = await loadFixture(mintModel);
      const name = "</text><script>\"\\\n\u0001&'é";
      const none = ethers.ZeroAddress;
      const hostile = await ethers.deployContract("ModelProvenanceNFT", [name, "S", admin, none, none, none, 0]);
      await hostile.connect(admin).setRenderer(await ethers.deployContract("ModelRenderer", [hostile]));
      const metadata = decodeJson(await hostile.contractURI());
      expect(metadata.name).to.equal(name);
      expect(decodeSvg(metadata.image)).to.contain("&lt;/text&gt;&lt;script&gt;&quot;\\??&amp;&#39;??");
    });
  });

  describe("setRenderer", function () {
    it("replaces the renderer and says that every picture changed", async function () {
      const { registry, asAdmin, renderer } = await loadFixture(mintModel);
      const transaction = asAdmin.setRenderer(renderer);
      await expect(transaction)
        .to.emit(registry, "RendererChanged")
        .withArgs(ethers.ZeroAddress, await renderer.getAddress());
      await expect(transaction).to.emit(registry, "BatchMetadataUpdate").withArgs(0n, ethers.MaxUint256);
      await expect(transaction).to.emit(registry, "ContractURIUpdated").withArgs();
      expect(await registry.getRenderer()).to.equal(await renderer.getAddress());
      await asAdmin.setRenderer(ethers.ZeroAddress);
      expect(await registry.getRenderer()).to.equal(ethers.ZeroAddress);
    });

    it("reverts for a renderer without code, and for anybody but the admin", async function () {
      const { registry, asAdmin, minter, renderer, stranger } = await loadFixture(mintModel);
      await expect(asAdmin.setRenderer(stranger))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceInvalidRenderer")
        .withArgs(stranger.address);
      await expect(registry.connect(minter).setRenderer(renderer))
        .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
        .withArgs(minter.address, ethers.ZeroHash);
    });
  });

  describe("lockRenderer", function () {
    it("keeps the renderer for ever", async function () {
      const { registry, asAdmin, renderer } = await loadFixture(mintModel);
      const address = await renderer.getAddress();
      await asAdmin.setRenderer(renderer);
      await expect(asAdmin.lockRenderer()).to.emit(registry, "RendererLocked").withArgs(address);
      await expect(asAdmin.setRenderer(ethers.ZeroAddress))
        .to.be.revertedWithCustomError(registry, "ModelProvenanceLockedRenderer")
        .withArgs(address);
      await expect(asAdmin.lockRenderer())
        .to.be.revertedWithCustomError(registry, "ModelProvenanceLockedRenderer")
        .withArgs(address);
    });

    it("reverts for anybody but the admin", async function () {
      const { registry, minter } = await loadFixture(mintModel);
      await expect(registry.connect(minter).lockRenderer())
        .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
        .withArgs(minter.address, ethers.ZeroHash);
    });
  });
});

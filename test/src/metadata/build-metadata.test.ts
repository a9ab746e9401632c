import { createHash } from "node:crypto";
import { expect } from "chai";
import { Wallet } from "ethers";
import { canonicalJson } from "../../../src/metadata/canonical-json.ts";
import { readManifestEntry } from "../../../src/metadata/manifest-entry.ts";
import { readMetadata } from "../../../src/metadata/read-metadata.ts";
import { METADATA_MAX_BYTES, metadataSchema } from "../../../src/metadata/schema.ts";
import { rawBlock } from "../../../src/content/cid.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { MemoryStore } from "../../helpers/memory-store.ts";
import { buildTestMetadata, createModel, testAccount } from "../../helpers/metadata.ts";
import { parseSimpleXml } from "../../helpers/xml.ts";

describe("buildMetadata", function () {
  it("writes one canonical block whose digest is in its URI", async function () {
    const { metadata, metadataDigest, uri, block } = await buildTestMetadata();
    expect(Buffer.from(block.bytes)).to.deep.equal(Buffer.from(canonicalJson(metadata)));
    expect(metadataDigest).to.equal(`0x${createHash("sha256").update(block.bytes).digest("hex")}`);
    expect(uri).to.equal(`ipfs://${rawBlock(block.bytes).cid.toString()}`);
    expect(uri).to.match(/^ipfs:\/\/bafkrei/);
  });

  it("gives the same bytes for the same input", async function () {
    const facts = { task: "a", metrics: [{ name: "accuracy", value: 0.9 }], trainingConfig: { b: 1, a: 2 } };
    const again = { trainingConfig: { a: 2, b: 1 }, metrics: [{ value: 0.9, name: "accuracy" }], task: "a" };
    const first = await buildTestMetadata({ facts });
    const second = await buildTestMetadata({ facts: again });
    expect(second.metadataDigest).to.equal(first.metadataDigest);
    expect(second.attachments).to.deep.equal(first.attachments);
  });

  it("is what a reader finds by the digest", async function () {
    const { metadata, metadataDigest, block } = await buildTestMetadata();
    expect(await readMetadata(metadataDigest, new MemoryStore([block]))).to.deep.equal(metadata);
  });

  it("takes name and description from statements, else the card, else the folder", async function () {
    const facts = { name: "card", description: "Of the card." };
    const stated = await buildTestMetadata({
      facts,
      statements: { license: "MIT", name: "stated", description: "Stated." },
    });
    expect(stated.metadata).to.include({ name: "stated", description: "Stated." });
    expect((await buildTestMetadata({ facts })).metadata).to.include(facts);
    expect((await buildTestMetadata()).metadata.name).to.equal("a-model");
  });

  it("repeats for marketplaces what they show", async function () {
    const { metadata } = await buildTestMetadata({
      facts: {
        architecture: "Perceptron",
        parameters: { total: 7, byDtype: { F32: 7 } },
        metrics: [{ name: "accuracy", value: 0.9 }],
      },
      statements: {
        license: "MIT",
        version: "1.0.0",
        framework: { name: "PyTorch", version: "2.9.0" },
        externalUrl: "https://example.org",
      },
    });
    expect(metadata.external_url).to.equal("https://example.org");
    expect(Object.fromEntries(metadata.attributes.map(({ trait_type, value }) => [trait_type, value]))).to.deep.equal({
      Architecture: "Perceptron",
      Framework: "PyTorch 2.9.0",
      License: "MIT",
      Version: "1.0.0",
      Relation: "base",
      Parameters: 7,
      accuracy: 0.9,
      "Model digest": metadata.provenance.modelDigest,
    });
  });

  it("attaches a picture drawn from hostile texts, or the one given", async function () {
    const name = `<script>&"'\u0000\u202e`;
    const drawn = await buildTestMetadata({ statements: { license: "MIT", name, task: "]]>&amp;<" } });
    const svg = Buffer.from(drawn.attachments[0]?.blocks[0]?.bytes ?? []).toString("utf8");
    expect(parseSimpleXml(svg)).to.include("]]>&amp;<");
    expect(drawn.metadata.image).to.equal(`ipfs://${drawn.attachments[0]?.root.toString()}`);

    const image = Buffer.from("a picture");
    expect((await buildTestMetadata({ image })).metadata.image).to.equal(`ipfs://${rawBlock(image).cid.toString()}`);
  });

  it("moves a manifest of many files to a file beside", async function () {
    const resources = Array.from({ length: 9000 }, (_, i) => ({
      name: `data/shard-${String(i).padStart(6, "0")}.bin`,
      size: i,
      sha256: i.toString(16).padStart(64, "0"),
    }));
    const { metadata, block, attachments } = await buildTestMetadata({ model: { ...createModel(), resources } });
    expect(attachments).to.have.lengthOf(2);
    expect(block.bytes.length).to.be.below(10_000);
    const store = new MemoryStore(attachments.flatMap(({ blocks }) => blocks));
    expect(await readManifestEntry(metadata.provenance.manifest, store)).to.deep.equal(resources);
  });

  it("refuses more than 1 MiB, and takes as much", async function () {
    const withText = (length: number) => buildTestMetadata({ facts: { trainingConfig: { text: "x".repeat(length) } } });
    const overhead = (await withText(0)).block.bytes.length;
    const { block, metadata } = await withText(METADATA_MAX_BYTES - overhead);
    expect(block.bytes.length).to.equal(METADATA_MAX_BYTES);
    expect(metadataSchema.safeParse(metadata).success).to.equal(true);
    expect(await errorCode(() => withText(METADATA_MAX_BYTES - overhead + 1))).to.equal("METADATA_TOO_LARGE");
  });

  it("refuses a signer who is not the account that will mint", async function () {
    const signer = new Wallet(`0x${"22".repeat(32)}`);
    expect(await errorCode(() => buildTestMetadata({ signer }))).to.equal("SIGNER_MISMATCH");
  });

  it("refuses texts that the format does not hold", async function () {
    const refused = [
      { name: "x".repeat(257) },
      { name: "\ud800" },
      { description: "x".repeat(8193) },
      { externalUrl: "x".repeat(2049) },
    ];
    for (const statements of refused) {
      expect(await errorCode(() => buildTestMetadata({ statements: { license: "MIT", ...statements } }))).to.equal(
        "OPTION_INVALID",
      );
    }
  });

  it("names the registry's chain in creator and parents", async function () {
    const { metadata } = await buildTestMetadata({
      statements: { license: "MIT", parents: [7n], relation: "version" },
    });
    expect(metadata.provenance.creator).to.equal(`did:pkh:eip155:31337:${testAccount.creator}`);
    expect(metadata.provenance.parents?.[0]?.registry).to.equal(`eip155:31337:${testAccount.registry}`);
    expect(metadata.signature.signer).to.equal(testAccount.creator);
  });
});

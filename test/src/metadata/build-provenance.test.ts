import { expect } from "chai";
import { type Statements, buildProvenance } from "../../../src/metadata/build-provenance.ts";
import { relationOf } from "../../../src/metadata/relation-of.ts";
import type { ModelFacts } from "../../../src/metadata/model-facts.ts";
import type { ManifestEntry } from "../../../src/metadata/schema.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { createModel, testAccount } from "../../helpers/metadata.ts";
import { resourceOf } from "../../helpers/resources.ts";

const DIGEST = `0x${"ab".repeat(32)}` as const;
const MIT: Statements = { license: "MIT" };

function build(statements: Statements, facts: ModelFacts = {}, model = createModel()) {
  const warnings: string[] = [];
  const manifest: ManifestEntry = {
    method: "files",
    hashType: "sha256",
    ignorePaths: [],
    resources: [...model.resources],
  };
  const provenance = buildProvenance(model, manifest, facts, statements, testAccount, (text) => warnings.push(text));
  return { provenance, warnings };
}

describe("buildProvenance", function () {
  it("records the digests, the manifest, the creator, and no key without a value", function () {
    const model = createModel();
    const { provenance, warnings } = build(MIT);
    expect(warnings).to.deep.equal([]);
    expect(provenance).to.deep.equal({
      schemaVersion: "1.0",
      modelDigest: model.modelDigest,
      manifestRoot: model.manifestRoot,
      weightsDigest: model.weightsDigest,
      weights: { files: ["model.safetensors"], rule: "2" },
      manifest: { method: "files", hashType: "sha256", ignorePaths: [], resources: model.resources },
      license: "MIT",
      creator: `did:pkh:eip155:31337:${testAccount.creator}`,
    });
  });

  it("says which statement a contradiction is about", function () {
    const facts: ModelFacts = { task: "a", version: "1", framework: { name: "x" }, license: "mit" };
    const statements: Statements = { task: "b", version: "2", framework: { name: "y" }, license: "Apache-2.0" };
    const about: unknown[] = [];
    const model = createModel();
    const manifest: ManifestEntry = {
      method: "files",
      hashType: "sha256",
      ignorePaths: [],
      resources: [...model.resources],
    };
    buildProvenance(model, manifest, facts, statements, testAccount, (_, which) => about.push(which));
    expect(about.toSorted()).to.deep.equal(["framework", "license", "task", "version"]);
  });

  it("leaves out the digest of weights where there are none", function () {
    expect(build(MIT, {}, createModel([resourceOf("a.txt", "x")])).provenance).to.not.have.property("weightsDigest");
  });

  it("records what was read where nothing is stated", function () {
    const facts: ModelFacts = {
      architecture: "Perceptron",
      task: "tabular-classification",
      framework: { name: "typescript" },
      parameters: { total: 7, byDtype: { F32: 7 } },
      datasets: [{ name: "iris", uri: "hf://datasets/iris" }],
      trainingConfig: { epochs: 3 },
      metrics: [{ name: "accuracy", value: 0.9 }],
      license: "apache-2.0",
      version: "1.0.0",
      configHash: DIGEST,
    };
    const { provenance, warnings } = build({}, facts);
    expect(warnings).to.deep.equal([]);
    const { architecture, datasets: _, license: __, ...same } = facts;
    expect(provenance).to.deep.include({ ...same, modelArchitecture: architecture, license: "Apache-2.0" });
    expect(provenance.datasets).to.deep.equal([{ name: "iris", uri: "hf://datasets/iris" }]);
  });

  describe("a statement wins over what was read, with a warning", function () {
    const contradictions: Record<string, { stated: Statements; read: ModelFacts; recorded: object }> = {
      licence: { stated: { license: "MIT" }, read: { license: "apache-2.0" }, recorded: { license: "MIT" } },
      task: { stated: { ...MIT, task: "a" }, read: { task: "b" }, recorded: { task: "a" } },
      version: { stated: { ...MIT, version: "2" }, read: { version: "1" }, recorded: { version: "2" } },
      framework: {
        stated: { ...MIT, framework: { name: "PyTorch", version: "2.9.0" } },
        read: { framework: { name: "transformers" } },
        recorded: { framework: { name: "PyTorch", version: "2.9.0" } },
      },
    };
    for (const [what, { stated, read, recorded }] of Object.entries(contradictions)) {
      it(what, function () {
        const { provenance, warnings } = build(stated, read);
        expect(provenance).to.deep.include(recorded);
        expect(warnings).to.have.lengthOf(1);
      });
    }

    it("relation", function () {
      const { provenance, warnings } = build(
        { ...MIT, parents: [7n], relation: "adapter" },
        { baseModels: [{ uri: "hf://a/b", relation: "fine-tune" }] },
      );
      expect(provenance.parents?.[0]?.relation).to.equal("adapter");
      expect(warnings).to.have.lengthOf(1);
    });

    it("but none where both say the same in other words", function () {
      expect(build({ license: "mit", version: "1" }, { license: "MIT", version: "1" }).warnings).to.deep.equal([]);
    });
  });

  describe("licence", function () {
    it("is missed with a warning", function () {
      const { provenance, warnings } = build({});
      expect(provenance).to.not.have.property("license");
      expect(warnings).to.have.lengthOf(1);
    });

    it("has at most 64 bytes", async function () {
      expect(build({ license: `LicenseRef-${"x".repeat(53)}` }).provenance.license).to.have.lengthOf(64);
      expect(await errorCode(() => build({ license: `LicenseRef-${"x".repeat(54)}` }))).to.equal("OPTION_INVALID");
    });
  });

  describe("relation", function () {
    it("is base where there is no origin, whatever the card says", function () {
      expect(relationOf(build(MIT).provenance)).to.equal("base");
      expect(relationOf(build({ ...MIT, relation: "base" }).provenance)).to.equal("base");
      expect(relationOf(build(MIT, { baseModels: [] }).provenance)).to.equal("base");
    });

    it("goes with each parent, named by token id and registry", function () {
      const { provenance } = build({ ...MIT, parents: [7n, 2n ** 256n - 1n], relation: "merge" });
      const registry = `eip155:31337:${testAccount.registry}`;
      expect(provenance.parents).to.deep.equal([
        { tokenId: `0x${"0".repeat(63)}7`, relation: "merge", registry },
        { tokenId: `0x${"f".repeat(64)}`, relation: "merge", registry },
      ]);
      expect(relationOf(provenance)).to.equal("merge");
    });

    it("is that of the card for its base models", function () {
      const { provenance, warnings } = build(MIT, { baseModels: [{ uri: "hf://a/b", relation: "quantized" }] });
      expect(provenance.baseModels).to.deep.equal([{ uri: "hf://a/b", relation: "quantized" }]);
      expect(relationOf(provenance)).to.equal("quantized");
      expect(warnings).to.deep.equal([]);
    });

    it("is taken for fine-tune, with a warning, where the card names a base model alone", function () {
      const { provenance, warnings } = build(MIT, { baseModels: [{ uri: "hf://a/b" }] });
      expect(relationOf(provenance)).to.equal("fine-tune");
      expect(warnings).to.have.lengthOf(1);
    });

    it("goes with each base model of the card", function () {
      const baseModels = [
        { uri: "hf://a/b", relation: "quantized" as const },
        { uri: "hf://c/d", relation: "merge" as const },
      ];
      const { provenance, warnings } = build(MIT, { baseModels });
      expect(provenance.baseModels).to.deep.equal(baseModels);
      expect(warnings).to.deep.equal([]);
      expect(relationOf(provenance)).to.equal("quantized");
    });

    it("is a fine-tune, with a warning, where the card says none beside one that it says", function () {
      const { provenance, warnings } = build(MIT, { baseModels: [{ uri: "x", relation: "merge" }, { uri: "y" }] });
      expect(provenance.baseModels?.map(({ relation }) => relation)).to.deep.equal(["merge", "fine-tune"]);
      expect(warnings).to.have.lengthOf(1);
    });

    it("goes with single parents where it is stated of them", function () {
      const parentRelations = new Map([[8n, "merge" as const]]);
      const { provenance } = build({ ...MIT, parents: [7n, 8n], relation: "adapter", parentRelations });
      expect(provenance.parents?.map(({ relation }) => relation)).to.deep.equal(["adapter", "merge"]);
    });

    it("goes with stated base models in place of the card's", function () {
      const statements: Statements = { ...MIT, baseModels: [{ uri: "x", digest: DIGEST }], relation: "distilled" };
      const { provenance } = build(statements, { baseModels: [{ uri: "hf://a/b" }] });
      expect(provenance.baseModels).to.deep.equal([{ uri: "x", digest: DIGEST, relation: "distilled" }]);
    });

    it("goes with a stated parent alone where the card names base models too", function () {
      const { provenance } = build(
        { ...MIT, parents: [7n], relation: "version" },
        { baseModels: [{ uri: "hf://a/b" }] },
      );
      expect(provenance).to.not.have.property("baseModels");
    });

    const refused: Record<string, [Statements, ModelFacts, string]> = {
      "a relation without an origin": [{ relation: "fine-tune" }, {}, "OPTION_MISSING"],
      "a parent without a relation": [{ parents: [7n] }, {}, "OPTION_MISSING"],
      "a version of a base model outside the registry": [
        { relation: "version", baseModels: [{ uri: "x" }] },
        {},
        "OPTION_MISSING",
      ],
      "a version of the card's base model": [
        { relation: "version" },
        { baseModels: [{ uri: "hf://a/b" }] },
        "OPTION_MISSING",
      ],
      "base with a parent": [{ relation: "base", parents: [7n] }, {}, "OPTION_INVALID"],
      "base with a base model": [{ relation: "base", baseModels: [{ uri: "x" }] }, {}, "OPTION_INVALID"],
      "17 parents": [{ relation: "merge", parents: Array<bigint>(17).fill(7n) }, {}, "OPTION_INVALID"],
    };
    for (const [what, [statements, facts, code]] of Object.entries(refused)) {
      it(`refuses ${what}`, async function () {
        expect(await errorCode(() => build({ ...MIT, ...statements }, facts))).to.equal(code);
      });
    }
  });

  const unrecordable: Record<string, Statements> = {
    "a version above 64 characters": { version: "1".repeat(65) },
    "a metric that is no number": { metrics: [{ name: "accuracy", value: NaN }] },
    "a royalty above 10 per cent": { royalty: { receiver: testAccount.creator, basisPoints: 1001 } },
    "a royalty to no address": { royalty: { receiver: "0x00", basisPoints: 1 } },
    "a data set's digest that is none": { datasetDigest: "0x00" },
    "a lone surrogate": { task: "\ud800" },
  };
  for (const [what, statements] of Object.entries(unrecordable)) {
    it(`refuses ${what}`, async function () {
      expect(await errorCode(() => build({ ...MIT, ...statements }))).to.equal("OPTION_INVALID");
    });
  }
});

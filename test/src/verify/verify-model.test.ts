import { rename } from "node:fs/promises";
import { expect } from "chai";
import { id } from "ethers";
import type { Registry } from "../../../src/registry/registry.ts";
import type { Metadata } from "../../../src/metadata/schema.ts";
import { verifyModel } from "../../../src/verify/verify-model.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { MemoryStore } from "../../helpers/memory-store.ts";
import { deployRegistry, recordModel } from "../../helpers/recorded-model.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const FILES = { "README.md": "---\nlicense: mit\n---\nA model.", "config.json": "{}", "model.safetensors": "weights" };

describe("verifyModel", function () {
  const temporary = useTemporaryFolder();
  const deploy = async () => {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    deployed.store.blocks.clear();
    return { ...deployed, modelPath: await temporary.write("model", FILES) };
  };

  it("verifies what was recorded, with a row a file", async function () {
    const { modelPath, ...deployed } = await deploy();
    await recordModel(deployed, { modelPath, statements: {} });
    const { verdict, files, warnings, checks } = await verifyModel({ modelPath, ...deployed });
    expect({ verdict, warnings }).to.deep.equal({ verdict: "verified", warnings: [] });
    expect(files.map(({ name, status }) => [name, status])).to.deep.equal(
      Object.keys(FILES).map((name) => [name, "ok"]),
    );
    expect(checks.every(({ passed }) => passed)).to.equal(true);
  });

  it("verifies by the emitted root where the metadata is gone, with the same rows", async function () {
    const { modelPath, ...deployed } = await deploy();
    await recordModel(deployed, { modelPath, statements: {} });
    const report = await verifyModel({ modelPath, registry: deployed.registry, store: new MemoryStore() });
    expect(report.verdict).to.equal("verified");
    expect(report.files).to.have.length(3);
    expect(report.warnings).to.have.length(1);
  });

  it("refuses a rename that keeps the digest, with the metadata and without", async function () {
    const { modelPath, ...deployed } = await deploy();
    await recordModel(deployed, { modelPath, statements: {} });
    await rename(`${modelPath}/config.json`, `${modelPath}/config.json_`);
    expect((await verifyModel({ modelPath, ...deployed })).verdict).to.equal("mismatch");
    const withoutStore = await verifyModel({ modelPath, ...deployed, store: new MemoryStore() });
    expect(withoutStore.verdict).to.equal("mismatch");
  });

  it("cannot check where neither metadata nor event can be read", async function () {
    const { modelPath, ...deployed } = await deploy();
    await recordModel(deployed, { modelPath, statements: {} });
    const registry = withoutEvents(deployed.registry);
    const report = await verifyModel({ modelPath, registry, store: new MemoryStore() });
    expect(report.verdict).to.equal("unchecked");
  });

  it("gives the same verdict on an emitted root that contradicts the metadata, whatever could be read", async function () {
    const { modelPath, ...deployed } = await deploy();
    await recordModel(deployed, { modelPath, statements: {} }, { submission: { manifestRoot: id("other") } });
    expect((await verifyModel({ modelPath, ...deployed })).verdict).to.equal("mismatch");
    expect((await verifyModel({ modelPath, ...deployed, store: new MemoryStore() })).verdict).to.equal("mismatch");
  });

  it("refuses metadata of another model", async function () {
    for (const field of ["modelDigest", "manifestRoot"] as const) {
      const { modelPath, ...deployed } = await deploy();
      const metadata = (original: Metadata) => {
        original.provenance[field] = id("another");
        return original;
      };
      await recordModel(deployed, { modelPath, statements: {} }, { metadata });
      expect((await verifyModel({ modelPath, ...deployed })).verdict, field).to.equal("mismatch");
    }
  });

  it("warns of each field in which chain and metadata differ", async function () {
    const { modelPath, ...deployed } = await deploy();
    const submission = {
      license: "GPL-3.0-only",
      framework: "other",
      performanceMetrics: "x=1",
      version: "9",
      datasetDigest: id("x"),
    };
    await recordModel(deployed, { modelPath, statements: {} }, { submission });
    const { verdict, warnings } = await verifyModel({ modelPath, ...deployed });
    expect(verdict).to.equal("verified");
    expect(warnings).to.have.length(Object.keys(submission).length);
  });

  it("warns of a signature of somebody else", async function () {
    const { modelPath, ...deployed } = await deploy();
    const metadata = (original: Metadata) => {
      original.description = "changed after signing is fine, it is not signed";
      original.provenance.task = "changed";
      return original;
    };
    await recordModel(deployed, { modelPath, statements: {} }, { metadata });
    const { verdict, warnings } = await verifyModel({ modelPath, ...deployed });
    expect(verdict).to.equal("verified");
    expect(warnings.join()).to.include("signature");
  });

  it("blames hostile metadata, not the files at hand", async function () {
    const names = ["../../etc/passwd", "/etc/passwd", "model.safetensors"];
    for (const name of names) {
      const { modelPath, ...deployed } = await deploy();
      const metadata = (original: Metadata) => {
        (original.provenance.manifest.resources as { name: string }[]).push({
          name,
          size: 1,
          sha256: "0".repeat(64),
        } as never);
        return original;
      };
      await recordModel(deployed, { modelPath, statements: {} }, { metadata });
      const { verdict, warnings } = await verifyModel({ modelPath, ...deployed });
      // The emitted root still decides; the metadata's names do not.
      expect(verdict, name).to.equal("verified");
      expect(warnings.join()).to.include("The manifest in the metadata is invalid");
    }
  });

  it("takes a single file under another name with a warning, and cannot check it without the metadata", async function () {
    const { modelPath: folder, ...deployed } = await deploy();
    await recordModel(deployed, { modelPath: `${folder}/model.safetensors`, statements: {} });
    await rename(`${folder}/model.safetensors`, `${folder}/renamed.safetensors`);
    const modelPath = `${folder}/renamed.safetensors`;
    const { verdict, warnings } = await verifyModel({ modelPath, ...deployed });
    expect({ verdict, count: warnings.length }).to.deep.equal({ verdict: "verified", count: 1 });
    expect((await verifyModel({ modelPath, ...deployed, store: new MemoryStore() })).verdict).to.equal("unchecked");
  });

  it("cannot say that nobody recorded a model where the node refuses to search events: a batch may hold it", async function () {
    const { modelPath, ...deployed } = await deploy();
    expect((await verifyModel({ modelPath, ...deployed })).verdict).to.equal("not-registered");
    const report = await verifyModel({ modelPath, ...deployed, registry: withoutEvents(deployed.registry) });
    expect(report.verdict).to.equal("unchecked");
    expect(report.notChecked).to.have.length(1);
  });

  it("says what may be so where nobody recorded the files, and how to learn which", async function () {
    const { modelPath, ...deployed } = await deploy();
    const { reason, checks } = await verifyModel({ modelPath, ...deployed });
    for (const word of ["never recorded", "changed", "renamed", "--token", "--lock"]) expect(reason).to.include(word);
    expect(checks.map(({ what, passed }) => [what, passed])).to.deep.equal([["the model is recorded", false]]);
  });

  it("finds a model whose digest OMS's Python client computed in its own order", async function () {
    const { modelPath: _, ...deployed } = await deploy();
    const modelPath = await temporary.write("ordered", { "a.txt": "1", "a/x": "2", "a-b/x": "3" });
    const { computeComponentOrderDigest } = await import("../../../src/model/manifest.ts");
    const { hashModel } = await import("../../../src/model/hash-model.ts");
    const modelDigest = computeComponentOrderDigest((await hashModel(modelPath)).resources);
    await recordModel(
      deployed,
      { modelPath, statements: {} },
      {
        submission: { modelDigest },
        metadata: (original) => ({ ...original, provenance: { ...original.provenance, modelDigest } }),
      },
    );
    expect((await verifyModel({ modelPath, ...deployed })).verdict).to.equal("verified");
  });
});

/** A node that answers calls and refuses to search events, as public ones do for wide ranges. */
function withoutEvents(registry: Registry): Registry {
  const contract = new Proxy(registry.contract, {
    get: (target, key, receiver) =>
      key === "queryFilter"
        ? async () => Promise.reject(new Error("query exceeds max block range"))
        : (Reflect.get(target, key, receiver) as unknown),
  });
  return { ...registry, contract };
}

import { expect } from "chai";
import { ZeroAddress, keccak256 } from "ethers";
import { latestOf } from "../../../src/registry/versions.ts";
import { readLineageStatus } from "../../../src/registry/ancestry.ts";
import type { Registry } from "../../../src/registry/registry.ts";
import { verifyModel } from "../../../src/verify/verify-model.ts";
import { ethers, networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { deployRegistry, recordModel } from "../../helpers/recorded-model.ts";
import { Relation, leanSubmission, tokenIdOf } from "../../helpers/submissions.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

describe("the standing of a record", function () {
  const temporary = useTemporaryFolder();
  const files = (text: string) => ({ "w.onnx_data": text });

  async function deploy() {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    deployed.store.blocks.clear();
    const modelPath = await temporary.write("model", files("1"));
    return { ...deployed, modelPath };
  }

  it("names the latest version by the model's own creator or owner", async function () {
    const { modelPath, ...deployed } = await deploy();
    const { registry, minter, owner, admin, stranger } = deployed;
    const first = await recordModel(deployed, { modelPath, statements: { version: "1.2.0" } });
    expect((await verifyModel({ modelPath, ...deployed })).latest).to.equal(undefined);
    const next = async (version: string, parent: bigint) => {
      const path = await temporary.write(version, files(version));
      return recordModel(deployed, {
        modelPath: path,
        statements: { version, relation: "version" },
        parents: [String(parent)],
      });
    };
    const second = await next("1.10.0", first);
    await next("1.9.0", second); // a later release of an older line
    const { latest } = await verifyModel({ modelPath, ...deployed });
    expect(latest).to.deep.equal({ tokenId: second, version: "1.10.0" });

    // Who bought a version may announce the next one: that is another's, unless it owns the model asked for.
    await registry.contract.transferFrom(minter, stranger, second);
    await registry.contract.connect(admin).grantRole(await registry.contract.MINTER_ROLE(), stranger);
    const foreign = leanSubmission("foreign", { relation: Relation.Version, parents: [second], version: "9.9.9" });
    await registry.contract.connect(stranger).mintProvenanceNFT(owner, foreign);
    expect((await verifyModel({ modelPath, ...deployed })).latest?.version).to.equal("1.10.0");
    await registry.contract.transferFrom(minter, stranger, first);
    expect((await verifyModel({ modelPath, ...deployed })).latest?.version).to.equal("9.9.9");
  });

  it("does not recommend a version that was revoked", async function () {
    const { modelPath, ...deployed } = await deploy();
    const first = await recordModel(deployed, { modelPath, statements: { version: "1" } });
    const path = await temporary.write("2", files("2"));
    const statements = { version: "2", relation: "version" as const };
    const second = await recordModel(deployed, { modelPath: path, statements, parents: [String(first)] });
    await deployed.registry.contract.setStatus(second, 2n, "broken");
    expect((await verifyModel({ modelPath, ...deployed })).latest).to.equal(undefined);
  });

  it("orders versions by number, and by time where they have none", function () {
    const latest = (...versions: string[]) => latestOf(versions.map((version) => ({ version })))?.version;
    expect(latest("1.2.0", "1.10.0", "1.9.9")).to.equal("1.10.0");
    expect(latest("v2", "10.0", "9")).to.equal("10.0");
    expect(latest("1.0", "1.0.0")).to.equal("1.0.0");
    expect(latest("2.0.0", "1.0.0-beta")).to.equal("1.0.0-beta");
    expect(latest("spring", "autumn")).to.equal("autumn");
    expect(latest()).to.equal(undefined);
  });

  it("warns of a recalled ancestor, also where the ancestry is too long for one call", async function () {
    const { modelPath, ...deployed } = await deploy();
    const { registry, minter } = deployed;
    const base = leanSubmission("base");
    await registry.contract.mintProvenanceNFT(minter, base);
    const middle = leanSubmission("middle", { relation: Relation.FineTune, parents: [tokenIdOf(base)] });
    await registry.contract.mintProvenanceNFT(minter, middle);
    const statements = { relation: "fine-tune" as const };
    await recordModel(deployed, { modelPath, statements, parents: [String(tokenIdOf(middle))] });
    const before = await verifyModel({ modelPath, ...deployed });
    expect(before.ancestry?.worst).to.equal("active");
    expect(before.checks.map(({ what }) => what)).to.include("no ancestor in the registry is deprecated or revoked");
    await registry.contract.setStatus(tokenIdOf(base), 2n, "poisoned");
    for (const asked of [registry, withoutLineageStatus(registry)]) {
      const { verdict, ancestry, warnings } = await verifyModel({ modelPath, ...deployed, registry: asked });
      expect(verdict).to.equal("verified");
      expect(ancestry).to.deep.include({ worst: "revoked", causeId: tokenIdOf(base) });
      expect(ancestry?.statement).to.include({ status: "revoked", account: minter.address, reason: "poisoned" });
      expect(warnings.join()).to.include("revoked");
    }
  });

  it("walks a lineage that is a thousand deep, in one call and without it", async function () {
    const { registry, minter } = await deploy();
    const DEPTH = 1_000;
    const submissions = [leanSubmission("0")];
    for (let i = 1; i < DEPTH; i++) {
      const parent = submissions.at(-1) as (typeof submissions)[0];
      submissions.push(leanSubmission(String(i), { relation: Relation.FineTune, parents: [tokenIdOf(parent)] }));
    }
    for (let i = 0; i < DEPTH; i += 50) await registry.contract.mintBatch(minter, submissions.slice(i, i + 50));
    const [first, last] = [submissions[0], submissions.at(-1)] as [(typeof submissions)[0], (typeof submissions)[0]];
    await registry.contract.setStatus(tokenIdOf(first), 1n, "old");
    for (const asked of [registry, withoutLineageStatus(registry)]) {
      expect(await readLineageStatus(asked, [tokenIdOf(last)])).to.deep.equal({
        worst: "deprecated",
        causeId: tokenIdOf(first),
      });
    }
  });

  it("warns where the royalty is no longer the one that was signed", async function () {
    const { modelPath, ...deployed } = await deploy();
    const { registry, minter, stranger } = deployed;
    const statements = { royalty: { receiver: minter.address, basisPoints: 500 } };
    const tokenId = await recordModel(deployed, { modelPath, statements });
    const before = await verifyModel({ modelPath, ...deployed });
    expect(before.warnings).to.deep.equal([]);
    expect(before.checks.map(({ what }) => what)).to.include("the royalty is the one that was signed");
    await registry.contract.setTokenRoyalty(tokenId, stranger, 500n);
    const { verdict, warnings } = await verifyModel({ modelPath, ...deployed });
    expect(verdict).to.equal("verified");
    expect(warnings.join()).to.include(stranger.address);
  });

  it("says nothing of the default royalty where none was signed", async function () {
    const { modelPath, ...deployed } = await deploy();
    await recordModel(deployed, { modelPath, statements: {} });
    await deployed.registry.contract.connect(deployed.admin).setDefaultRoyalty(ZeroAddress, 0n);
    expect((await verifyModel({ modelPath, ...deployed })).warnings).to.deep.equal([]);
  });

  it("is worth nothing where the contract is another, unless the verifier names its code", async function () {
    const { modelPath, ...deployed } = await deploy();
    await recordModel(deployed, { modelPath, statements: {} });
    const { registry } = deployed;
    const code = Buffer.from((await ethers.provider.getCode(registry.address)).slice(2), "hex");
    code[100] = (code[100] as number) ^ 1;
    const provider = new Proxy(registry.provider, {
      get: (target, key, receiver) =>
        key === "getCode" ? async () => `0x${code.toString("hex")}` : (Reflect.get(target, key, receiver) as unknown),
    });
    const report = await verifyModel({ modelPath, ...deployed, registry: { ...registry, provider } });
    expect(report.verdict).to.equal("unacceptable");
    const codeHash = keccak256(code) as `0x${string}`;
    expect(report.reason).to.include(codeHash);
    const trusted = await verifyModel({ modelPath, ...deployed, registry: { ...registry, provider, codeHash } });
    expect(trusted.verdict).to.equal("verified");
  });

  it("compares the training data with what was recorded of it", async function () {
    const { modelPath, ...deployed } = await deploy();
    const datasetPath = await temporary.write("data", { "train.csv": "1,2", "test.csv": "3" });
    await recordModel(deployed, { modelPath, statements: {}, datasetPath });
    expect((await verifyModel({ modelPath, datasetPath, ...deployed })).verdict).to.equal("verified");
    const without = await verifyModel({ modelPath, ...deployed });
    expect(without.notChecked.map(({ what }) => what)).to.include("the training data");
    const otherData = await temporary.write("other", { "train.csv": "1,2", "test.csv": "4" });
    const report = await verifyModel({ modelPath, datasetPath: otherData, ...deployed });
    expect(report).to.include({ verdict: "mismatch" });

    const undisclosed = await temporary.write("undisclosed", files("2"));
    await recordModel(deployed, { modelPath: undisclosed, statements: {} });
    const nothing = await verifyModel({ modelPath: undisclosed, datasetPath, ...deployed });
    expect(nothing.verdict).to.equal("unacceptable");
  });
});

/** A registry behind a node that does not spend the gas for the contract's own walk. */
function withoutLineageStatus(registry: Registry): Registry {
  const contract = new Proxy(registry.contract, {
    get: (target, key, receiver) =>
      key === "lineageStatus"
        ? async () => Promise.reject(Object.assign(new Error("out of gas"), { code: "CALL_EXCEPTION" }))
        : (Reflect.get(target, key, receiver) as unknown),
  });
  return { ...registry, contract };
}

import { rm, symlink, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { id } from "ethers";
import { toHex32 } from "../../../src/base/hex.ts";
import { verifyFiles } from "../../../src/verify/verify-files.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { MemoryStore } from "../../helpers/memory-store.ts";
import { recordFiles } from "../../helpers/recorded-model.ts";
import { asRevoked } from "../../helpers/revoked-registry.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

describe("verifyFiles", function () {
  const temporary = useTemporaryFolder();

  it("checks the files named and no others, and says how many", async function () {
    const { request, modelPath } = await recordFiles(temporary);
    await writeFile(`${modelPath}/b.safetensors`, "damaged");
    const report = await verifyFiles({ ...request, only: ["a.safetensors", "./sub/config.json", "a.safetensors"] });
    expect(report).to.include({ verdict: "verified", method: "proof", filesChecked: 2, filesRecorded: 4 });
    expect(report.reason).to.include("Only 2 of 4 files were checked");
    expect(report.files.map(({ name }) => name)).to.deep.equal(["a.safetensors", "sub/config.json"]);
    expect(report.warnings).to.deep.equal([]);
  });

  it("refuses files that are changed, missing, or not recorded", async function () {
    const { request, modelPath } = await recordFiles(temporary);
    await writeFile(`${modelPath}/a.safetensors`, "aa");
    await rm(`${modelPath}/b.safetensors`);
    await writeFile(`${modelPath}/new`, "");
    for (const [name, status] of [
      ["a.safetensors", "mismatch"],
      ["b.safetensors", "missing"],
      ["new", "extra"],
    ] as const) {
      const report = await verifyFiles({ ...request, only: [name, "README.md"] });
      expect(report.verdict, name).to.equal("mismatch");
      expect(report.files[0]).to.include({ name, status });
      expect(report.proofs).to.have.length(1);
    }
    const [row] = (await verifyFiles({ ...request, only: ["a.safetensors"] })).files;
    expect(row).to.include({ extraBytes: 1 });
  });

  it("never verifies nothing, or what nobody knows", async function () {
    const { request, modelPath } = await recordFiles(temporary);
    expect(await errorCode(() => verifyFiles({ ...request, only: [] }))).to.equal("OPTION_MISSING");
    for (const name of ["none", "sub", "../model/a.safetensors", "/etc/passwd", ""]) {
      expect(await errorCode(() => verifyFiles({ ...request, only: [name] })), name).to.equal("OPTION_INVALID");
    }
    const two = { ...request, modelPath: `${modelPath}/a.safetensors`, only: ["a.safetensors", "b.safetensors"] };
    expect(await errorCode(() => verifyFiles(two))).to.equal("OPTION_INVALID");
    await symlink("a.safetensors", `${modelPath}/link`);
    expect(await errorCode(() => verifyFiles({ ...request, only: ["link"] }))).to.equal("MODEL_UNSUPPORTED_ENTRY");
  });

  it("takes the one file for the name asked for", async function () {
    const { request, modelPath } = await recordFiles(temporary);
    const one = await verifyFiles({
      ...request,
      modelPath: `${modelPath}/sub/config.json`,
      only: ["sub/config.json"],
    });
    expect(one).to.include({ verdict: "verified", filesChecked: 1 });
    const other = await verifyFiles({ ...request, modelPath: `${modelPath}/README.md`, only: ["sub/config.json"] });
    expect(other.verdict).to.equal("mismatch");
  });

  it("finds the token by the claim, which never verifies", async function () {
    const { request, modelPath, tokenId, registry } = await recordFiles(temporary);
    const { tokenId: _, ...unnamed } = request;
    const only = ["a.safetensors"];
    expect(await errorCode(() => verifyFiles({ ...unnamed, only }))).to.equal("OPTION_MISSING");
    const claim = (id_: bigint) => ({
      schemaVersion: "1.0",
      registry: `eip155:31337:${registry.address}`,
      tokenId: toHex32(id_),
      metadataURI: "ipfs://bafkreiaaaa",
      ignorePaths: [],
    });
    await writeFile(`${modelPath}/model-provenance.json`, JSON.stringify(claim(tokenId)));
    const report = await verifyFiles({ ...unnamed, only });
    expect(report.verdict).to.equal("unchecked");
    expect(report.reason).to.include(`TOKEN_ID=${toHex32(tokenId)} VERIFY_ONLY=a.safetensors`);
    await writeFile(`${modelPath}/a.safetensors`, "changed");
    expect((await verifyFiles({ ...unnamed, only })).verdict).to.equal("mismatch");
    await writeFile(`${modelPath}/model-provenance.json`, JSON.stringify(claim(7n)));
    expect((await verifyFiles({ ...unnamed, only })).verdict).to.equal("not-registered");
  });

  it("cannot check without the manifest", async function () {
    const { request } = await recordFiles(temporary);
    const report = await verifyFiles({ ...request, store: new MemoryStore(), only: ["a.safetensors"] });
    expect(report).to.include({ verdict: "unchecked", filesChecked: 0 });
  });

  it("refuses a manifest that is not the token's, and an emitted root that contradicts it", async function () {
    const root = await recordFiles(temporary, { submission: { manifestRoot: id("other") } });
    expect((await verifyFiles({ ...root.request, only: ["a.safetensors"] })).verdict).to.equal("mismatch");
    const digest = id("another");
    const other = await recordFiles(temporary, {
      submission: { modelDigest: digest },
      metadata: (original) => ({ ...original, provenance: { ...original.provenance, modelDigest: digest } }),
    });
    const request = { ...other.request, tokenId: BigInt(digest), only: ["a.safetensors"] };
    expect((await verifyFiles(request)).verdict).to.equal("mismatch");
  });

  it("refuses a file of a revoked model", async function () {
    const { request } = await recordFiles(temporary);
    const registry = asRevoked(request.registry);
    const report = await verifyFiles({ ...request, registry, only: ["a.safetensors"] });
    expect(report.verdict).to.equal("unacceptable");
  });
});

import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import type { Metadata } from "../../../src/metadata/schema.ts";
import type { ModelSubmission } from "../../../src/registry/submission.ts";
import { readModelRecord } from "../../../src/registry/model-record.ts";
import { type Hex, toHex, toHex32 } from "../../../src/base/hex.ts";
import { type PackFile, parsePack, readPackFile } from "../../../src/verify/pack-file.ts";
import { STORAGE_LAYOUT } from "../../../src/registry/proofs/record-slots.ts";
import { type RpcSender, exportPack } from "../../../src/verify/export-pack.ts";
import { applyPolicy } from "../../../src/verify/policy/apply-policy.ts";
import { verifyPack } from "../../../src/verify/verify-pack.ts";
import { networkHelpers, provider } from "../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { deployRegistry, recordModel } from "../../helpers/recorded-model.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const { loadFixture } = networkHelpers;
const send: RpcSender = async (method, params) => provider.request({ method, params: [...params] }) as Promise<unknown>;
const root = join(import.meta.dirname, "../../..");

describe("a pack", function () {
  const temporary = useTemporaryFolder();

  async function packed(statements: object = {}, submission: Partial<ModelSubmission> = {}) {
    const chain = await loadFixture(deployRegistry);
    const modelPath = await temporary.write("model", { "model.bin": "weights", "sub/config.json": "{}" });
    const tokenId = await recordModel(chain, { modelPath, statements }, { submission });
    const pack = await exportPack(chain.registry, tokenId, chain.store, send);
    const trusted = { blockHash: pack.block.hash, registry: chain.registry.address };
    return { ...chain, modelPath, tokenId, pack, trusted };
  }

  it("verifies a model offline, with every field of the record as the chain tells it", async function () {
    const { registry, tokenId, modelPath, pack, trusted } = await packed({
      license: "LicenseRef-a-licence-whose-name-is-longer-than-one-storage-slot",
      framework: { name: "PyTorch", version: "2.9.0" },
      metrics: [{ name: "accuracy", value: 0.93 }],
    });
    const report = await verifyPack({ modelPath, pack: parsePack(Buffer.from(JSON.stringify(pack))), trusted });
    expect(report.verdict).to.equal("verified");
    expect(report.checks.every(({ passed }) => passed)).to.equal(true);
    expect(report.checks.map(({ what }) => what).join()).to.include(
      "the registry's code is that of ModelProvenanceNFT",
    );
    expect(report.notChecked.map(({ what }) => what)).to.include.members([
      "the status of the ancestors",
      "whether its batch was recalled",
      "newer versions",
    ]);
    expect(report.record).to.deep.equal(await readModelRecord(registry, tokenId));
    expect(report.files.map(({ name }) => name)).to.deep.equal(["model.bin", "sub/config.json"]);
  });

  it("reads the record of any submission from the slots as the contract does", async function () {
    const texts = fc.string({ unit: "grapheme-ascii", maxLength: 64 });
    const arbitrary = fc.record({
      framework: texts,
      license: texts,
      performanceMetrics: fc.string({ unit: "grapheme-ascii", maxLength: 31 }),
      datasetDigest: fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex),
    });
    await fc.assert(
      fc.asyncProperty(arbitrary, async (submission) => {
        const { registry, tokenId, modelPath, pack, trusted } = await packed({}, submission);
        const { record } = await verifyPack({ modelPath, pack, trusted });
        expect(record).to.deep.equal(await readModelRecord(registry, tokenId));
      }),
      { numRuns: 15 },
    );
  });

  it("proves parents and owner as well", async function () {
    const chain = await loadFixture(deployRegistry);
    const first = await temporary.write("first", { "model.bin": "first" });
    const second = await temporary.write("second", { "model.bin": "second" });
    const parent = await recordModel(chain, { modelPath: first, statements: {} });
    const statements = { relation: "fine-tune" as const };
    const tokenId = await recordModel(chain, { modelPath: second, statements, parents: [toHex32(parent)] });
    await chain.registry.contract.transferFrom(chain.minter, chain.owner, tokenId);
    const pack = await exportPack(chain.registry, tokenId, chain.store, send);
    const trusted = { blockHash: pack.block.hash, registry: chain.registry.address };
    const { record, verdict } = await verifyPack({ modelPath: second, pack, trusted });
    expect({ verdict, owner: record?.owner, parents: record?.parents }).to.deep.equal({
      verdict: "verified",
      owner: chain.owner.address,
      parents: [parent],
    });
  });

  it("says that the registry's code was not compared where its hash is another", async function () {
    const { registry, tokenId, store, modelPath, trusted } = await packed();
    const code = Buffer.from((await registry.provider.getCode(registry.address)).slice(2), "hex");
    const inTrailer = code.length - 20; // never run
    code[inTrailer] = (code[inTrailer] as number) ^ 1;
    await networkHelpers.setCode(registry.address, toHex(code));
    await networkHelpers.mine();
    const pack = await exportPack(registry, tokenId, store, send);
    const report = await verifyPack({ modelPath, pack, trusted: { ...trusted, blockHash: pack.block.hash } });
    expect(report.notChecked.map(({ what }) => what)).to.include("the registry's code");
  });

  it("is refused where it is of another token than the one asked for", async function () {
    const { modelPath, pack, trusted, tokenId } = await packed();
    expect((await verifyPack({ modelPath, pack, trusted, tokenId })).verdict).to.equal("verified");
    expect(await errorCode(async () => verifyPack({ modelPath, pack, trusted, tokenId: 7n }))).to.equal("PACK_INVALID");
  });

  it("does not decide of which chain it is: the registry's code does, or the verifier", async function () {
    const { modelPath, pack, trusted, registry } = await packed();
    const named = await verifyPack({ modelPath, pack, trusted });
    expect(named.registry).to.include({ chainId: registry.chainId });
    const elsewhere = { ...pack, chainId: 1 };
    const unknown = await verifyPack({ modelPath, pack: elsewhere, trusted });
    expect(unknown).to.not.have.property("registry");
    expect(unknown.warnings.join()).to.include("CHAIN_ID");
    const policy = { schemaVersion: "1.0" as const, registries: [`eip155:1:${registry.address}`] };
    const context = { registries: [], now: () => new Date() };
    expect((await applyPolicy(unknown, { policy }, context)).verdict).to.equal("unacceptable");
  });

  it("is a mismatch where its metadata is of another model, as with the chain", async function () {
    for (const field of ["modelDigest", "manifestRoot"] as const) {
      const chain = await loadFixture(deployRegistry);
      const modelPath = await temporary.write("model", { "model.bin": "weights" });
      const metadata = (original: Metadata) => {
        original.provenance[field] = toHex32(7n);
        return original;
      };
      const tokenId = await recordModel(chain, { modelPath, statements: {} }, { metadata });
      const pack = await exportPack(chain.registry, tokenId, chain.store, send);
      const trusted = { blockHash: pack.block.hash, registry: chain.registry.address };
      expect((await verifyPack({ modelPath, pack, trusted })).verdict, field).to.equal("mismatch");
    }
  });

  it("says of a signature that is not the account's own that it could not be checked", async function () {
    const chain = await loadFixture(deployRegistry);
    const modelPath = await temporary.write("model", { "model.bin": "weights" });
    const metadata = (original: Metadata) => {
      original.provenance.task = "changed";
      return original;
    };
    const tokenId = await recordModel(chain, { modelPath, statements: {} }, { metadata });
    const pack = await exportPack(chain.registry, tokenId, chain.store, send);
    const trusted = { blockHash: pack.block.hash, registry: chain.registry.address };
    const { verdict, signed, notChecked } = await verifyPack({ modelPath, pack, trusted });
    expect({ verdict, signed }).to.deep.equal({ verdict: "verified", signed: undefined });
    expect(notChecked.map(({ name }) => name)).to.include("signature");
  });

  it("is not waited for where it is no regular file", async function () {
    const path = temporary.path("fifo");
    execFileSync("mkfifo", [path]);
    expect(await errorCode(async () => readPackFile(path))).to.equal("OPTION_INVALID");
  });

  it("says which file differs", async function () {
    const { modelPath, pack, trusted } = await packed();
    const other = temporary.path("other");
    await cp(modelPath, other, { recursive: true });
    await writeFile(join(other, "model.bin"), "weighty");
    const { verdict, files } = await verifyPack({ modelPath: other, pack, trusted });
    expect(verdict).to.equal("mismatch");
    expect(files.filter(({ status }) => status !== "ok").map(({ name }) => name)).to.deep.equal(["model.bin"]);
  });

  it("does not accept a model that was revoked in its block", async function () {
    const { registry, tokenId, store, modelPath, trusted } = await packed();
    await registry.contract.setStatus(tokenId, 2, "a backdoor");
    const pack = await exportPack(registry, tokenId, store, send);
    const report = await verifyPack({ modelPath, pack, trusted: { ...trusted, blockHash: pack.block.hash } });
    expect(report.verdict).to.equal("unacceptable");
  });

  describe("is refused", function () {
    const damages: Record<string, [change: (pack: PackFile) => void, code: string]> = {
      "with another header": [(pack) => (pack.block.header = changeDigit(pack.block.header)), "CHAIN_MISMATCH"],
      "with an account proof of something else": [
        (pack) => (pack.accountProof[0] = changeDigit(pack.accountProof[0] as string)),
        "PACK_INVALID",
      ],
      "with a storage proof of something else": [
        (pack) => (pack.storageProofs[2] as { proof: string[] }).proof.splice(-1),
        "PACK_INVALID",
      ],
      "without the proof of a slot": [(pack) => pack.storageProofs.splice(0, 1), "PACK_INVALID"],
      "for another token": [(pack) => (pack.tokenId = toHex32(7n)), "PACK_INVALID"],
      "that states another block than its header": [(pack) => (pack.block.number += 1), "PACK_INVALID"],
      "of another registry": [(pack) => (pack.registry = `0x${"12".repeat(20)}`), "CHAIN_MISMATCH"],
    };
    for (const [what, [change, code]] of Object.entries(damages)) {
      it(what, async function () {
        const { modelPath, pack, trusted } = await packed();
        change(pack);
        expect(await errorCode(async () => verifyPack({ modelPath, pack, trusted }))).to.equal(code);
      });
    }

    it("for another block than the one that is trusted, or another chain", async function () {
      const { modelPath, pack, trusted } = await packed();
      const elsewhere = { ...trusted, blockHash: toHex32(1n) };
      expect(await errorCode(async () => verifyPack({ modelPath, pack, trusted: elsewhere }))).to.equal(
        "CHAIN_MISMATCH",
      );
      const other = { ...trusted, chainId: 1n };
      expect(await errorCode(async () => verifyPack({ modelPath, pack, trusted: other }))).to.equal("CHAIN_MISMATCH");
    });

    it("where its metadata is not what the record names: nothing is called verified", async function () {
      const { modelPath, pack, trusted } = await packed();
      const [block] = pack.blocks as [PackFile["blocks"][number]];
      block.bytes = Buffer.from("{}").toString("base64");
      expect((await verifyPack({ modelPath, pack, trusted })).verdict).to.equal("unchecked");
    });
  });

  it("survives any change of one character: verified by the same proofs, or not at all", async function () {
    const { modelPath, pack, trusted, tokenId } = await packed();
    const text = JSON.stringify(pack);
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.constantFrom("0", "f", "}", '"', "A"), async (at, character) => {
        const damaged = Buffer.from(text.slice(0, at) + character + text.slice(at + 1));
        try {
          const report = await verifyPack({ modelPath, pack: parsePack(damaged), trusted });
          if (report.verdict === "verified") expect(report.record?.tokenId).to.equal(tokenId);
        } catch (error) {
          expect((error as { code?: string }).code).to.be.oneOf(["PACK_INVALID", "CHAIN_MISMATCH"]);
        }
      }),
      { numRuns: 200, examples: [[84, "0"]] }, // In the registry's address, whose checksum is wrong then.
    );
  });

  it("reads the storage where the compiler put it", function () {
    const path = "contracts/registry/ModelProvenanceNFT.sol";
    const settings = { evmVersion: "cancun", outputSelection: { [path]: { ModelProvenanceNFT: ["storageLayout"] } } };
    const sources = { [path]: { content: readFileSync(join(root, path), "utf8") } };
    const { compile } = createRequire(import.meta.url)("solc") as {
      compile: (input: string, callbacks: object) => string;
    };
    const output = compile(JSON.stringify({ language: "Solidity", sources, settings }), { import: readSource });
    const { contracts } = JSON.parse(output) as {
      contracts: Record<
        string,
        { ModelProvenanceNFT: { storageLayout: { storage: { label: string; slot: string }[] } } }
      >;
    };
    const storage = contracts[path]?.ModelProvenanceNFT.storageLayout.storage ?? [];
    const slots = Object.fromEntries(storage.map(({ label, slot }) => [label, slot]));
    for (const [label, slot] of Object.entries(STORAGE_LAYOUT)) expect(slots[label], label).to.equal(String(slot));
  });
});

function readSource(path: string): { contents: string } {
  const folder = path.startsWith("@") ? join(root, "node_modules") : root;
  return { contents: readFileSync(join(folder, path), "utf8") };
}

/** The first digit behind a header's prefix, changed to another one. */
function changeDigit(hex: string): Hex {
  return `0x${hex.slice(2, 40)}${hex[40] === "0" ? "1" : "0"}${hex.slice(41)}`;
}

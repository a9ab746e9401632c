import { mkdir, truncate, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { toHex32 } from "../../../src/base/hex.ts";
import { verifyManifestProof } from "../../../src/model/manifest-tree.ts";
import { type ProofFile, parseProofFile, readProofFile, writeProofFile } from "../../../src/verify/proof-file.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { resourceOf } from "../../helpers/resources.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { type PatchOperation, applyPatch, readVectorFile, readVectors } from "../../helpers/vectors.ts";

const parse = (value: unknown) => parseProofFile(Buffer.from(JSON.stringify(value)));

describe("vectors of proof files", function () {
  for (const { description, proof, content } of readVectors<{ proof: ProofFile; content: string }>(
    "valid",
    "proof-file",
  )) {
    it(`accepts ${description}`, function () {
      const parsed = parse(proof);
      expect(parsed).to.deep.equal(proof);
      expect(parsed.resource).to.deep.equal(resourceOf(parsed.resource.name, content));
      expect(verifyManifestProof(parsed.manifestRoot, parsed.resource, parsed.proof)).to.equal(true);
    });
  }

  const { base } = readVectorFile("invalid", "proof-file") as { base: ProofFile };
  const invalid = readVectors<{ fault: "form" | "forged"; patch: PatchOperation[] }>("invalid", "proof-file");
  for (const { description, fault, patch } of invalid) {
    it(`refuses ${description}`, async function () {
      const changed = applyPatch(base, patch);
      expect(await errorCode(() => parse(changed))).to.equal(fault === "form" ? "PROOF_INVALID" : "no error");
      if (fault === "form") return;
      const { manifestRoot, resource, proof } = parse(changed);
      expect(verifyManifestProof(manifestRoot, resource, proof)).to.equal(false);
    });
  }
});

describe("proof files", function () {
  const temporary = useTemporaryFolder();
  const valid: ProofFile = {
    schemaVersion: "1.0",
    registry: `eip155:1:0x${"a".repeat(40)}`,
    tokenId: toHex32(1n),
    manifestRoot: toHex32(2n),
    resource: { name: "a", size: 1, sha256: "0".repeat(64) },
    proof: [toHex32(3n)],
  };

  it("are read as they were written, and overwrite no other file", async function () {
    const path = temporary.path("proof.json");
    await writeProofFile(path, valid);
    await writeProofFile(path, valid);
    expect(await readProofFile(path)).to.deep.equal(valid);
    await writeFile(path, "something else");
    expect(await errorCode(() => writeProofFile(path, valid))).to.equal("OPTION_INVALID");
    expect(await errorCode(() => writeProofFile(temporary.path("none", "p"), valid))).to.equal("OPTION_INVALID");
  });

  it("are refused in any other form", async function () {
    const hostile: unknown[] = [
      [],
      null,
      { ...valid, extra: 1 },
      { ...valid, schemaVersion: "2.0" },
      { ...valid, registry: "0x" },
      { ...valid, tokenId: "1" },
      { ...valid, manifestRoot: valid.manifestRoot.toUpperCase() },
      { ...valid, proof: Array.from({ length: 65 }, () => toHex32(1n)) },
      { ...valid, proof: ["0x00"] },
      { ...valid, proof: "0x" },
      ...["../a", "/a", "a\0b", "a\\b", "\ud800", ""].map((name) => ({
        ...valid,
        resource: { ...valid.resource, name },
      })),
      ...[-1, 0.5, 2 ** 53, "1"].map((size) => ({ ...valid, resource: { ...valid.resource, size } })),
      { ...valid, resource: { ...valid.resource, sha256: `0x${"0".repeat(62)}` } },
    ];
    for (const value of hostile) {
      expect(await errorCode(() => parse(value)), JSON.stringify(value)).to.equal("PROOF_INVALID");
    }
    const deep = Buffer.from("[".repeat(30_000));
    for (const bytes of [Buffer.from("not JSON"), Buffer.from([0xff, 0xfe]), deep, Buffer.alloc(0)]) {
      expect(await errorCode(() => parseProofFile(bytes))).to.equal("PROOF_INVALID");
    }
  });

  it("are refused where they are too long, no regular file, or not there", async function () {
    const path = temporary.path("proof.json");
    await writeFile(path, "");
    await truncate(path, 2 ** 40);
    expect(await errorCode(() => readProofFile(path))).to.equal("PROOF_INVALID");
    await mkdir(temporary.path("folder"));
    expect(await errorCode(() => readProofFile(temporary.path("folder")))).to.equal("PROOF_INVALID");
    expect(await errorCode(() => readProofFile(temporary.path("none")))).to.equal("PROOF_INVALID");
  });
});

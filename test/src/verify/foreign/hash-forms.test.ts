import { createHash } from "node:crypto";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { expect } from "chai";
import * as fc from "fast-check";
import { CID } from "multiformats/cid";
import { base58btc } from "multiformats/bases/base58";
import * as raw from "multiformats/codecs/raw";
import { create as createMultihash } from "multiformats/hashes/digest";
import { findStatedHashes } from "../../../../src/verify/foreign/find-hashes.ts";
import { readForeignHash } from "../../../../src/verify/foreign/hash-forms.ts";
import { readTokenUri } from "../../../../src/verify/foreign/token-uri.ts";
import { errorCode } from "../../../helpers/error-code.ts";

const CONTENT = Buffer.from("weights");
const SHA = createHash("sha256").update(CONTENT).digest();
const KECCAK = Buffer.from(keccak_256(CONTENT));
const hex = SHA.toString("hex");
const multihash = createMultihash(0x12, SHA);

describe("readForeignHash", function () {
  const digests: [form: string, text: string, algorithms: string[]][] = [
    ["hex", hex, ["sha256", "keccak256"]],
    ["hex with 0x", `0x${hex}`, ["sha256", "keccak256"]],
    ["hex in upper case", `0X${hex.toUpperCase()}`, ["sha256", "keccak256"]],
    ["hex with its algorithm", `sha256:${hex}`, ["sha256"]],
    ["hex with its algorithm, as people write it", `SHA-256: ${hex}`, ["sha256"]],
    ["base64", SHA.toString("base64"), ["sha256", "keccak256"]],
    ["base64url", SHA.toString("base64url"), ["sha256", "keccak256"]],
    ["subresource integrity", `sha256-${SHA.toString("base64")}`, ["sha256"]],
    ["a multihash in hex", Buffer.from(multihash.bytes).toString("hex"), ["sha256"]],
    ["a multihash in base58", base58btc.baseEncode(multihash.bytes), ["sha256"]],
  ];
  for (const [form, text, algorithms] of digests) {
    it(`reads ${form}`, function () {
      const found = readForeignHash(`  ${text} `).filter(({ kind }) => kind === "digest");
      expect(found).to.have.length(1);
      const [hash] = found as [Extract<(typeof found)[0], { kind: "digest" }>];
      expect(Buffer.from(hash.digest).equals(SHA)).to.equal(true);
      expect(hash.algorithms).to.deep.equal(algorithms);
    });
  }

  it("reads Keccak-256 by its name and by its multihash", function () {
    for (const text of [
      `keccak256:${KECCAK.toString("hex")}`,
      Buffer.from(createMultihash(0x1b, KECCAK).bytes).toString("hex"),
    ]) {
      expect(readForeignHash(text)).to.deep.equal([
        {
          kind: "digest",
          digest: (readForeignHash(text)[0] as { digest: Uint8Array }).digest,
          algorithms: ["keccak256"],
        },
      ]);
    }
  });

  it("reads CIDs, alone, in ipfs:// and in addresses of gateways", function () {
    const cid = CID.createV1(raw.code, multihash).toString();
    for (const text of [
      cid,
      `ipfs://${cid}`,
      `ipfs://ipfs/${cid}/model.bin`,
      `https://gateway.example/ipfs/${cid}?x=1`,
    ]) {
      const found = readForeignHash(text).find(({ kind }) => kind === "cid") as { cid: CID } | undefined;
      expect(found?.cid.toString(), text).to.equal(cid);
    }
  });

  it("takes nothing else for a hash, and any text at all", function () {
    for (const text of ["", "PyTorch 2.9.0", hex.slice(1), `${hex}0`, "a".repeat(10_000), "0x", "Qm", "ipfs://"]) {
      expect(readForeignHash(text), text.slice(0, 70)).to.deep.equal([]);
    }
    fc.assert(fc.property(fc.string({ maxLength: 120 }), (text) => void readForeignHash(text)));
  });
});

describe("findStatedHashes", function () {
  it("finds hashes wherever they stand, and names the place; pictures are none", function () {
    const metadata = {
      name: "A model",
      image: `ipfs://${CID.createV1(raw.code, multihash).toString()}`,
      attributes: [
        { trait_type: "Framework", value: "PyTorch" },
        { trait_type: "Weights Hash", value: `0x${hex}` },
      ],
      provenance: { weightsHash: hex, nested: [{ deep: { checksum: SHA.toString("base64") } }] },
    };
    expect(findStatedHashes(metadata).map(({ place }) => place)).to.deep.equal([
      "attributes[1].value (Weights Hash)",
      "provenance.weightsHash",
      "provenance.nested[0].deep.checksum",
    ]);
  });

  it("ends, whatever the metadata is", function () {
    fc.assert(fc.property(fc.jsonValue(), (value) => void findStatedHashes(value)));
    expect(findStatedHashes(Array.from({ length: 5_000 }, () => hex))).to.have.length(1_000);
  });
});

describe("readTokenUri", function () {
  const cid = CID.createV1(raw.code, multihash).toString();
  it("reads data, ipfs, gateways, ar and the web", function () {
    const json = '{"a":"é"}';
    for (const uri of [
      `data:application/json;base64,${Buffer.from(json).toString("base64")}`,
      `data:application/json;utf8,${encodeURIComponent(json)}`,
    ]) {
      expect(Buffer.from((readTokenUri(uri) as { bytes: Uint8Array }).bytes).toString()).to.equal(json);
    }
    for (const [uri, path] of [
      [`ipfs://${cid}`, ""],
      [`ipfs://ipfs/${cid}/1.json`, "1.json"],
      [`https://gateway.example/ipfs/${cid}/a%20b/2.json?x=1`, "a b/2.json"],
      [`https://${cid}.ipfs.example.link/3.json`, "3.json"],
    ]) {
      expect(readTokenUri(uri as string), uri).to.deep.include({ kind: "ipfs", path });
    }
    const id = "a".repeat(43);
    expect(readTokenUri(`ar://${id}/x.json`)).to.deep.include({ kind: "web", arweave: true });
    expect(readTokenUri("https://example.org/42.json")).to.deep.include({ kind: "web", arweave: false });
  });

  it("refuses what leads nowhere", async function () {
    for (const uri of [
      "",
      "file:///etc/passwd",
      "javascript:alert(1)",
      "ftp://a/b",
      "data:x",
      "data:,%zz",
      "gopher://a",
    ]) {
      expect(await errorCode(() => readTokenUri(uri)), uri).to.equal("METADATA_INVALID");
    }
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 100 }), async (uri) => {
        expect(await errorCode(() => readTokenUri(uri))).to.be.oneOf(["METADATA_INVALID", "no error"]);
      }),
    );
  });
});

import { createHash } from "node:crypto";
import { expect } from "chai";
import * as fc from "fast-check";
import { CID } from "multiformats/cid";
import { create as createMultihash } from "multiformats/hashes/digest";
import { toHex } from "../../../src/base/hex.ts";
import { bytesMatchCid, rawBlock, rawCidOfDigest, toIpfsUri } from "../../../src/content/cid.ts";

describe("cid", function () {
  const hello = Buffer.from("hello world");

  it("of a raw block follows from its SHA-256 alone", function () {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const digest = toHex(createHash("sha256").update(bytes).digest());
        expect(rawCidOfDigest(digest).toString()).to.equal(rawBlock(bytes).cid.toString());
      }),
    );
  });

  it("is written as an ipfs URI in base32", function () {
    const uri = "ipfs://bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e";
    expect(toIpfsUri(rawBlock(hello).cid)).to.equal(uri);
  });

  describe("bytesMatchCid", function () {
    it("tells the bytes from all others", function () {
      fc.assert(
        fc.property(fc.uint8Array(), fc.uint8Array(), (bytes, other) => {
          const { cid } = rawBlock(bytes);
          expect(bytesMatchCid(cid, bytes)).to.equal(true);
          expect(bytesMatchCid(cid, other)).to.equal(Buffer.from(bytes).equals(other));
        }),
      );
    });

    it("is false for another hash function, and for a digest cut short", function () {
      const identity = CID.createV1(0x55, createMultihash(0, hello));
      const short = CID.createV1(
        0x55,
        createMultihash(0x12, createHash("sha256").update(hello).digest().subarray(0, 20)),
      );
      expect(bytesMatchCid(identity, hello)).to.equal(false);
      expect(bytesMatchCid(short, hello)).to.equal(false);
    });
  });
});

import { createPrivateKey, createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { p256, p384, p521 } from "@noble/curves/nist.js";
import { expect } from "chai";
import * as fc from "fast-check";
import { signDeterministic } from "../../../../src/model/oms/sign-deterministic.ts";
import { errorCode } from "../../../helpers/error-code.ts";

const CURVES = [
  ["P-256", "sha256", p256],
  ["P-384", "sha384", p384],
  ["P-521", "sha512", p521],
] as const;

describe("signDeterministic", function () {
  it("gives the signature that RFC 6979 has as its example", function () {
    // Appendix A.2.5: P-256, SHA-256, "sample".
    const d = "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721";
    const point = p256.getPublicKey(Buffer.from(d, "hex"), false);
    const [x, y] = [point.slice(1, 33), point.slice(33)].map((part) => Buffer.from(part).toString("base64url"));
    const jwk = { kty: "EC", crv: "P-256", d: Buffer.from(d, "hex").toString("base64url"), x, y } as const;
    const key = createPrivateKey({ key: jwk as never, format: "jwk" });
    expect(signDeterministic(key, Buffer.from("sample"), "raw").toString("hex").toUpperCase()).to.equal(
      "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716" +
        "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
    );
  });

  for (const [name, hash, curve] of CURVES) {
    it(`signs on ${name} what another implementation signs, and Node verifies`, function () {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
          const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: name });
          const d = Buffer.from(privateKey.export({ format: "jwk" }).d as string, "base64url");
          const expected = curve.sign(bytes, d, { lowS: false, prehash: true });
          expect(signDeterministic(privateKey, bytes, "raw")).to.deep.equal(Buffer.from(expected));
          expect(verify(hash, bytes, publicKey, signDeterministic(privateKey, bytes))).to.equal(true);
          expect(signDeterministic(privateKey, bytes)).to.deep.equal(signDeterministic(privateKey, bytes));
        }),
        { numRuns: 15 },
      );
    });
  }

  it("refuses a key of another kind", async function () {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
    expect(createPublicKey(privateKey).asymmetricKeyType).to.equal("ec");
    expect(await errorCode(() => signDeterministic(privateKey, Buffer.from("x")))).to.equal("OPTION_INVALID");
  });
});

import {
  type KeyObject,
  X509Certificate,
  createHash,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { encodePreAuthentication } from "../../../../src/base/dsse.ts";
import {
  type EcHash,
  decodePem,
  hintOfPublicKey,
  importPublicKey,
  publicKeyOfCertificate,
} from "../../../../src/model/oms/carried-key.ts";
import { isSignedBy } from "../../../../src/model/oms/dsse.ts";
import { makeCertificate, makeParty, toPem } from "../../../helpers/x509.ts";

const CURVES: readonly (readonly [curve: string, hash: EcHash])[] = [
  ["P-256", "sha256"],
  ["P-384", "sha384"],
  ["P-521", "sha512"],
];
const spkiOf = (key: KeyObject) => key.export({ type: "spki", format: "der" });

describe("a key that a bundle carries", function () {
  for (const [namedCurve, hash] of CURVES) {
    it(`verifies on ${namedCurve} what Node verifies, and refuses what Node refuses`, async function () {
      this.timeout(60_000);
      const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve });
      const imported = await importPublicKey(spkiOf(publicKey));
      expect(imported?.hash).to.equal(hash);
      const key = imported?.key as NonNullable<typeof imported>["key"];
      const change = fc.record({ at: fc.nat(), by: fc.integer({ min: 1, max: 255 }), cut: fc.nat(2), add: fc.nat(1) });
      const cases = fc.tuple(fc.uint8Array({ maxLength: 64 }), fc.option(change, { nil: undefined }));
      await fc.assert(
        fc.asyncProperty(cases, async ([payload, damage]) => {
          const signed = encodePreAuthentication(payload);
          const signature = Buffer.from(sign(hash, signed, privateKey));
          if (damage !== undefined) (signature[damage.at % signature.length] as number) ^= damage.by;
          const bytes = Buffer.concat([
            signature.subarray(0, signature.length - (damage?.cut ?? 0)),
            Buffer.alloc(damage?.add ?? 0),
          ]);
          expect(await isSignedBy(key, payload, bytes, hash, hash)).to.equal(verify(hash, signed, publicKey, bytes));
        }),
        { numRuns: 60 },
      );
    });
  }

  it("is found in a certificate, in DER and in PEM, and called as Node's would be", function () {
    const [subject, issuer] = [makeParty("signer", "P-384"), makeParty("root")];
    const [notBefore, notAfter] = [new Date("2025-01-01"), new Date("2035-01-01")];
    const certificate = makeCertificate({ subject, issuer, notBefore, notAfter, keyUsage: ["digitalSignature"] });
    const expected = new X509Certificate(certificate).publicKey;
    for (const bytes of [certificate, Buffer.from(toPem(certificate))]) {
      const spki = publicKeyOfCertificate(bytes);
      expect(spki?.equals(spkiOf(expected))).to.equal(true);
    }
    const pem = expected.export({ type: "spki", format: "pem" }) as string;
    expect(hintOfPublicKey(spkiOf(expected))).to.equal(createHash("sha256").update(pem).digest("hex"));
    expect(spkiOf(createPublicKey(pem)).equals(decodePem(pem, "PUBLIC KEY") ?? Buffer.alloc(0))).to.equal(true);
  });

  it("is none of a kind that OMS does not know, and refused where its point is on no curve", async function () {
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    expect(await importPublicKey(spkiOf(publicKey))).to.equal(undefined);
    const bent = Buffer.from(spkiOf(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey));
    (bent[bent.length - 1] as number) ^= 1;
    const fault: unknown = await importPublicKey(bent).catch((error: unknown) => error);
    expect(fault).to.be.instanceOf(RangeError);
  });
});

import { expect } from "chai";
import { AbiCoder, type Provider, TypedDataEncoder, Wallet, recoverAddress } from "ethers";
import type { Metadata, Provenance } from "../../../src/metadata/schema.ts";
import { computeProvenanceDigest, isSignedBy, signProvenance } from "../../../src/metadata/signature.ts";
import { readVectors } from "../../helpers/vectors.ts";

interface SignatureVector {
  readonly privateKey: string;
  readonly signer: string;
  readonly chainId: string;
  readonly registry: string;
  readonly provenance: Provenance;
  readonly provenanceDigest: string;
  readonly typedDataDigest: string;
  readonly signature: string;
}

const vectors = readVectors<SignatureVector>("valid", "signature");
const vector = vectors.at(-1) as SignatureVector;
const domain = { chainId: BigInt(vector.chainId), registry: vector.registry };

/** A chain of which only code and one contract wallet's answer are asked. */
function chainWith(
  code: string,
  answer: () => Promise<string> = () => Promise.reject(new Error("no call expected")),
): Provider {
  return { getCode: () => Promise.resolve(code), call: answer } as unknown as Provider;
}
const noCode = chainWith("0x");
const magic = (value: string) => () => Promise.resolve(AbiCoder.defaultAbiCoder().encode(["bytes4"], [value]));

function metadataOf(provenance: Provenance, value: string): Metadata {
  const signature = { type: "EIP-712" as const, signer: vector.signer, value };
  return { name: "x", description: "x", attributes: [], provenance, signature };
}
const signed = metadataOf(vector.provenance, vector.signature);

describe("signature", function () {
  describe("signProvenance", function () {
    for (const { description, ...expected } of vectors) {
      it(`gives the known digests and signature: ${description}`, async function () {
        const { provenance, registry } = expected;
        expect(computeProvenanceDigest(provenance)).to.equal(expected.provenanceDigest);
        const signature = await signProvenance(provenance, new Wallet(expected.privateKey), {
          chainId: BigInt(expected.chainId),
          registry,
        });
        expect(signature).to.deep.equal({ type: "EIP-712", signer: expected.signer, value: expected.signature });
      });

      it(`can be checked from the type alone: ${description}`, function () {
        const { provenance, registry, chainId } = expected;
        const digest = TypedDataEncoder.hash(
          { name: "ModelProvenanceNFT", version: "1", chainId: BigInt(chainId), verifyingContract: registry },
          {
            ModelProvenance: ["modelDigest", "manifestRoot", "datasetDigest", "provenanceDigest"].map((name) => ({
              name,
              type: "bytes32",
            })),
          },
          {
            modelDigest: provenance.modelDigest,
            manifestRoot: provenance.manifestRoot,
            datasetDigest: provenance.datasetDigest ?? `0x${"00".repeat(32)}`,
            provenanceDigest: expected.provenanceDigest,
          },
        );
        expect(digest).to.equal(expected.typedDataDigest);
        expect(recoverAddress(digest, expected.signature)).to.equal(expected.signer);
      });
    }
  });

  describe("isSignedBy", function () {
    it("holds for the creator on this chain and registry", async function () {
      expect(await isSignedBy(signed, vector.signer, domain, noCode)).to.equal(true);
    });

    const other = `0x${"12".repeat(32)}`;
    const changes: Record<string, Partial<Provenance>> = {
      modelDigest: { modelDigest: other },
      manifestRoot: { manifestRoot: other },
      datasetDigest: { datasetDigest: other },
      "a field that only the provenance's digest binds": { task: "another" },
      "a field more": { version: "1.0.0" },
    };
    for (const [what, change] of Object.entries(changes)) {
      it(`breaks with ${what}`, async function () {
        const changed = metadataOf({ ...vector.provenance, ...change }, vector.signature);
        expect(await isSignedBy(changed, vector.signer, domain, noCode)).to.equal(false);
      });
    }

    it("breaks on another chain, and for another registry", async function () {
      expect(await isSignedBy(signed, vector.signer, { ...domain, chainId: 1n }, noCode)).to.equal(false);
      const registry = "0x1111111111111111111111111111111111111111";
      expect(await isSignedBy(signed, vector.signer, { ...domain, registry }, noCode)).to.equal(false);
    });

    it("is false for another account, whoever the metadata names", async function () {
      const creator = "0x1111111111111111111111111111111111111111";
      const named = { ...signed, signature: { ...signed.signature, signer: creator } };
      expect(await isSignedBy(named, creator, domain, noCode)).to.equal(false);
    });

    for (const value of ["0x00", `0x${"00".repeat(65)}`, `0x${"ff".repeat(65)}`, `${vector.signature}00`]) {
      it(`is false for bytes that are no signature: ${value.slice(0, 12)}`, async function () {
        expect(await isSignedBy(metadataOf(vector.provenance, value), vector.signer, domain, noCode)).to.equal(false);
      });
    }

    it("asks a contract account, and takes its magic value alone", async function () {
      const foreign = metadataOf(vector.provenance, "0x1234");
      const answers: [() => Promise<string>, boolean][] = [
        [magic("0x1626ba7e"), true],
        [magic("0xffffffff"), false],
        [() => Promise.resolve("0x"), false],
        [() => Promise.reject(new Error("reverted")), false],
      ];
      for (const [answer, expected] of answers) {
        expect(await isSignedBy(foreign, vector.signer, domain, chainWith("0x60", answer))).to.equal(expected);
      }
    });
  });
});

import { expect } from "chai";
import { TypedDataEncoder, Wallet, recoverAddress } from "ethers";
import type { Provenance } from "../../../src/metadata/schema.ts";
import { computeProvenanceDigest, signProvenance } from "../../../src/metadata/signature.ts";
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
});

import { expect } from "chai";
import { AbstractSigner, type TypedDataDomain, type TypedDataField, Wallet, recoverAddress } from "ethers";
import { hashPublisher } from "../../../src/metadata/publisher-statement.ts";
import { signPublisherOnce } from "../../../src/metadata/sign-once.ts";
import { buildTestMetadata, createModel, testAccount, testWallet } from "../../helpers/metadata.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { resourceOf } from "../../helpers/resources.ts";

const DID = "did:web:example.org";

/** A wallet that notes what it was asked to sign, and may refuse. */
class AskedSigner extends AbstractSigner {
  readonly asked: string[] = [];
  refuses = false;

  override async getAddress() {
    return testWallet.getAddress();
  }
  override connect() {
    return this;
  }
  override async signTransaction() {
    return Promise.reject(new Error("nothing is sent"));
  }
  override async signMessage() {
    return Promise.reject(new Error("no message is signed"));
  }
  override async signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ) {
    this.asked.push(Object.keys(types).join());
    if (this.refuses) throw new Error("user rejected");
    return testWallet.signTypedData(domain, types, value);
  }
}

describe("a publisher in the metadata", function () {
  const input = (signer: AskedSigner, more = {}) => ({
    signer,
    statements: { license: "MIT", publisher: DID },
    ...more,
  });

  it("is signed by the account, for the registry, and covered by the signature of the whole", async function () {
    const { metadata } = await buildTestMetadata({ statements: { publisher: DID } });
    const { publisher } = metadata.provenance;
    const { chainId, registry } = testAccount;
    expect(publisher?.did).to.equal(DID);
    const hash = hashPublisher(DID, { chainId, registry });
    expect(recoverAddress(hash, publisher?.signature ?? "")).to.equal(testWallet.address);
    expect(hash).to.not.equal(hashPublisher(DID, { chainId: 1n, registry }));
  });

  it("takes one signature for many models, and none again where an earlier run has it", async function () {
    const signer = new AskedSigner();
    const models = ["a", "b", "c"].map((name) => createModel([resourceOf("w.safetensors", name)]));
    const built = await Promise.all(models.map(async (model) => buildTestMetadata(input(signer, { model }))));
    expect(signer.asked.filter((type) => type === "ModelPublisher")).to.have.length(1);
    expect(new Set(built.map(({ metadata }) => metadata.provenance.publisher?.signature)).size).to.equal(1);
    const later = new AskedSigner();
    const signedBefore = built[0]?.metadata;
    const again = await buildTestMetadata(input(later, { model: models[0], signedBefore }));
    expect(later.asked).to.deep.equal([]);
    expect(again.uri).to.equal(built[0]?.uri);
  });

  it("is signed anew where the earlier one is another account's or another DID's", async function () {
    const { metadata } = await buildTestMetadata({ statements: { publisher: "did:web:other.example" } });
    const foreign = structuredClone(metadata);
    const other = { did: DID, signature: await Wallet.createRandom().signMessage("x") };
    foreign.provenance.publisher = other;
    for (const signedBefore of [metadata, foreign]) {
      const signer = new AskedSigner();
      const statements = { publisher: DID };
      await signPublisherOnce({ account: testAccount, signer, statements, signedBefore });
      expect(signer.asked).to.deep.equal(["ModelPublisher"]);
    }
  });

  it("is asked for again after a refusal, and refused as any signature is", async function () {
    const signer = new AskedSigner();
    signer.refuses = true;
    const sign = async () => signPublisherOnce({ account: testAccount, signer, statements: { publisher: DID } });
    expect(await errorCode(sign)).to.equal("SIGNATURE_REFUSED");
    signer.refuses = false;
    expect((await sign())?.did).to.equal(DID);
  });
});

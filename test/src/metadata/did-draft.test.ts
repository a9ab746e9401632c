import { expect } from "chai";
import fc from "fast-check";
import { readDidDocument } from "../../../src/metadata/did-document.ts";
import { draftDidDocument } from "../../../src/metadata/did-draft.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { getAddress, toBeHex } from "ethers";

const DID = "did:web:example.org";
const ACCOUNT = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

describe("draftDidDocument", function () {
  it("makes a document that lists exactly the accounts it was given, whatever they are", function () {
    const listed = fc.record({
      chainId: fc.bigInt({ min: 1n, max: 2n ** 64n }),
      account: fc.bigInt({ min: 0n, max: 2n ** 160n - 1n }).map((value) => getAddress(toBeHex(value, 20))),
    });
    const key = ({ chainId, account }: { chainId: bigint; account: string }) => `${chainId}:${account}`;
    fc.assert(
      fc.property(fc.uniqueArray(listed, { selector: key, maxLength: 10 }), (accounts) => {
        const bytes = Buffer.from(JSON.stringify(draftDidDocument(DID, accounts)));
        expect(readDidDocument(bytes, DID)).to.deep.equal(accounts);
      }),
    );
  });

  it("adds to a document that is there, keeps what else stands in it, and adds nothing twice", function () {
    const existing = {
      "@context": "https://www.w3.org/ns/did/v1",
      id: DID,
      service: [{ id: `${DID}#files`, type: "LinkedDomains", serviceEndpoint: "https://example.org" }],
      verificationMethod: [{ id: `${DID}#key`, type: "JsonWebKey2020", controller: DID, publicKeyJwk: {} }],
      assertionMethod: [`${DID}#key`],
    };
    const once = draftDidDocument(DID, [{ chainId: 1n, account: ACCOUNT }], existing);
    expect(once).to.deep.include({ service: existing.service });
    expect(once["verificationMethod"]).to.have.length(2);
    expect(once["assertionMethod"]).to.have.length(2);
    expect(once["@context"]).to.include("https://www.w3.org/ns/did/v1");
    expect(draftDidDocument(DID, [{ chainId: 1n, account: ACCOUNT }], once)).to.deep.equal(once);
  });

  it("adds to no document of another DID, and to none that it cannot read", async function () {
    const documents: unknown[] = [{ id: "did:web:other.example" }, [], null, "x", { id: DID, verificationMethod: {} }];
    for (const existing of documents) {
      expect(await errorCode(() => draftDidDocument(DID, [], existing))).to.equal("OPTION_INVALID");
    }
  });
});

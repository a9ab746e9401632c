import { expect } from "chai";
import fc from "fast-check";
import { DID_DOCUMENT_MAX_BYTES, readDidDocument } from "../../../src/metadata/did-document.ts";
import { ProvenanceError } from "../../../src/base/errors.ts";
import { errorCode } from "../../helpers/error-code.ts";

const DID = "did:web:example.org";
const ACCOUNT = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const method = (rest: object = {}) => ({
  id: `${DID}#one`,
  type: "EcdsaSecp256k1RecoveryMethod2020",
  controller: DID,
  blockchainAccountId: `eip155:1:${ACCOUNT}`,
  ...rest,
});
const read = (document: unknown) => readDidDocument(Buffer.from(JSON.stringify(document)), DID);
const readMethods = (...verificationMethod: unknown[]) => read({ id: DID, verificationMethod });

describe("readDidDocument", function () {
  it("lists the accounts of all verification methods, also of those that stand within a relationship", function () {
    const document = {
      "@context": ["https://www.w3.org/ns/did/v1"],
      id: DID,
      verificationMethod: [method(), method({ blockchainAccountId: `eip155:10:${ACCOUNT.toLowerCase()}` })],
      authentication: [`${DID}#one`, method({ blockchainAccountId: `eip155:137:${ACCOUNT}` })],
    };
    expect(read(document)).to.deep.equal([1n, 10n, 137n].map((chainId) => ({ chainId, account: ACCOUNT })));
  });

  it("says until when an account is listed, the sooner of both ends", function () {
    const times = { revoked: "2026-05-01T00:00:00Z", expires: "2027-01-01T00:00:00Z" };
    expect(readMethods(method(times))).to.deep.equal([
      { chainId: 1n, account: ACCOUNT, until: Date.parse("2026-05-01T00:00:00Z") / 1000 },
    ]);
    expect(readMethods(method({ revoked: true }))[0]?.until).to.equal(0);
    expect(readMethods(method({ expires: null }))[0]).to.not.have.property("until");
  });

  it("keeps an account that is listed once more without an end", function () {
    const ended = method({ revoked: "2020-01-01T00:00:00Z" });
    expect(readMethods(ended, method())).to.deep.equal([{ chainId: 1n, account: ACCOUNT }]);
    expect(readMethods(method(), ended)).to.deep.equal([{ chainId: 1n, account: ACCOUNT }]);
  });

  it("passes over methods that it does not understand", function () {
    const odd = [null, 7, "text", [], {}, method({ blockchainAccountId: 7 })];
    const forms = [
      "eip155:1",
      `eip155:01:${ACCOUNT}`,
      `${ACCOUNT}@eip155:1`,
      `EIP155:1:${ACCOUNT}`,
      `eip155:1:${ACCOUNT}0`,
    ];
    const wrongChecksum = ACCOUNT.replace("f39F", "F39f");
    const methods = [...forms, `eip155:1:${wrongChecksum}`, `solana:1:${ACCOUNT}`];
    expect(readMethods(...odd, ...methods.map((id) => method({ blockchainAccountId: id })))).to.deep.equal([]);
  });

  const invalid: [string, unknown][] = [
    ["another DID", { id: "did:web:other.example" }],
    ["no id", {}],
    ["a list", []],
    ["null", null],
    ["a text", "did:web:example.org"],
    ["an id that is a list", { id: [DID] }],
    ["methods that are no list", { id: DID, verificationMethod: { 0: method() } }],
    ["thousands of methods", { id: DID, verificationMethod: Array.from({ length: 1001 }, () => ({})) }],
  ];
  for (const [what, document] of invalid) {
    it(`takes ${what} for no document of the DID`, async function () {
      expect(await errorCode(() => read(document))).to.equal("METADATA_INVALID");
    });
  }

  it("reads no document that is too long, too deep or no JSON", async function () {
    const long = Buffer.alloc(DID_DOCUMENT_MAX_BYTES + 1, " ");
    expect(await errorCode(() => readDidDocument(long, DID))).to.equal("METADATA_TOO_LARGE");
    const texts = [`{"id":${"[".repeat(100)}${"]".repeat(100)}}`, "<html>", ""];
    for (const text of texts) {
      expect(await errorCode(() => readDidDocument(Buffer.from(text), DID))).to.equal("METADATA_INVALID");
    }
  });

  it("answers any JSON with accounts or an error of its own", function () {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(DID, `eip155:1:${ACCOUNT}`, "2026-01-01", null, 1, true),
        fc.array(tie("any"), { maxLength: 4 }),
        fc.dictionary(
          fc.constantFrom("id", "verificationMethod", "authentication", "blockchainAccountId", "revoked", "__proto__"),
          tie("any"),
          { maxKeys: 4 },
        ),
      ),
    })).any;
    fc.assert(
      fc.property(value, (document) => {
        try {
          const text = JSON.stringify({ id: DID, verificationMethod: [document], ...(document as object) });
          for (const { account } of readDidDocument(Buffer.from(text), DID)) expect(account).to.equal(ACCOUNT);
        } catch (error) {
          expect(error).to.be.instanceOf(ProvenanceError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

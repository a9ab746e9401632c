import { createPrivateKey, createPublicKey } from "node:crypto";
import { expect } from "chai";
import { VC, VC_JWT } from "../../../src/exports/vc/vc.ts";
import { writeForm } from "../../../src/exports/write-form.ts";
import { openKeySigner } from "../../../src/model/oms/key-signer.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { TEST_ED25519_KEY, TEST_KEY } from "../../helpers/export-key.ts";
import {
  type ExportedRecords,
  RECORD_NAMES,
  type RecordName,
  exportedRecords,
} from "../../helpers/exported-records.ts";
import { REASON } from "../../helpers/exported-statements.ts";
import { expectGolden } from "../../helpers/golden.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { runValidator } from "../../helpers/validators/run-validator.ts";

interface Credential {
  readonly issuer: string;
  readonly validFrom: string;
  readonly validUntil?: string;
  readonly credentialSubject: Record<string, unknown> & { readonly statements?: readonly { reason: string }[] };
  readonly proof?: { readonly verificationMethod: string; readonly created: string };
}

const ed25519 = openKeySigner(TEST_ED25519_KEY);
const ec = openKeySigner(TEST_KEY);
const parse = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString()) as Credential;

describe("export vc", function () {
  const temporary = useTemporaryFolder();
  let records: ExportedRecords;
  const write = async (name: RecordName) => writeForm(VC, await records.read(name), { signer: ed25519 });
  const writeToken = async (name: RecordName) => writeForm(VC_JWT, await records.read(name), { signer: ec });

  before(async function () {
    records = await exportedRecords();
  });

  it("writes the same bytes every time, as they are on every machine, signatures too", async function () {
    expectGolden("iris.vc.json", await write("iris"));
    expectGolden("iris.vc.jwt", await writeToken("iris"));
    for (const name of RECORD_NAMES) {
      expect(await writeToken(name), name).to.deep.equal(await writeToken(name));
      expect(await writeForm(VC, await records.read(name)), name).to.deep.equal(
        await writeForm(VC, await records.read(name)),
      );
    }
    expect(await write("japanese")).to.deep.equal(await write("japanese"));
  });

  it("is verified by W3C's own suite, and by it refused when a byte of it is another", async function () {
    const valid = await Promise.all(RECORD_NAMES.map(write));
    const [iris = new Uint8Array()] = valid;
    const text = Buffer.from(iris).toString();
    const wrong = [
      ['"license": "Apache-2.0"', '"license": "MIT"'],
      ['"sha256": "', '"sha256": "0'],
      ['"validFrom": "2026', '"validFrom": "2025'],
      ["did:key:z6Mk", "did:key:z6Mj"],
      ['"name": "Iris"', '"name": "Isis"'],
    ].map(([from = "", to = ""]) => Buffer.from(text.replace(from, to)));
    const said = await runValidator("validate-vc.js", [...valid, ...wrong]);
    expect(said?.slice(0, valid.length)).to.deep.equal(valid.map(() => null));
    for (const words of said?.slice(valid.length) ?? []) expect(words).to.be.a("string");
  });

  it("is verified by jose as a token, and refused when a byte of it is another", async function () {
    const valid = await Promise.all(RECORD_NAMES.map(writeToken));
    const token = Buffer.from(valid[0] ?? []).toString();
    const wrong = [10, token.indexOf(".") + 100, token.length - 20].map((at) => {
      const changed = Buffer.from(token);
      changed[at] = changed[at] === 65 ? 66 : 65;
      return changed;
    });
    const key = createPublicKey(createPrivateKey(TEST_KEY)).export({ type: "spki", format: "pem" });
    await temporary.write(".", { "key.pem": key.toString() });
    const said = await runValidator("validate-vc-jwt.js", [...valid, ...wrong], temporary.path("key.pem"));
    expect(said?.slice(0, valid.length)).to.deep.equal(valid.map(() => null));
    for (const words of said?.slice(valid.length) ?? []) expect(words).to.be.a("string");
  });

  it("ends when its model was revoked, and says by whom and why", async function () {
    const { validUntil, credentialSubject } = parse(await write("revoked"));
    expect(validUntil).to.equal("2026-01-02T09:00:00Z");
    expect(credentialSubject["status"]).to.equal("revoked");
    expect(credentialSubject.statements?.at(-1)?.reason).to.equal(REASON);
    expect(parse(await write("deprecated")).validUntil).to.equal(undefined);
  });

  it("is the key's own unless an issuer is named, and without a key the creator's, without a proof", async function () {
    const iris = await records.read("iris");
    const own = parse(await write("iris"));
    expect(own.issuer).to.equal(`did:key:${ed25519.multikey}`);
    expect(own.proof?.created).to.equal(own.validFrom);
    const named = { ...ed25519, issuer: "did:web:example.org#key-1" };
    const issued = parse(await writeForm(VC, iris, { signer: named }));
    expect([issued.issuer, issued.proof?.verificationMethod]).to.deep.equal([
      "did:web:example.org",
      "did:web:example.org#key-1",
    ]);
    const unsigned = parse(await writeForm(VC, iris));
    expect(unsigned.proof).to.equal(undefined);
    expect(unsigned.issuer).to.equal(`did:pkh:eip155:31337:${iris.record.creator}`);
  });

  it("says nothing that is not known", async function () {
    const text = JSON.stringify(parse(await write("noDataset")).credentialSubject);
    expect(text).not.to.match(/null|undefined|"0x0{64}"|"datasets"|"license"/);
  });

  it("takes the kind of key that its form has, and says which", async function () {
    const iris = await records.read("iris");
    expect(await errorCode(async () => writeForm(VC, iris, { signer: ec }))).to.equal("OPTION_INVALID");
    expect(await errorCode(async () => writeForm(VC_JWT, iris, { signer: ed25519 }))).to.equal("OPTION_INVALID");
    expect(await errorCode(async () => writeForm(VC_JWT, iris))).to.equal("OPTION_MISSING");
  });
});

import { createPrivateKey, createPublicKey, verify } from "node:crypto";
import { expect } from "chai";
import { encodePreAuthentication } from "../../../src/base/dsse.ts";
import { IN_TOTO } from "../../../src/exports/in-toto/in-toto.ts";
import { writeForm } from "../../../src/exports/write-form.ts";
import { openKeySigner } from "../../../src/model/oms/key-signer.ts";
import {
  type ExportedRecords,
  RECORD_NAMES,
  type RecordName,
  exportedRecords,
} from "../../helpers/exported-records.ts";
import { REASON } from "../../helpers/exported-statements.ts";
import { TEST_KEY } from "../../helpers/export-key.ts";
import { expectGolden } from "../../helpers/golden.ts";
import { runValidator } from "../../helpers/validators/run-validator.ts";

interface Envelope {
  payload: string;
  signatures: { keyid: string; sig: string }[];
}

interface Statement {
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicateType: string;
  readonly predicate: Record<string, unknown> & { readonly verifier?: { id: string } };
}

const PUBLIC_KEY = createPublicKey(createPrivateKey(TEST_KEY));
const PEM = PUBLIC_KEY.export({ type: "spki", format: "pem" }).toString();
const signer = openKeySigner(TEST_KEY);

const envelopesOf = (bytes: Uint8Array) =>
  Buffer.from(bytes)
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Envelope);
const statementOf = ({ payload }: Envelope) => JSON.parse(Buffer.from(payload, "base64").toString()) as Statement;

/** Base64 as one writes it: there are other spellings of the same bytes. */
function decode(text: string): Uint8Array {
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") !== text) throw new Error("no base64");
  return bytes;
}

/** What whoever has the key checks of an attestation. */
function isAuthentic(bytes: Uint8Array): boolean {
  try {
    return envelopesOf(bytes).every(({ payload, signatures }) => {
      return verify("sha256", encodePreAuthentication(decode(payload)), PUBLIC_KEY, decode(signatures[0]?.sig ?? ""));
    });
  } catch {
    return false;
  }
}

describe("export in-toto", function () {
  let records: ExportedRecords;
  const write = async (name: RecordName, options = {}) => writeForm(IN_TOTO, await records.read(name), options);

  before(async function () {
    records = await exportedRecords();
  });

  it("writes the same bytes every time, signed and unsigned, as they are on every machine", async function () {
    expectGolden("iris.intoto.jsonl", await write("iris", { signer }));
    for (const name of RECORD_NAMES) {
      const anew = await writeForm(IN_TOTO, await records.readAnew(name));
      expect(Buffer.compare(await write(name), anew), name).to.equal(0);
    }
  });

  it("is accepted by in-toto's package, SLSA's protocol buffer and DSSE's reference, which refuse others", async function () {
    const valid = await Promise.all(RECORD_NAMES.map(async (name) => write(name, { signer })));
    const [envelope] = envelopesOf(valid[0] ?? new Uint8Array()) as [Envelope];
    const reseal = (from: string, to: string) => {
      const payload = Buffer.from(envelope.payload, "base64").toString().replace(from, to);
      return Buffer.from(JSON.stringify({ ...envelope, payload: Buffer.from(payload).toString("base64") }));
    };
    const said = await runValidator("validate-in-toto.py", [...valid, reseal("Iris", "Irix")], PEM);
    if (said === undefined) return this.skip();
    expect(said.slice(0, -1)).to.deep.equal(valid.map(() => null));
    expect(said.at(-1)).to.include("VerificationError");

    const unsigned = await write("hubImport");
    const strange = [
      reseal('"buildType"', '"buildKind"'),
      reseal('"predicateType":"https://slsa.dev/provenance/v1"', '"predicateType":""'),
    ];
    const others = await runValidator("validate-in-toto.py", [unsigned, ...strange], "-");
    expect(others?.[0]).to.equal(null);
    expect(others?.slice(1).every((fault) => typeof fault === "string")).to.equal(true);
  });

  it("fails when a byte is changed anywhere in what is signed, or in the signature", async function () {
    const bytes = await write("iris", { signer });
    expect(isAuthentic(bytes)).to.equal(true);
    const text = Buffer.from(bytes).toString();
    const [{ payload = "", signatures: [{ sig = "" } = {}] = [] } = {}] = envelopesOf(bytes);
    const places = [payload, sig].flatMap((part) => [...part].map((_, i) => text.indexOf(part) + i));
    // Every place of the signature, and of the payload, which is long, as many spread over all of it.
    const chosen = places.filter((at, i) => at > text.indexOf(sig) || i % 37 === 0 || i > places.length - 400);
    for (const at of chosen) {
      const changed = Buffer.from(bytes);
      changed[at] = text[at] === "A" ? 66 : 65;
      expect(isAuthentic(changed), `byte ${at}`).to.equal(false);
    }
    expect(chosen.length).to.be.greaterThan(200);
  });

  it("has every file as a subject, with the digest of the manifest", async function () {
    for (const name of RECORD_NAMES) {
      const { resources } = await records.read(name);
      const [first] = envelopesOf(await write(name)).map(statementOf);
      const wanted = resources.map((one) => ({ name: one.name, digest: { sha256: one.sha256 } }));
      expect(first?.subject, name).to.deep.equal(wanted);
    }
  });

  it("says of a revoked model, beside its provenance, that verification failed: by whom, when and why", async function () {
    const [provenance, summary, ...others] = envelopesOf(await write("revoked", { signer })).map(statementOf);
    expect(others).to.deep.equal([]);
    expect(provenance?.predicateType).to.equal("https://slsa.dev/provenance/v1");
    expect(summary?.predicateType).to.equal("https://slsa.dev/verification_summary/v1");
    expect(summary?.subject).to.deep.equal(provenance?.subject);
    const { account } = await records.registry.contract.getStatus(records.tokenIds.revoked);
    expect(summary?.predicate).to.deep.include({
      verifier: { id: `did:pkh:eip155:31337:${account}` },
      timeVerified: "2026-01-02T09:00:00Z",
      verificationResult: "FAILED",
      verifiedLevels: ["FAILED"],
    });
    const { policy } = summary?.predicate as { policy: { uri: string } };
    expect(decodeURIComponent(policy.uri)).to.equal(`model-provenance:revoked?reason=${REASON}`);
    expect(envelopesOf(await write("deprecated"))).to.have.length(1);
  });
});

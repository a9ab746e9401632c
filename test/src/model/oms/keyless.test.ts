import { expect } from "chai";
import { resourcesOf, statementOf } from "../../../../scripts/support/oms-vectors/vector.ts";
import { ProvenanceError } from "../../../../src/base/errors.ts";
import { loadSigstore } from "../../../../src/model/oms/keyless.ts";
import { type VerifyOmsOptions, verifyOms } from "../../../../src/model/oms/verify-oms.ts";
import { makeModel, removeModels } from "../../../helpers/model-folder.ts";
import { FakeSigstore, type SigningHabits, type SigstoreFaults } from "../../../helpers/sigstore.ts";
import { TimestampAuthority } from "../../../helpers/timestamp-authority.ts";

const FILES = { a: "1", "b/c": "2" };
const [IDENTITY, PROVIDER] = ["me@example.org", "https://accounts.example.org"];
const PAYLOAD = Buffer.from(JSON.stringify(statementOf(resourcesOf(FILES))));

describe("verifyOms with a keyless bundle", function () {
  const sigstore = new FakeSigstore();

  before(async function () {
    if (await loadSigstore().catch(() => undefined)) return;
    console.log("    skipped: the optional packages @sigstore/{bundle,protobuf-specs,verify} are not installed");
    this.skip();
  });
  afterEach(removeModels);

  it("verifies signature, authority, logs, identity and files", async function () {
    const { signer } = await verify({});
    expect(signer).to.deep.equal({ method: "sigstore", identity: IDENTITY, identityProvider: PROVIDER });
  });

  it("takes a client's trust configuration for a trusted root", async function () {
    await verify({}, { trustedRoot: JSON.stringify({ trustedRoot: sigstore.trustedRoot, signingConfig: {} }) });
  });

  for (const [what, faults] of [
    ["a log time after the certificate's", { logDelay: 3600 }],
    ["a log time before the certificate's", { logDelay: -3600 }],
    ["a certificate that stands in no certificate log", { withoutCertificateTimestamp: true }],
    ["an entry that the log did not sign", { forgedLog: true }],
    ["a proof that does not lead to the log's root", { wrongProof: true }],
  ] as const) {
    it(`refuses ${what}`, async function () {
      expect(await codeOf(verify(faults))).to.equal("OMS_SIGNATURE_INVALID");
    });
  }

  for (const [what, options, code] of [
    ["another identity", { identity: "you@example.org" }, "OMS_IDENTITY_MISMATCH"],
    ["a pattern for an identity", { identity: ".*" }, "OMS_IDENTITY_MISMATCH"],
    ["a part of the identity", { identity: "me@example" }, "OMS_IDENTITY_MISMATCH"],
    ["another provider", { identityProvider: "https://example.org" }, "OMS_IDENTITY_MISMATCH"],
    ["another root", { trustedRoot: JSON.stringify(new FakeSigstore().trustedRoot) }, "OMS_SIGNATURE_INVALID"],
    ["a text for a root", { trustedRoot: "none" }, "OPTION_INVALID"],
    ["no identity", { identity: "" }, "OPTION_MISSING"],
  ] as const) {
    it(`refuses ${what}`, async function () {
      expect(await codeOf(verify({}, options))).to.equal(code);
    });
  }

  for (const [curve, hash] of [
    ["P-256", "sha256"],
    ["P-384", "sha384"],
    ["P-521", "sha512"],
    ["P-384", "sha256"],
    ["P-521", "sha256"],
  ] as const) {
    it(`verifies a signature by ${hash} with a key on ${curve}`, async function () {
      await verify({}, {}, { curve, hash });
    });
  }

  it("refuses a hash that does not go with the key", async function () {
    for (const habits of [{ hash: "sha512" }, { curve: "P-384", hash: "sha512" }] as const) {
      expect(await codeOf(verify({}, {}, habits))).to.equal("OMS_SIGNATURE_INVALID");
    }
  });

  describe("whose time comes from a timestamp authority", function () {
    it("verifies it", async function () {
      const { signer, warnings } = await verify({}, {}, { stampedAfter: 60 });
      expect(signer.method).to.equal("sigstore");
      expect(warnings).to.deep.equal([]);
    });

    for (const [what, habits] of [
      ["after the certificate's", { stampedAfter: 3600 }],
      ["before the certificate's", { stampedAfter: -1 }],
      ["of something else", { stampedAfter: 60, stamped: Buffer.from("else") }],
      ["of an authority that is not trusted", { stampedAfter: 60, stampedBy: new TimestampAuthority(new Date(0)) }],
    ] as const) {
      it(`refuses a time ${what}`, async function () {
        expect(await codeOf(verify({}, {}, habits))).to.equal("OMS_SIGNATURE_INVALID");
      });
    }

    it("refuses a bundle without any time", async function () {
      const bundle = sigstore.sign(PAYLOAD, IDENTITY, PROVIDER, {}, { stampedAfter: 60 });
      const { timestampVerificationData: _, ...timeless } = bundle.verificationMaterial as Record<string, unknown>;
      const text = JSON.stringify({ ...bundle, verificationMaterial: timeless });
      expect(await codeOf(verifyOms(await makeModel(FILES), text, trust()))).to.equal("OMS_SIGNATURE_INVALID");
    });
  });

  it("refuses a payload that was not signed", async function () {
    const bundle = sigstore.sign(PAYLOAD, IDENTITY, PROVIDER);
    const payload = Buffer.from(`${PAYLOAD.toString()} `).toString("base64");
    const forged = { ...bundle, dsseEnvelope: { ...bundle.dsseEnvelope, payload } };
    expect(await codeOf(verifyOms(await makeModel(FILES), JSON.stringify(forged), trust()))).to.equal(
      "OMS_SIGNATURE_INVALID",
    );
  });

  it("refuses a changed file", async function () {
    const bundle = JSON.stringify(sigstore.sign(PAYLOAD, IDENTITY, PROVIDER));
    const model = await makeModel({ ...FILES, a: "2" });
    expect(await codeOf(verifyOms(model, bundle, trust()))).to.equal("OMS_FILES_DIFFER");
  });

  async function verify(faults: SigstoreFaults, options: VerifyOmsOptions = {}, habits: SigningHabits = {}) {
    const bundle = JSON.stringify(sigstore.sign(PAYLOAD, IDENTITY, PROVIDER, faults, habits));
    return verifyOms(await makeModel(FILES), bundle, { ...trust(), ...options });
  }

  function trust(): VerifyOmsOptions {
    return { trustedRoot: JSON.stringify(sigstore.trustedRoot), identity: IDENTITY, identityProvider: PROVIDER };
  }
});

describe("verifyOms where Sigstore's packages are missing", function () {
  it("says which to install", async function () {
    const missing = () => Promise.reject(new ProvenanceError("OPTIONAL_PACKAGE_MISSING", "none"));
    const options = { trustedRoot: "{}", identity: IDENTITY, identityProvider: PROVIDER, loadSigstore: missing };
    expect(await codeOf(verifyOms("anywhere", "{}", options))).to.equal("OPTIONAL_PACKAGE_MISSING");
  });
});

function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "done",
    (error: { code?: unknown }) => error.code ?? error,
  );
}

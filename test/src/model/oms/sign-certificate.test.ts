import { expect } from "chai";
import { signOms } from "../../../../src/model/oms/sign-oms.ts";
import { verifyOms } from "../../../../src/model/oms/verify-oms.ts";
import { der, sequence } from "../../../helpers/der.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { makeModel, removeModels } from "../../../helpers/model-folder.ts";
import { exportPrivate } from "../../../helpers/signed-models.ts";
import { extension, makeCertificate, makeParty, toPem } from "../../../helpers/x509.ts";

const NOW = new Date("2026-06-01");

describe("signOms", function () {
  afterEach(removeModels);

  describe("with a certificate", function () {
    const [root, signer, other] = [makeParty("root"), makeParty("signer", "P-521"), makeParty("other")];
    const dates = { notBefore: new Date("2026-01-01"), notAfter: new Date("2027-01-01") };
    const rootPem = toPem(
      makeCertificate({ subject: root, issuer: root, ...dates, authority: true, keyUsage: ["keyCertSign"] }),
    );
    const certify = (subject: typeof signer) =>
      toPem(makeCertificate({ subject, issuer: root, ...dates, keyUsage: ["digitalSignature"] }));
    const privateKeyPem = exportPrivate(signer.privateKey);

    it("writes the chain, the signer's certificate first", async function () {
      const model = await makeModel({ a: "" });
      const signingCertificatePem = certify(signer);
      const options = { privateKeyPem, signingCertificatePem, certificateChainPem: [rootPem], now: NOW };
      const bundle = await signOms(model, options);
      const verified = await verifyOms(model, bundle, { certificateChainPem: [rootPem], now: NOW });
      expect(verified.signer).to.include({ method: "certificate", subject: "CN=signer" });
      expect(bundle).to.include('"x509CertificateChain":{"certificates":[{"rawBytes":"');
    });

    for (const critical of [false, true]) {
      it(`leads to no authority whose names are limited, ${critical ? "critical or" : "be it"} not critical`, async function () {
        const names = extension(
          "2.5.29.30",
          sequence(der(0xa0, sequence(der(0x82, Buffer.from("example.org"))))),
          critical,
        );
        const content = { subject: root, issuer: root, ...dates, authority: true, keyUsage: ["keyCertSign" as const] };
        const limited = toPem(makeCertificate({ ...content, extensions: [names] }));
        const model = await makeModel({ a: "" });
        const bundle = await signOms(model, { privateKeyPem, signingCertificatePem: certify(signer), now: NOW });
        const trust = { certificateChainPem: [limited], now: NOW };
        expect(await errorCode(async () => verifyOms(model, bundle, trust))).to.equal("OMS_CERTIFICATE_INVALID");
      });
    }

    for (const [what, options] of [
      ["another key's certificate", { signingCertificatePem: certify(other), now: NOW }],
      ["an expired certificate", { signingCertificatePem: certify(signer), now: new Date("2028-01-01") }],
      ["an authority's certificate", { signingCertificatePem: rootPem, now: NOW }],
      ["a text for a certificate", { signingCertificatePem: "none", now: NOW }],
      ["a chain without a certificate", { certificateChainPem: [rootPem] }],
    ] as const) {
      it(`refuses ${what}`, async function () {
        const model = await makeModel({ a: "" });
        expect(await errorCode(async () => signOms(model, { privateKeyPem, ...options }))).to.equal("OPTION_INVALID");
      });
    }
  });
});

import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { LocalStore } from "../../src/content/stores/local/local-store.ts";
import { signOms } from "../../src/model/oms/sign-oms.ts";
import type { VerifyDocument } from "../../src/verify/report-document.ts";
import { expectFaultless } from "../helpers/check-screen.ts";
import { choose, expectSameVerdict } from "../helpers/page-verdict.ts";
import { exportPrivate } from "../helpers/signed-models.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { useBrowser } from "../helpers/use-browser.ts";
import { setUpVerify } from "../helpers/verify-command.ts";
import { makeCertificate, makeParty, toPem } from "../helpers/x509.ts";

const CARRIED = "the OMS bundle is signed by the key it carries (not checked: whose key that is)";

describe("an OMS bundle in the page", function () {
  const tests = useBrowser();
  const temporary = useTemporaryFolder();

  /** A recorded model that is signed by a key, or by a certificate of that key. */
  async function setUp(method: "key" | "certificate", curve = "P-256", look: Parameters<typeof tests.open>[0] = {}) {
    const deployed = await setUpVerify(temporary);
    const registry = { ...deployed.registry, name: "test" };
    const modelPath = await temporary.write("model", { "README.md": "A model.", "w.safetensors": "weights" });
    const party = makeParty("signer", curve);
    const [notBefore, notAfter] = [new Date("2025-01-01"), new Date("2049-12-31")];
    const content = { subject: party, issuer: party, notBefore, notAfter, authority: true };
    const certificate = toPem(makeCertificate({ ...content, keyUsage: ["digitalSignature", "keyCertSign"] }));
    const withCertificate = { signingCertificatePem: certificate, certificateChainPem: [certificate] };
    const options = method === "key" ? {} : withCertificate;
    const bundle = await signOms(modelPath, { privateKeyPem: exportPrivate(party.privateKey), ...options });
    await writeFile(join(modelPath, "model.sig"), bundle);
    await deployed.record({ modelPath, statements: {} });
    const opened = await tests.open({ registries: [registry], store: new LocalStore(deployed.storePath), ...look });
    const { page } = opened;
    const section = page.locator("section", { hasText: "this one decides nothing" });
    const verifySame = async (path: string) => {
      const { stdout } = await deployed.verify({ MODEL_PATH: path, OUTPUT_FORMAT: "json" });
      const document = await expectSameVerdict(page, path, JSON.parse(stdout) as VerifyDocument);
      return {
        document,
        found: (await section.locator("li").allInnerTexts()).map((text) => text.replace(/\s+/g, " ")),
      };
    };
    return { ...deployed, ...opened, modelPath, bundle, verifySame };
  }

  for (const curve of ["P-256", "P-384", "P-521"]) {
    it(`is checked as the command does, by a certificate on ${curve}`, async function () {
      this.timeout(60_000);
      const { modelPath, bundle, verifySame } = await setUp("certificate", curve);
      const { document, found } = await verifySame(modelPath);
      // The record names it, too.
      expect(document.checks).to.deep.include({ name: "oms", what: CARRIED, passed: true });
      expect(found).to.have.length(3);
      expect(found[0]).to.match(/^✓ holds: the OMS bundle signs exactly these files$/);
      expect(found[1]).to.equal(`✓ holds: ${CARRIED}`);
      expect(found[2]).to.match(/whose key .*: oms verify checks that, with the certificates that are trusted$/);
      const copy = temporary.path("copy");
      await cp(modelPath, copy, { recursive: true });
      const { dsseEnvelope, ...rest } = JSON.parse(bundle) as { dsseEnvelope: { payload: string } };
      const payload = Buffer.from(dsseEnvelope.payload, "base64").toString().replace("model", "other");
      const forged = { ...rest, dsseEnvelope: { ...dsseEnvelope, payload: Buffer.from(payload).toString("base64") } };
      await writeFile(join(copy, "model.sig"), JSON.stringify(forged));
      await writeFile(join(copy, "README.md"), "Another.");
      const changed = await verifySame(copy);
      expect(changed.found[0]).to.equal("✕ does not hold: the OMS bundle signs exactly these files: 1 changed");
      expect(changed.found[1]).to.equal(`✕ does not hold: ${CARRIED}`);
    });
  }

  it("that only names its key says what checks it, and what is no bundle of OMS says why", async function () {
    this.timeout(60_000);
    const { modelPath, page, verifySame } = await setUp("key");
    const { found } = await verifySame(modelPath);
    expect(found[1]).to.match(
      /the signature of the OMS bundle: it only names its key, 0x[0-9a-f]{64}: oms verify checks/,
    );
    await page.getByRole("button", { name: "Check something else" }).click();
    await choose(page, join(modelPath, "model.sig"));
    await page.getByText("An OMS bundle was dropped.").waitFor();
    await page.getByText("whether the OMS bundle signs your files: no file was given with it").waitFor();
    await page.getByText("It is recorded").waitFor();
    const broken = { mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json", dsseEnvelope: {} };
    await choose(page, join(await temporary.write("broken", { "x.sig": JSON.stringify(broken) }), "x.sig"));
    await page.getByText("The bundle is not a v1.0 bundle").waitFor();
  });

  it("has no fault on a phone", async function () {
    this.timeout(30_000);
    const { modelPath, page } = await setUp("certificate", "P-256", { viewport: { width: 375, height: 800 } });
    await choose(page, modelPath);
    await page.getByText("this one decides nothing").waitFor();
    await expectFaultless(page, 375);
    const folder = process.env["SCREENS"];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/bundle-375.png`, fullPage: true });
  });
});

import { generateKeyPairSync } from "node:crypto";
import { inspect } from "node:util";
import { expect } from "chai";
import { signOms } from "../../../../src/model/oms/sign-oms.ts";
import { verifyOms } from "../../../../src/model/oms/verify-oms.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { makeModel, removeModels } from "../../../helpers/model-folder.ts";

describe("signOms", function () {
  afterEach(removeModels);

  describe("with an encrypted key", function () {
    const password = "correct horse \u{1f40e}";
    const forms = {
      "PKCS#8": { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: password },
      "OpenSSL's older form": { type: "sec1", format: "pem", cipher: "aes-128-cbc", passphrase: password },
    } as const;

    for (const [form, encoding] of Object.entries(forms)) {
      it(`signs with its password (${form}), and not without or with another`, async function () {
        const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
        const privateKeyPem = privateKey.export(encoding) as string;
        expect(privateKeyPem).to.include("ENCRYPTED");
        const model = await makeModel({ a: "1" });
        const bundle = await signOms(model, { privateKeyPem, privateKeyPassword: password });
        const publicKeyPem = publicKey.export({ type: "spki", format: "pem" }) as string;
        expect((await verifyOms(model, bundle, { publicKeyPem })).signer.method).to.equal("key");
        expect(await errorCode(async () => signOms(model, { privateKeyPem }))).to.equal("OPTION_MISSING");
        const wrong = signOms(model, { privateKeyPem, privateKeyPassword: "Tr0ub4dor" });
        const error = (await wrong.catch((failure: unknown) => failure)) as Error;
        expect(error).to.have.property("code", "OPTION_INVALID");
        expect(inspect(error)).not.to.include("Tr0ub4dor");
      });
    }

    it("refuses one on a curve that OMS does not know", async function () {
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
      const privateKeyPem = privateKey.export(forms["PKCS#8"]) as string;
      const signing = signOms(await makeModel({ a: "" }), { privateKeyPem, privateKeyPassword: password });
      expect(await errorCode(async () => signing)).to.equal("OPTION_INVALID");
    });
  });
});

import { rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { signOms } from "../../../../src/model/oms/sign-oms.ts";
import { verifyOms } from "../../../../src/model/oms/verify-oms.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { makeModel, removeModels } from "../../../helpers/model-folder.ts";
import { makeKeys, sha256 } from "../../../helpers/signed-models.ts";

describe("verifyOms", function () {
  afterEach(removeModels);

  it("names what differs with both digests", async function () {
    const { privateKeyPem, publicKeyPem } = makeKeys();
    const model = await makeModel({ a: "1", b: "2" });
    const bundle = await signOms(model, { privateKeyPem });
    await writeFile(join(model, "a"), "2");
    await writeFile(join(model, "c"), "");
    const error = await verifyOms(model, bundle, { publicKeyPem }).catch((reason: unknown) => reason);
    expect(error).to.have.property("code", "OMS_FILES_DIFFER");
    expect(error)
      .to.have.property("cause")
      .that.deep.equals([
        { name: "a", status: "changed", expected: sha256("1"), actual: sha256("2") },
        { name: "c", status: "extra" },
      ]);
  });

  it("follows no link that the signer did not, whatever is asked for", async function () {
    const { privateKeyPem, publicKeyPem } = makeKeys();
    const model = await makeModel({ a: "1", b: "2" });
    const bundle = await signOms(model, { privateKeyPem });
    const options = { publicKeyPem, allowSymlinks: true };
    expect((await verifyOms(model, bundle, options)).warnings).to.have.length(1);
    await rename(join(model, "b"), `${model}.outside`);
    await symlink(`${model}.outside`, join(model, "b"));
    for (const asked of [{ publicKeyPem }, options]) {
      expect(await errorCode(async () => verifyOms(model, bundle, asked))).to.equal("MODEL_UNSUPPORTED_ENTRY");
    }
    await rm(`${model}.outside`);
  });

  for (const [what, options, code] of [
    ["nothing to trust", {}, "OPTION_INVALID"],
    ["two things to trust", { publicKeyPem: makeKeys().publicKeyPem, trustedRoot: "{}" }, "OPTION_INVALID"],
    ["a private key to trust", { publicKeyPem: makeKeys().privateKeyPem }, "OPTION_INVALID"],
    ["no certificate to trust", { certificateChainPem: [] }, "OPTION_INVALID"],
    ["a trusted root without an identity", { trustedRoot: "{}" }, "OPTION_MISSING"],
  ] as const) {
    it(`refuses ${what}`, async function () {
      expect(await errorCode(async () => verifyOms("anywhere", "{}", options))).to.equal(code);
    });
  }
});

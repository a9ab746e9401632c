import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { expect } from "chai";
import { signOms } from "../../src/model/oms/sign-oms.ts";
import { type VerifyOmsOptions, verifyOms } from "../../src/model/oms/verify-oms.ts";
import { makeModel, removeModels } from "../helpers/model-folder.ts";
import { makeCertificate, makeParty, toPem } from "../helpers/x509.ts";

const run = promisify(execFile);
const CLIENT = (process.env["PATH"] ?? "")
  .split(delimiter)
  .map((folder) => join(folder, "model_signing"))
  .find(existsSync);

// `a.txt` and `a/x` stand in another order for Python, `名前` and the space are what a shell would break.
const FILES = {
  "config.json": "{}",
  "a/x": "1",
  "a-b/x": "2",
  "a.txt": "3",
  "weights/名前 1.bin": "weights",
  "empty.bin": "",
  ".cache/kept": "4",
  ".gitignore": "not signed",
};
const CURVES = ["P-256", "P-384", "P-521"] as const;

describe("OMS beside the Python client", function () {
  before(function () {
    if (CLIENT !== undefined) return;
    console.log("    skipped: there is no model_signing on the PATH (pip install model-signing pyOpenSSL)");
    this.skip();
  });
  afterEach(removeModels);

  for (const curve of CURVES) {
    describe(`key on ${curve}`, function () {
      it("is verified there when signed here", async function () {
        const { model, signature, keys, privateKeyPem } = await prepare(curve);
        await writeFile(signature, await signOms(model, { privateKeyPem }));
        await client("verify", "key", model, "--signature", signature, "--public_key", keys.public);
      });

      it("is verified here when signed there", async function () {
        const { model, signature, keys, publicKeyPem } = await prepare(curve);
        await client("sign", "key", model, "--signature", signature, "--private_key", keys.private);
        const { statement } = await verifyOms(model, await readFile(signature, "utf8"), { publicKeyPem });
        expect(statement.resources).to.have.length(7);
      });

      it("is refused by both for another key", async function () {
        const { model, signature, privateKeyPem } = await prepare(curve);
        const other = await prepare(curve);
        await writeFile(signature, await signOms(model, { privateKeyPem }));
        await expectBothToRefuse(model, signature, "OMS_SIGNATURE_INVALID", { publicKeyPem: other.publicKeyPem }, [
          "key",
          "--public_key",
          other.keys.public,
        ]);
      });
    });
  }

  for (const [what, change] of [
    ["changed", (model: string) => writeFile(join(model, "config.json"), "{ }")],
    ["missing", (model: string) => rm(join(model, "config.json"))],
    ["added", (model: string) => writeFile(join(model, "extra"), "")],
  ] as const) {
    it(`is refused by both when a file was ${what}`, async function () {
      const { model, signature, keys, privateKeyPem, publicKeyPem } = await prepare("P-256");
      await writeFile(signature, await signOms(model, { privateKeyPem }));
      await change(model);
      const arguments_ = ["key", "--public_key", keys.public];
      await expectBothToRefuse(model, signature, "OMS_FILES_DIFFER", { publicKeyPem }, arguments_);
    });
  }

  it("ignores the claim there when signed here", async function () {
    const { model, signature, keys, privateKeyPem } = await prepare("P-256");
    await writeFile(signature, await signOms(model, { privateKeyPem }));
    await writeFile(join(model, "model-provenance.json"), "{}");
    await client("verify", "key", model, "--signature", signature, "--public_key", keys.public);
  });

  it("takes a single file both ways", async function () {
    const { model, signature, keys, privateKeyPem, publicKeyPem } = await prepare("P-256", { "": "single" });
    await writeFile(signature, await signOms(model, { privateKeyPem }));
    await client("verify", "key", model, "--signature", signature, "--public_key", keys.public);
    await client("sign", "key", model, "--signature", signature, "--private_key", keys.private);
    await verifyOms(model, await readFile(signature, "utf8"), { publicKeyPem });
  });

  it("takes paths to ignore both ways", async function () {
    const { model, signature, keys, privateKeyPem, publicKeyPem } = await prepare("P-256");
    await writeFile(signature, await signOms(model, { privateKeyPem, ignorePaths: ["weights"] }));
    await writeFile(join(model, "weights/more"), "");
    await client("verify", "key", model, "--signature", signature, "--public_key", keys.public);
    const ignored = join(model, "weights");
    await client(
      "sign",
      "key",
      model,
      "--signature",
      signature,
      "--private_key",
      keys.private,
      "--ignore-paths",
      ignored,
    );
    const { statement } = await verifyOms(model, await readFile(signature, "utf8"), { publicKeyPem });
    expect(statement.ignorePaths).to.include.members(["weights", "model.sig"]);
  });

  for (const curve of CURVES) {
    describe(`certificate on ${curve}`, function () {
      it("is verified there when signed here, and there only for its root", async function () {
        const { model, signature, certificates, privateKeyPem } = await prepare(curve);
        const { leafPem, middlePem, files, strangerPem } = certificates;
        const options = { privateKeyPem, signingCertificatePem: leafPem, certificateChainPem: [middlePem] };
        await writeFile(signature, await signOms(model, options));
        await client("verify", "certificate", model, "--signature", signature, "--certificate_chain", files.root);
        const arguments_ = ["certificate", "--certificate_chain", files.stranger];
        const trust = { certificateChainPem: [strangerPem] };
        await expectBothToRefuse(model, signature, "OMS_CERTIFICATE_INVALID", trust, arguments_);
      });

      it("is verified here when signed there", async function () {
        const { model, signature, keys, certificates } = await prepare(curve);
        const { files, rootPem } = certificates;
        const key = ["--private_key", keys.private, "--signing_certificate", files.leaf];
        const chain = ["--certificate_chain", files.middle];
        await client("sign", "certificate", model, "--signature", signature, ...key, ...chain);
        const bundle = await readFile(signature, "utf8");
        const { signer } = await verifyOms(model, bundle, { certificateChainPem: [rootPem] });
        expect(signer).to.include({ method: "certificate", subject: "CN=signer" });
      });
    });
  }
});

async function prepare(namedCurve: string, modelFiles: Readonly<Record<string, string>> = FILES) {
  const model = await makeModel(modelFiles);
  const folder = dirname(model);
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve });
  const privateKeyPem = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  const publicKeyPem = publicKey.export({ type: "spki", format: "pem" }) as string;
  const write = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const certificates = certify({ name: "signer", privateKey, publicKey });
  return {
    model,
    signature: "" in modelFiles ? join(folder, "model.sig") : join(model, "model.sig"),
    privateKeyPem,
    publicKeyPem,
    keys: { private: await write("key.pem", privateKeyPem), public: await write("key.pub", publicKeyPem) },
    certificates: {
      ...certificates,
      files: {
        root: await write("root.pem", certificates.rootPem),
        middle: await write("middle.pem", certificates.middlePem),
        leaf: await write("leaf.pem", certificates.leafPem),
        stranger: await write("stranger.pem", certificates.strangerPem),
      },
    },
  };
}

function certify(signer: ReturnType<typeof makeParty>) {
  const [root, middle, stranger] = [makeParty("root"), makeParty("middle"), makeParty("stranger")];
  const dates = { notBefore: new Date("2020-01-01"), notAfter: new Date("2049-01-01") };
  const authority = { ...dates, authority: true, keyUsage: ["keyCertSign"] } as const;
  return {
    rootPem: toPem(makeCertificate({ subject: root, issuer: root, ...authority })),
    middlePem: toPem(makeCertificate({ subject: middle, issuer: root, ...authority })),
    leafPem: toPem(makeCertificate({ subject: signer, issuer: middle, ...dates, keyUsage: ["digitalSignature"] })),
    strangerPem: toPem(makeCertificate({ subject: stranger, issuer: stranger, ...authority })),
  };
}

async function client(...arguments_: string[]): Promise<void> {
  await run(CLIENT as string, arguments_);
}

async function expectBothToRefuse(
  model: string,
  signature: string,
  code: string,
  trust: VerifyOmsOptions,
  [method = "", ...arguments_]: readonly string[],
): Promise<void> {
  const here = await verifyOms(model, await readFile(signature, "utf8"), trust).catch((error: unknown) => error);
  expect(here).to.have.property("code", code);
  const there = await client("verify", method, model, "--signature", signature, ...arguments_).catch(
    (error: unknown) => error,
  );
  expect(there).to.have.property("code", 1);
}

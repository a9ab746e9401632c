import { createHash, createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect } from "chai";
import { encodePreAuthentication } from "../../../../src/base/dsse.ts";
import { type SignOmsOptions, signOms } from "../../../../src/model/oms/sign-oms.ts";
import { verifyOms } from "../../../../src/model/oms/verify-oms.ts";
import { type ModelFiles, makeModel, removeModels } from "../../../helpers/model-folder.ts";
import { der, sequence } from "../../../helpers/der.ts";
import { extension, makeCertificate, makeParty, toPem } from "../../../helpers/x509.ts";

const NOW = new Date("2026-06-01");

describe("signOms", function () {
  afterEach(removeModels);

  it("writes the bundle as the Python client does", async function () {
    const { bundle, publicKeyPem } = await sign({ a: "1" });
    const hint = createHash("sha256").update(publicKeyPem).digest("hex");
    const { payload, signatures } = bundle.dsseEnvelope;
    expect(bundle).to.deep.equal({
      mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
      verificationMaterial: { publicKey: { hint }, tlogEntries: [] },
      dsseEnvelope: { payload, payloadType: "application/vnd.in-toto+json", signatures },
    });
    expect(signatures).to.have.length(1);
    expect(signatures[0]).to.have.keys("sig", "keyid").and.include({ keyid: "" });
  });

  it("signs the pre-authentication encoding", async function () {
    const { bundle, publicKeyPem } = await sign({ a: "1" });
    const { payload, signatures } = bundle.dsseEnvelope;
    const signature = Buffer.from(signatures[0]?.sig ?? "", "base64");
    const encoded = encodePreAuthentication(Buffer.from(payload, "base64"));
    expect(Buffer.from(encoded).toString()).to.match(/^DSSEv1 28 application\/vnd\.in-toto\+json \d+ \{/);
    expect(verify("sha256", encoded, createPublicKey(publicKeyPem), signature)).to.equal(true);
  });

  it("gives the root digests of the reference client", async function () {
    const roots = await Promise.all(
      [SAMPLE_FOLDER, DEEP_FOLDER, { any: "" }, { "": "This is a simple model" }].map(rootOf),
    );
    expect(roots).to.deep.equal([
      "143cc682e555951649f18e2761c3d526d2502996f5e32dc187ef7f8a614f8df7",
      "18b5a45fe7983f7194e8ffd96c80f5f0ec53191bf4a32b6aff293f043e816d7a",
      "5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9456",
      "002d162f867c5eee944e5080d25829b6625be0e3f081f6fbafc7dd655ca2e178",
    ]);
  });

  it("orders names by code point", async function () {
    const { statement } = await sign({ "a/x": "", "a-b/x": "", "a.txt": "", "\u{1f600}": "", "\uff5e": "" });
    expect(namesOf(statement)).to.deep.equal(["a-b/x", "a.txt", "a/x", "\uff5e", "\u{1f600}"]);
  });

  it('names a single file "."', async function () {
    const { statement } = await sign({ "": "single" });
    expect(namesOf(statement)).to.deep.equal(["."]);
    expect(statement.subject[0]?.name).to.equal("model.bin");
  });

  it("leaves out git's files at the top, the signature and the claim, and says so", async function () {
    const { statement } = await sign({ ".git/HEAD": "", ".gitignore": "", "model.sig": "", "b/.gitignore": "", a: "" });
    expect(namesOf(statement)).to.deep.equal(["a", "b/.gitignore"]);
    expect(statement.predicate.serialization).to.deep.equal({
      method: "files",
      hash_type: "sha256",
      allow_symlinks: false,
      ignore_paths: [".git", ".gitattributes", ".github", ".gitignore", "model-provenance.json", "model.sig"],
    });
  });

  it("leaves out what is ignored by choice and where the signature goes", async function () {
    const files = { "cache/x": "", "model.sig": "", "sigs/mine": "", a: "" };
    const { statement } = await sign(files, { ignorePaths: ["./cache/"], signatureName: "sigs/mine" });
    expect(namesOf(statement)).to.deep.equal(["a", "model.sig"]);
    expect(statement.predicate.serialization.ignore_paths).to.include.members(["cache", "sigs/mine"]);
  });

  it("signs a file of the model that has the claim's name", async function () {
    const { statement } = await sign({ "model-provenance.json": "[]" });
    expect(namesOf(statement)).to.deep.equal(["model-provenance.json"]);
    expect(statement.predicate.serialization.ignore_paths).not.to.include("model-provenance.json");
  });

  for (const [what, files, links, code] of [
    ["an empty model", {}, {}, "MODEL_EMPTY"],
    ["a model of git's files", { ".gitignore": "" }, {}, "MODEL_EMPTY"],
    ["a symbolic link", { a: "" }, { b: "a" }, "MODEL_UNSUPPORTED_ENTRY"],
  ] as const) {
    it(`refuses ${what}`, async function () {
      const { privateKeyPem } = makeKeys();
      const model = await makeModel(files, links);
      expect(await codeOf(signOms(model, { privateKeyPem }))).to.equal(code);
    });
  }

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
        expect(await codeOf(signOms(model, { privateKeyPem }))).to.equal("OPTION_MISSING");
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
      expect(await codeOf(signing)).to.equal("OPTION_INVALID");
    });
  });

  for (const path of ["../x", "/x", "*.bin", "."]) {
    it(`refuses to ignore ${path}`, async function () {
      const { privateKeyPem } = makeKeys();
      const model = await makeModel({ a: "" });
      expect(await codeOf(signOms(model, { privateKeyPem, ignorePaths: [path] }))).to.equal("OPTION_INVALID");
    });
  }

  for (const [what, privateKeyPem] of [
    ["a key on secp256k1", makeKeys("secp256k1").privateKeyPem],
    ["a public key", makeKeys().publicKeyPem],
    ["an RSA key", exportPrivate(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey)],
    ["a text", "no key"],
  ] as const) {
    it(`refuses ${what}`, async function () {
      expect(await codeOf(signOms(await makeModel({ a: "" }), { privateKeyPem }))).to.equal("OPTION_INVALID");
    });
  }

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
        expect(await codeOf(verifyOms(model, bundle, trust))).to.equal("OMS_CERTIFICATE_INVALID");
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
        expect(await codeOf(signOms(model, { privateKeyPem, ...options }))).to.equal("OPTION_INVALID");
      });
    }
  });
});

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
      expect(await codeOf(verifyOms(model, bundle, asked))).to.equal("MODEL_UNSUPPORTED_ENTRY");
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
      expect(await codeOf(verifyOms("anywhere", "{}", options))).to.equal(code);
    });
  }
});

const SAMPLE_FOLDER = Object.fromEntries([
  ...["00", "01", "02", "10", "11", "12"].map((f) => [`d${f[0]}/f${f}`, `This is file f${f} in d${f[0]}.`]),
  ...["0", "1", "2", "3"].map((f) => [`f${f}`, `This is file f${f} in root.`]),
]) as ModelFiles;
const DEEP_FOLDER = Object.fromEntries(
  ["0", "1", "2", "3"].map((f) => [`d0/d1/d2/d3/d4/f${f}`, `This is file f${f}.`]),
) as ModelFiles;

interface Statement {
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicate: {
    readonly serialization: { readonly ignore_paths: readonly string[] };
    readonly resources: readonly { readonly name: string }[];
  };
}
interface Bundle {
  readonly dsseEnvelope: { readonly payload: string; readonly signatures: readonly { readonly sig: string }[] };
}

async function sign(files: ModelFiles, options: Partial<SignOmsOptions> = {}) {
  const { privateKeyPem, publicKeyPem } = makeKeys();
  const bundle = JSON.parse(await signOms(await makeModel(files), { privateKeyPem, ...options })) as Bundle;
  const statement = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, "base64").toString()) as Statement;
  return { bundle, statement, publicKeyPem };
}

async function rootOf(files: ModelFiles): Promise<string | undefined> {
  return (await sign(files)).statement.subject[0]?.digest.sha256;
}

function makeKeys(namedCurve = "P-256") {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve });
  return {
    privateKeyPem: exportPrivate(privateKey),
    publicKeyPem: publicKey.export({ type: "spki", format: "pem" }) as string,
  };
}

function exportPrivate(key: ReturnType<typeof generateKeyPairSync>["privateKey"]): string {
  return key.export({ type: "pkcs8", format: "pem" }) as string;
}

function namesOf({ predicate }: Statement): string[] {
  return predicate.resources.map(({ name }) => name);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "done",
    (error: { code?: unknown }) => error.code ?? error,
  );
}

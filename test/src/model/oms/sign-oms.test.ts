import { createHash, createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { expect } from "chai";
import { encodePreAuthentication } from "../../../../src/base/dsse.ts";
import { signOms } from "../../../../src/model/oms/sign-oms.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { type ModelFiles, makeModel, removeModels } from "../../../helpers/model-folder.ts";
import { type SignedStatement, exportPrivate, makeKeys, signFiles } from "../../../helpers/signed-models.ts";

describe("signOms", function () {
  afterEach(removeModels);

  it("writes the bundle as the Python client does", async function () {
    const { bundle, publicKeyPem } = await signFiles({ a: "1" });
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
    const { bundle, publicKeyPem } = await signFiles({ a: "1" });
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
    const { statement } = await signFiles({ "a/x": "", "a-b/x": "", "a.txt": "", "\u{1f600}": "", "\uff5e": "" });
    expect(namesOf(statement)).to.deep.equal(["a-b/x", "a.txt", "a/x", "\uff5e", "\u{1f600}"]);
  });

  it('names a single file "."', async function () {
    const { statement } = await signFiles({ "": "single" });
    expect(namesOf(statement)).to.deep.equal(["."]);
    expect(statement.subject[0]?.name).to.equal("model.bin");
  });

  it("leaves out git's files at the top, the signature and the claim, and says so", async function () {
    const { statement } = await signFiles({
      ".git/HEAD": "",
      ".gitignore": "",
      "model.sig": "",
      "b/.gitignore": "",
      a: "",
    });
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
    const { statement } = await signFiles(files, { ignorePaths: ["./cache/"], signatureName: "sigs/mine" });
    expect(namesOf(statement)).to.deep.equal(["a", "model.sig"]);
    expect(statement.predicate.serialization.ignore_paths).to.include.members(["cache", "sigs/mine"]);
  });

  it("signs a file of the model that has the claim's name", async function () {
    const { statement } = await signFiles({ "model-provenance.json": "[]" });
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
      expect(await errorCode(async () => signOms(model, { privateKeyPem }))).to.equal(code);
    });
  }

  for (const path of ["../x", "/x", "*.bin", "."]) {
    it(`refuses to ignore ${path}`, async function () {
      const { privateKeyPem } = makeKeys();
      const model = await makeModel({ a: "" });
      expect(await errorCode(async () => signOms(model, { privateKeyPem, ignorePaths: [path] }))).to.equal(
        "OPTION_INVALID",
      );
    });
  }

  for (const [what, privateKeyPem] of [
    ["a key on secp256k1", makeKeys("secp256k1").privateKeyPem],
    ["a public key", makeKeys().publicKeyPem],
    ["an RSA key", exportPrivate(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey)],
    ["a text", "no key"],
  ] as const) {
    it(`refuses ${what}`, async function () {
      expect(await errorCode(async () => signOms(await makeModel({ a: "" }), { privateKeyPem }))).to.equal(
        "OPTION_INVALID",
      );
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

async function rootOf(files: ModelFiles): Promise<string | undefined> {
  return (await signFiles(files)).statement.subject[0]?.digest.sha256;
}

function namesOf({ predicate }: SignedStatement): string[] {
  return predicate.resources.map(({ name }) => name);
}

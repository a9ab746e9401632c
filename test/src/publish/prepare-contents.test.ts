import { createHash, sign } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { toPinnableFile } from "../../../src/metadata/manifest-entry.ts";
import type { Metadata } from "../../../src/metadata/schema.ts";
import { hashModel } from "../../../src/model/hash-model.ts";
import { computeComponentOrderDigest } from "../../../src/model/manifest.ts";
import { signOms } from "../../../src/model/oms/sign-oms.ts";
import { encodePreAuthentication } from "../../../src/base/dsse.ts";
import { pinMetadata } from "../../../src/publish/pin-metadata.ts";
import { type PublishRequest, prepareModel } from "../../../src/publish/prepare-model.ts";
import { LocalStore } from "../../../src/content/stores/local/local-store.ts";
import { verifyModel } from "../../../src/verify/verify-model.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { deployRegistry, recordModel } from "../../helpers/recorded-model.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { type Party, makeCertificate, makeParty } from "../../helpers/x509.ts";

const MIB = 1024 * 1024;
const FILES = { "README.md": "A model.", "model.safetensors": Buffer.alloc(2 * MIB + 1, "w") };

describe("prepareModel", function () {
  const temporary = useTemporaryFolder();
  const deploy = async () => {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    deployed.store.blocks.clear();
    return { ...deployed, modelPath: await temporary.write("model", FILES) };
  };
  const prepare = async (
    { registry, minter }: Pick<Awaited<ReturnType<typeof deployRegistry>>, "registry" | "minter">,
    request: Partial<PublishRequest> & { modelPath: string },
    warnings: string[] = [],
  ) => prepareModel({ statements: {}, ...request }, { registry, signer: minter, warn: (text) => warnings.push(text) });

  describe("with the CID", function () {
    it("records the CID of the files and pins the blocks that link them, not the content", async function () {
      const { modelPath, ...deployed } = await deploy();
      const { built, model } = await prepare(deployed, { modelPath, withCid: true });
      expect(built.metadata.provenance.model).to.deep.equal({
        cid: (await hashModel(modelPath, { withCid: true })).cid,
        profile: "unixfs-v1-2025",
        size: 8 + 2 * MIB + 1,
      });
      const links = built.attachments.find(({ linksOnly }) => linksOnly);
      expect(links?.root.toString()).to.equal(model.cid);
      expect(links?.blocks).to.have.length(2);
      const store = new LocalStore(temporary.path("store"));
      await pinMetadata(built, store);
      for (const { cid } of links?.blocks ?? []) expect(await store.has(cid)).to.equal(true);
    });

    it("changes nothing where it is not asked for", async function () {
      const { modelPath, ...deployed } = await deploy();
      const { built } = await prepare(deployed, { modelPath });
      expect(built.metadata.provenance).not.to.have.any.keys("model", "oms");
      expect(built.attachments).to.have.length(1);
    });
  });

  describe("with an OMS bundle", function () {
    const signer = makeParty("signer");

    async function withBundle(options: { path?: string } = {}) {
      const deployed = await deploy();
      const bundle = await signOms(deployed.modelPath, { privateKeyPem: pemOf(signer) });
      const path = options.path ?? `${deployed.modelPath}/model.sig`;
      await writeFile(path, bundle);
      return { ...deployed, bundle, path };
    }

    it("records the folder's own bundle and the hint of its key", async function () {
      const { modelPath, bundle, ...deployed } = await withBundle();
      const { built } = await prepare(deployed, { modelPath });
      const spki = signer.publicKey.export({ type: "spki", format: "pem" });
      const { keyHint, bundleCid } = built.metadata.provenance.oms ?? {};
      expect(keyHint).to.equal(`0x${createHash("sha256").update(spki).digest("hex")}`);
      const file = built.attachments.find(({ root }) => root.toString() === bundleCid);
      expect(Buffer.concat(file?.blocks.map(({ bytes }) => bytes) ?? []).toString()).to.equal(bundle);
    });

    it("records a bundle that lies elsewhere, and none where that is said", async function () {
      const { modelPath, path, ...deployed } = await withBundle({ path: temporary.path("outside.sig") });
      const { built } = await prepare(deployed, { modelPath, omsBundle: path });
      expect(built.metadata.provenance).to.have.property("oms");
      await writeFile(`${modelPath}/model.sig`, await readFile(path));
      const without = await prepare(deployed, { modelPath, omsBundle: "none" });
      expect(without.built.metadata.provenance).not.to.have.property("oms");
    });

    it("refuses a bundle of other files, found or named", async function () {
      const { modelPath, path, ...deployed } = await withBundle();
      await writeFile(`${modelPath}/README.md`, "Another model.");
      expect(await errorCode(async () => prepare(deployed, { modelPath }))).to.equal("OMS_FILES_DIFFER");
      expect(await errorCode(async () => prepare(deployed, { modelPath, omsBundle: path }))).to.equal(
        "OMS_FILES_DIFFER",
      );
    });

    it("refuses what is named and no bundle, and warns of what is found and broken", async function () {
      const { modelPath, ...deployed } = await deploy();
      const broken = { mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json", dsseEnvelope: {} };
      await writeFile(`${modelPath}/model.sig`, JSON.stringify(broken));
      const warnings: string[] = [];
      const { built } = await prepare(deployed, { modelPath }, warnings);
      expect(built.metadata.provenance).not.to.have.property("oms");
      expect(warnings.join()).to.include("model.sig is not recorded");
      for (const [omsBundle, code] of [
        [`${modelPath}/model.sig`, "OMS_BUNDLE_INVALID"],
        [temporary.path("none.sig"), "OPTION_INVALID"],
        [modelPath, "OPTION_INVALID"],
      ] as const) {
        expect(await errorCode(async () => prepare(deployed, { modelPath, omsBundle })), omsBundle).to.equal(code);
      }
    });

    it("takes the order of OMS's Python client, and the key of a certificate", async function () {
      const deployed = await deploy();
      const modelPath = await temporary.write("ordered", { "a.txt": "1", "a/x": "2", "a-b/x": "3" });
      const root = computeComponentOrderDigest((await hashModel(modelPath)).resources);
      const text = bundleOf(
        ["2", "3", "1"],
        { x509CertificateChain: { certificates: [{ rawBytes: certificateOf(signer) }] } },
        signer,
      );
      await writeFile(`${modelPath}/model.sig`, text);
      const { built } = await prepare(deployed, { modelPath });
      expect(statementOf(text).subject[0]?.digest.sha256).to.equal(root.slice(2));
      const spki = signer.publicKey.export({ type: "spki", format: "pem" });
      expect(built.metadata.provenance.oms?.keyHint).to.equal(`0x${createHash("sha256").update(spki).digest("hex")}`);
      const stranger = bundleOf(
        ["2", "3", "1"],
        { x509CertificateChain: { certificates: [{ rawBytes: certificateOf(makeParty("other")) }] } },
        signer,
      );
      await writeFile(`${modelPath}/model.sig`, stranger);
      expect(await errorCode(async () => prepare(deployed, { modelPath }))).to.equal("OMS_SIGNATURE_INVALID");
    });

    describe("verifyModel", function () {
      const oms = (change: Partial<NonNullable<Metadata["provenance"]["oms"]>>) => ({
        metadata: (original: Metadata) => {
          Object.assign(original.provenance.oms as object, change);
          return original;
        },
      });

      it("checks that bundle, files and key hint fit, also by the CID", async function () {
        const { modelPath, ...deployed } = await withBundle();
        const tokenId = await recordModel(deployed, { modelPath, statements: {}, withCid: true });
        for (const fast of [false, true]) {
          const report = await verifyModel({ modelPath, ...deployed, tokenId, fast });
          expect(report.verdict).to.equal("verified");
          expect(report.checks.filter(({ what, passed }) => passed && what.includes("OMS bundle"))).to.have.length(2);
          expect(report.warnings.join()).to.include("signature was not checked");
        }
      });

      it("refuses a record whose bundle is of another key or of other files", async function () {
        const first = await withBundle();
        await recordModel(
          first,
          { modelPath: first.modelPath, statements: {} },
          oms({ keyHint: `0x${"1".repeat(64)}` }),
        );
        expect(await verifyModel(first)).to.include({ verdict: "mismatch" });
        const second = await withBundle();
        const other = await signOms(await temporary.write("other", { x: "x" }), { privateKeyPem: pemOf(signer) });
        const file = await toPinnableFile(Buffer.from(other));
        file.blocks.forEach((block) => second.store.add(block));
        await recordModel(
          second,
          { modelPath: second.modelPath, statements: {} },
          oms({ bundleCid: file.root.toString() }),
        );
        const report = await verifyModel(second);
        expect(report.verdict).to.equal("mismatch");
        expect(report.reason).to.include("OMS bundle");
      });

      it("refuses what is no bundle, and warns where it cannot be fetched", async function () {
        const first = await withBundle();
        const file = await toPinnableFile(Buffer.from("no bundle"));
        file.blocks.forEach((block) => first.store.add(block));
        await recordModel(
          first,
          { modelPath: first.modelPath, statements: {} },
          oms({ bundleCid: file.root.toString() }),
        );
        expect((await verifyModel(first)).verdict).to.equal("mismatch");
        for (const bundleCid of ["bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4", "aaaaaaaaaaaa"]) {
          const second = await withBundle();
          await recordModel(second, { modelPath: second.modelPath, statements: {} }, oms({ bundleCid }));
          const report = await verifyModel(second);
          expect(report.verdict).to.equal("verified");
          expect(report.warnings.join()).to.include("The OMS bundle was not checked");
        }
      });
    });
  });
});

function pemOf({ privateKey }: Party): string {
  return privateKey.export({ type: "pkcs8", format: "pem" }) as string;
}

function certificateOf(subject: Party): string {
  const [notBefore, notAfter] = [new Date("2026-01-01"), new Date("2027-01-01")];
  return makeCertificate({ subject, issuer: subject, notBefore, notAfter, keyUsage: ["digitalSignature"] }).toString(
    "base64",
  );
}

/** A bundle of files of these contents, in this order. */
function bundleOf(contents: readonly string[], material: object, by: Party): string {
  const names = ["a/x", "a-b/x", "a.txt"];
  const digests = contents.map((content) => createHash("sha256").update(content).digest());
  const payload = Buffer.from(
    JSON.stringify({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "m", digest: { sha256: createHash("sha256").update(Buffer.concat(digests)).digest("hex") } }],
      predicateType: "https://model_signing/signature/v1.0",
      predicate: {
        serialization: { method: "files", hash_type: "sha256", allow_symlinks: false },
        resources: digests.map((digest, i) => ({
          name: names[i],
          algorithm: "sha256",
          digest: digest.toString("hex"),
        })),
      },
    }),
  );
  const sig = sign("sha256", encodePreAuthentication(payload), by.privateKey).toString("base64");
  return JSON.stringify({
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: material,
    dsseEnvelope: {
      payload: payload.toString("base64"),
      payloadType: "application/vnd.in-toto+json",
      signatures: [{ sig }],
    },
  });
}

function statementOf(text: string) {
  const { dsseEnvelope } = JSON.parse(text) as { dsseEnvelope: { payload: string } };
  return JSON.parse(Buffer.from(dsseEnvelope.payload, "base64").toString()) as {
    subject: { digest: { sha256: string } }[];
  };
}

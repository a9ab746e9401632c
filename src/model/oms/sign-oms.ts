import { type KeyObject, type X509Certificate, createPublicKey } from "node:crypto";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { IN_TOTO_PAYLOAD_TYPE, encodePreAuthentication } from "../../base/dsse.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { digestFiles } from "../hashing/digest-files.ts";
import type { ByteProgress } from "../hashing/steps.ts";
import { isClaimFile } from "../claim.ts";
import { CLAIM_NAME } from "../claim-name.ts";
import { OMS_BUNDLE_NAME } from "../oms-bundle-form.ts";
import { compareNames } from "../resource.ts";
import { assertSameFiles } from "../same-files.ts";
import { BUNDLE_MEDIA_TYPE } from "./bundle.ts";
import { assertSigningCertificate, readCertificates } from "./certificate.ts";
import { computeKeyHint, readPrivateKey } from "./ec-key.ts";
import { listOmsFiles } from "./list-oms-files.ts";
import { DEFAULT_IGNORE_PATHS, assertIgnorePath, assertOmsName } from "./oms-path.ts";
import { signDeterministic } from "./sign-deterministic.ts";
import { PREDICATE_TYPE, STATEMENT_TYPE, computeRootDigest } from "./statement.ts";

/** Options of {@link signOms}. */
export interface SignOmsOptions {
  /** EC key on P-256, P-384 or P-521. */
  readonly privateKeyPem: string;
  /** Of the key, where it is encrypted. */
  readonly privateKeyPassword?: string;
  /** Certificate of the key; with it the bundle is of the certificate method. */
  readonly signingCertificatePem?: string;
  /** The authorities above the certificate, the nearest first; a text may hold several. */
  readonly certificateChainPem?: readonly string[];
  /** Relative paths to leave unsigned, each with all below it. */
  readonly ignorePaths?: readonly string[];
  /** Where the bundle will lie in the model, `model.sig` unless given; null: it will lie elsewhere. */
  readonly signatureName?: string | null;
  readonly onBytes?: ByteProgress;
  /** The time at which the certificate must be valid; else now. */
  readonly now?: Date;
}

/**
 * Signs a model as the OpenSSF Model Signing specification v1.0 says: method `files`, SHA-256, no symbolic links.
 * Files named in `ignorePaths`, git's, the bundle itself and our claim are not signed, and the bundle says so.
 *
 * @param modelPath - a file or a folder
 * @returns the bundle as JSON text
 * @throws {ProvenanceError} `OPTION_INVALID` for a key or certificate that OMS does not know or that do not belong
 *   together; `MODEL_EMPTY`; and as {@link listOmsFiles} and {@link digestFiles}
 * @example
 * await writeFile("my-model/model.sig", await signOms("my-model", { privateKeyPem }));
 */
export async function signOms(modelPath: string, options: SignOmsOptions): Promise<string> {
  const privateKey = readPrivateKey(options.privateKeyPem, options.privateKeyPassword);
  const verificationMaterial = buildMaterial(createPublicKey(privateKey), options);
  const payload = Buffer.from(JSON.stringify(await buildStatement(modelPath, options), null, 2));
  const sig = signDeterministic(privateKey, encodePreAuthentication(payload)).toString("base64");
  return JSON.stringify({
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: { ...verificationMaterial, tlogEntries: [] },
    dsseEnvelope: {
      payload: payload.toString("base64"),
      payloadType: IN_TOTO_PAYLOAD_TYPE,
      signatures: [{ sig, keyid: "" }],
    },
  });
}

async function buildStatement(modelPath: string, options: SignOmsOptions) {
  const ignorePaths = await chooseIgnorePaths(modelPath, options);
  const { kind, baseName, files } = await listOmsFiles(modelPath, { ignorePaths });
  if (files.length === 0) {
    throw new ProvenanceError("MODEL_EMPTY", `${modelPath} holds no file to sign. Point at the model's folder.`);
  }
  if (kind === "folder") files.forEach(({ name }) => assertOmsName(name));
  const digests = await digestFiles(files, options.onBytes && { onBytes: options.onBytes });
  assertSameFiles(files, (await listOmsFiles(modelPath, { ignorePaths })).files);
  const resources = digests.map(({ sha256 }, i) => ({
    name: files[i]?.name ?? "",
    algorithm: "sha256",
    digest: sha256,
  }));
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: baseName, digest: { sha256: computeRootDigest(resources) } }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      serialization: { method: "files", hash_type: "sha256", allow_symlinks: false, ignore_paths: ignorePaths },
      resources,
    },
  };
}

async function chooseIgnorePaths(modelPath: string, options: SignOmsOptions): Promise<string[]> {
  const { ignorePaths = [], signatureName = OMS_BUNDLE_NAME } = options;
  const paths = [...DEFAULT_IGNORE_PATHS, ...ignorePaths, ...(signatureName === null ? [] : [signatureName])];
  if (await isFreeForClaim(join(modelPath, CLAIM_NAME))) paths.push(CLAIM_NAME);
  const refuse = (fault: string) => new ProvenanceError("OPTION_INVALID", `The list of paths to ignore ${fault}.`);
  return [...new Set(paths.map((path) => assertIgnorePath(path, refuse)))].sort(compareNames);
}

/** A file of the model that happens to have the claim's name is signed like any other. */
async function isFreeForClaim(path: string): Promise<boolean> {
  const exists = await lstat(path).then(
    () => true,
    () => false,
  );
  return !exists || (await isClaimFile(path));
}

function buildMaterial(publicKey: KeyObject, options: SignOmsOptions) {
  const { signingCertificatePem, certificateChainPem = [] } = options;
  if (signingCertificatePem === undefined) {
    if (certificateChainPem.length === 0) return { publicKey: { hint: computeKeyHint(publicKey) } };
    throw new ProvenanceError("OPTION_INVALID", "A certificate chain was given without the signing certificate.");
  }
  const [leaf, ...rest] = readCertificates([signingCertificatePem], "signing certificate");
  assertSigningCertificate(leaf as X509Certificate, options.now ?? new Date(), "OPTION_INVALID");
  if (!(leaf as X509Certificate).publicKey.equals(publicKey)) {
    throw new ProvenanceError("OPTION_INVALID", "The signing certificate is not the private key's.");
  }
  const chain = [leaf as X509Certificate, ...rest, ...readCertificates(certificateChainPem, "certificate chain")];
  return { x509CertificateChain: { certificates: chain.map(({ raw }) => ({ rawBytes: raw.toString("base64") })) } };
}

import type { KeyObject } from "node:crypto";
import { ProvenanceError } from "../../base/errors.ts";
import type { ByteProgress } from "../hashing/steps.ts";
import { assertSameFiles } from "../same-files.ts";
import { type OmsBundle, parseBundle } from "./bundle.ts";
import { describeCertificate, readCertificates } from "./certificate.ts";
import { verifyCertificateChain } from "./certificate-chain.ts";
import { type OmsDifference, compareFiles } from "./compare-files.ts";
import { isSignedBy } from "./dsse.ts";
import type { EcHash } from "./carried-key.ts";
import { computeKeyHint, hashOfKey, readPublicKey, toVerifyingKey } from "./ec-key.ts";
import { assertHashSupported } from "./hash-range.ts";
import { type SigstorePackages, loadSigstore, verifyKeyless } from "./keyless.ts";
import { listOmsFiles } from "./list-oms-files.ts";
import { assertIgnorePath } from "./oms-path.ts";
import { type OmsStatement, parseStatement } from "./statement.ts";

/** Options of {@link verifyOms}. What is trusted is one of: a key, certificates, a Sigstore root and an identity. */
export interface VerifyOmsOptions {
  readonly publicKeyPem?: string;
  /** Trusted certificates; a text may hold several. */
  readonly certificateChainPem?: readonly string[];
  /** JSON text of Sigstore's `trusted_root.json`. */
  readonly trustedRoot?: string;
  /** Subject alternative name that the keyless signer's certificate must have. */
  readonly identity?: string;
  /** URL of the provider that must have vouched for the identity. */
  readonly identityProvider?: string;
  /** Relative paths that need not be signed, each with all below it, beside those that the bundle names. */
  readonly ignorePaths?: readonly string[];
  /** Accept files that were not signed. */
  readonly ignoreUnsignedFiles?: boolean;
  /** Follow symbolic links also where the signer did not. */
  readonly allowSymlinks?: boolean;
  readonly onBytes?: ByteProgress;
  /** The time at which certificates must be valid; else now. Keyless bundles bring their own. */
  readonly now?: Date;
  /** Gives Sigstore's packages, for keyless bundles; else they are imported. */
  readonly loadSigstore?: () => Promise<SigstorePackages>;
}

/** Who signed a bundle, as far as its method tells. */
export type OmsSigner =
  | { readonly method: "key"; readonly keyHint: string }
  | { readonly method: "certificate"; readonly subject: string; readonly fingerprint256: string }
  | { readonly method: "sigstore"; readonly identity: string; readonly identityProvider: string };

/** A model that is what its bundle says. */
export interface VerifiedOms {
  readonly signer: OmsSigner;
  readonly statement: OmsStatement;
  readonly warnings: readonly string[];
}

/**
 * Verifies a model against an OpenSSF Model Signing bundle: the signature first, then the form of what was signed,
 * then every file. Bundles of all releases of the Python and Go clients are understood.
 *
 * @param bundleText - the bundle as JSON text
 * @throws {ProvenanceError} `OMS_BUNDLE_INVALID`, `OMS_SIGNATURE_INVALID`, `OMS_CERTIFICATE_INVALID`,
 *   `OMS_IDENTITY_MISMATCH`; `OMS_UNSUPPORTED` for files hashed with BLAKE3; `OMS_FILES_DIFFER`, whose cause is the
 *   list of all {@link OmsDifference}s; `OPTION_MISSING`, `OPTION_INVALID`, `OPTIONAL_PACKAGE_MISSING`; and as
 *   {@link listOmsFiles}
 * @see OMS specification v1.0, section 8
 * @example
 * const { signer } = await verifyOms("my-model", await readFile("my-model/model.sig", "utf8"), { publicKeyPem });
 */
export async function verifyOms(
  modelPath: string,
  bundleText: string,
  options: VerifyOmsOptions,
): Promise<VerifiedOms> {
  const verifySignature = await chooseVerifier(options);
  const bundle = parseBundle(bundleText);
  const signer = await verifySignature(bundle);
  const statement = parseStatement(bundle.payload);
  assertHashSupported(statement.hashType);
  const { differences, warnings } = await verifyFiles(modelPath, statement, options);
  if (differences.length > 0) throw filesDiffer(modelPath, differences);
  if (bundle.timestamps > 0 && signer.method !== "sigstore") {
    warnings.push("the bundle's RFC 3161 timestamps were not checked: only those of keyless bundles are");
  }
  if (bundle.material.method === "key" && bundle.material.hint === undefined) {
    warnings.push("the bundle is of a release before 1.1 and does not name its key; sign the model again");
  }
  return { signer, statement, warnings };
}

type SignatureVerifier = (bundle: OmsBundle) => OmsSigner | Promise<OmsSigner>;

/** Reads what is to be trusted, before anything of the bundle is looked at. */
async function chooseVerifier(options: VerifyOmsOptions): Promise<SignatureVerifier> {
  const { publicKeyPem, certificateChainPem, trustedRoot, identity, identityProvider } = options;
  if ([publicKeyPem, certificateChainPem, trustedRoot].filter((trust) => trust !== undefined).length !== 1) {
    throw new ProvenanceError(
      "OPTION_INVALID",
      "Give exactly one of a public key, a certificate chain and a trusted root: whom to trust is not the bundle's to say.",
    );
  }
  if (publicKeyPem !== undefined) {
    const key = readPublicKey(publicKeyPem);
    return async (bundle) => verifyWithKey(bundle, key);
  }
  if (certificateChainPem !== undefined) {
    const trusted = readCertificates(certificateChainPem, "certificate chain");
    if (trusted.length === 0) throw new ProvenanceError("OPTION_INVALID", "The certificate chain is empty.");
    return async (bundle) => verifyWithCertificates(bundle, trusted, options.now ?? new Date());
  }
  if (!identity || !identityProvider) {
    throw new ProvenanceError("OPTION_MISSING", "A trusted root needs the signer's identity and identity provider.");
  }
  const sigstore = await (options.loadSigstore ?? loadSigstore)();
  return (bundle) => {
    assertMethod(bundle, "sigstore");
    const signer = verifyKeyless(bundle, trustedRoot as string, { identity, identityProvider }, sigstore);
    return { method: "sigstore", ...signer };
  };
}

async function verifyWithKey({ material, payload, signature }: OmsBundle, key: KeyObject): Promise<OmsSigner> {
  if (material.method !== "key") throw wrongMethod(material.method, "key");
  const keyHint = computeKeyHint(key);
  if (material.hint !== undefined && material.hint !== keyHint) {
    throw invalidSignature(`names the key ${material.hint}; the key given is ${keyHint}`);
  }
  const hash = hashOfKey(key) as EcHash;
  if (!(await isSignedBy(toVerifyingKey(key), payload, signature, hash, hash))) {
    throw invalidSignature("was not signed by the key given");
  }
  return { method: "key", keyHint };
}

async function verifyWithCertificates(
  { material, payload, signature }: OmsBundle,
  trusted: ReturnType<typeof readCertificates>,
  at: Date,
): Promise<OmsSigner> {
  if (material.method !== "certificate") throw wrongMethod(material.method, "certificate");
  const leaf = verifyCertificateChain(material.certificates, trusted, at);
  // Release 0.2.0 used SHA-256 whatever the curve.
  const { publicKey } = leaf;
  if (!(await isSignedBy(toVerifyingKey(publicKey), payload, signature, hashOfKey(publicKey) as EcHash, "sha256"))) {
    throw invalidSignature("was not signed by its certificate's key");
  }
  return { method: "certificate", subject: describeCertificate(leaf), fingerprint256: leaf.fingerprint256 };
}

function assertMethod({ material }: OmsBundle, expected: OmsSigner["method"]): void {
  if (material.method !== expected) throw wrongMethod(material.method, expected);
}

async function verifyFiles(modelPath: string, statement: OmsStatement, options: VerifyOmsOptions) {
  const { ignorePaths = [], ignoreUnsignedFiles = false, allowSymlinks = false, onBytes } = options;
  const refuse = (fault: string) => new ProvenanceError("OPTION_INVALID", `The list of paths to ignore ${fault}.`);
  const signed = new Set(statement.resources.map(({ path }) => path));
  const listOptions = {
    ignorePaths: [...statement.ignorePaths, ...ignorePaths.map((path) => assertIgnorePath(path, refuse))],
    signed,
    onlySigned: ignoreUnsignedFiles,
    // The signer's word holds; a flag decides only where a bundle says nothing. @see OMS specification v1.0, section 6.1.1
    followSymlinks: statement.allowSymlinks ?? allowSymlinks,
  };
  const listing = await listOmsFiles(modelPath, listOptions);
  // The specification names the one file of a model, Python's client writes ".".
  const isNamed = listing.kind === "file" && !signed.has(".");
  const files = isNamed ? listing.files.map((file) => ({ ...file, name: listing.baseName })) : listing.files;
  const differences = await compareFiles(statement, files, { acceptExtra: ignoreUnsignedFiles, onBytes });
  assertSameFiles(listing.files, (await listOmsFiles(modelPath, listOptions)).files);
  const unused =
    "symbolic links are not followed, whatever is asked for: the bundle says that the signer followed none";
  const warnings = allowSymlinks && statement.allowSymlinks === false ? [unused] : [];
  return { differences, warnings: [...listing.warnings, ...warnings] };
}

const SHOWN = 10;

function filesDiffer(modelPath: string, differences: readonly OmsDifference[]): ProvenanceError {
  const shown = differences.slice(0, SHOWN).map(describeDifference);
  if (differences.length > SHOWN) shown.push(`and ${differences.length - SHOWN} more`);
  return new ProvenanceError("OMS_FILES_DIFFER", `${modelPath} is not what was signed: ${shown.join("; ")}.`, {
    cause: differences,
  });
}

function describeDifference({ name, status, expected, actual }: OmsDifference): string {
  if (status === "extra") return `${name} was not signed`;
  if (status === "missing") return `${name} is missing (expected ${expected})`;
  return `${name} changed (expected ${expected}, actual ${actual})`;
}

function wrongMethod(actual: string, expected: string): ProvenanceError {
  return invalidSignature(`was signed by the method ${actual}, and what to trust was given for the method ${expected}`);
}

function invalidSignature(fault: string): ProvenanceError {
  return new ProvenanceError("OMS_SIGNATURE_INVALID", `The bundle ${fault}.`);
}

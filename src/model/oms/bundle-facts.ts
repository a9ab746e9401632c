import { Buffer } from "buffer";
import type { Hex } from "../../base/hex.ts";
import { type OmsBundle, type VerificationMaterial, parseBundle } from "./bundle.ts";
import { decodePem, hintOfPublicKey, importPublicKey, publicKeyOfCertificate } from "./carried-key.ts";
import { isSignedBy } from "./dsse.ts";
import { type OmsStatement, parseStatement } from "./statement.ts";

/** What a bundle says of itself. Whether the key is to be trusted is another question. */
export interface BundleFacts {
  /** How it was signed. */
  readonly method: VerificationMaterial["method"];
  readonly statement: OmsStatement;
  /** The root digest of the files it signs; undefined in bundles of release 0.2.0, which state none. */
  readonly rootDigest: Hex | undefined;
  /** SHA-256 of the PEM of the signer's public key; undefined where the bundle neither names nor carries one. */
  readonly keyHint: Hex | undefined;
  /** Whether the signature is of the key that the bundle carries; undefined where it only names it. */
  readonly signed: boolean | undefined;
}

/** The key in the parts of a bundle that older clients wrote or that parsing leaves out. */
interface KeyParts {
  readonly verificationMaterial?: {
    readonly publicKey?: { readonly rawBytes?: string };
    readonly certificate?: { readonly rawBytes?: string };
  };
}

const KEY_HINT = /^[0-9a-f]{64}$/;

/**
 * Reads what a bundle says: of which files it is, and of whose key.
 *
 * @param text - the bundle as JSON text
 * @throws {ProvenanceError} `OMS_BUNDLE_INVALID`
 */
export async function readBundleFacts(text: string): Promise<BundleFacts> {
  const bundle = parseBundle(text);
  const statement = parseStatement(bundle.payload);
  const { rootDigest } = statement;
  const key = carriedKey(bundle);
  const hint = bundle.material.method === "key" ? bundle.material.hint : undefined;
  const actual = key && hintOfPublicKey(key);
  return {
    method: bundle.material.method,
    statement,
    rootDigest: rootDigest === undefined ? undefined : `0x${rootDigest}`,
    keyHint: actual ? `0x${actual}` : hint !== undefined && KEY_HINT.test(hint) ? `0x${hint}` : undefined,
    signed: key && (hint === undefined || hint === actual) && (await isSignedByCarried(bundle, key)),
  };
}

/** @returns undefined where the key cannot be read */
async function isSignedByCarried(
  { material, payload, signature }: OmsBundle,
  spki: Uint8Array,
): Promise<boolean | undefined> {
  const imported = await importPublicKey(spki).catch((error: unknown) => {
    if (error instanceof RangeError) return error;
    throw error;
  });
  if (imported === undefined) return false;
  if (imported instanceof RangeError) return undefined;
  const { key, hash } = imported;
  // Release 0.2.0 used SHA-256 with certificates of any curve.
  return isSignedBy(key, payload, signature, hash, material.method === "key" ? hash : "sha256");
}

/** The key of the signer's certificate, or the one that clients before 1.1 wrote instead of its hint, in DER. */
function carriedKey({ material, json }: OmsBundle): Uint8Array | undefined {
  const { publicKey, certificate } = (json as KeyParts).verificationMaterial ?? {};
  try {
    switch (material.method) {
      case "key":
        return decodePem(Buffer.from(publicKey?.rawBytes ?? "", "base64").toString("latin1"), "PUBLIC KEY");
      case "certificate":
        return publicKeyOfCertificate(material.certificates[0] as Buffer);
      case "sigstore":
        return publicKeyOfCertificate(Buffer.from(certificate?.rawBytes ?? "", "base64"));
    }
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

import { type KeyObject, X509Certificate, createPublicKey } from "node:crypto";
import type { Hex } from "../../base/hex.ts";
import { type OmsBundle, parseBundle } from "./bundle.ts";
import { isSignedBy } from "./dsse.ts";
import { computeKeyHint, hashOfKey } from "./ec-key.ts";
import { parseStatement } from "./statement.ts";

/** What a bundle says of itself. Whether the key is to be trusted is another question. */
export interface BundleFacts {
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
export function readBundleFacts(text: string): BundleFacts {
  const bundle = parseBundle(text);
  const { rootDigest } = parseStatement(bundle.payload);
  const key = carriedKey(bundle);
  const hint = bundle.material.method === "key" ? bundle.material.hint : undefined;
  return {
    rootDigest: rootDigest === undefined ? undefined : `0x${rootDigest}`,
    keyHint: key ? `0x${computeKeyHint(key)}` : hint !== undefined && KEY_HINT.test(hint) ? `0x${hint}` : undefined,
    signed: key && (hint === undefined || hint === computeKeyHint(key)) && isSignedByCarried(bundle, key),
  };
}

function isSignedByCarried({ material, payload, signature }: OmsBundle, key: KeyObject): boolean {
  const hash = hashOfKey(key);
  // Release 0.2.0 used SHA-256 with certificates of any curve.
  return hash !== undefined && isSignedBy(key, payload, signature, hash, material.method === "key" ? hash : "sha256");
}

/** The key of the signer's certificate, or the one that clients before 1.1 wrote instead of its hint. */
function carriedKey({ material, json }: OmsBundle): KeyObject | undefined {
  const { publicKey, certificate } = (json as KeyParts).verificationMaterial ?? {};
  const read = (): KeyObject | undefined => {
    switch (material.method) {
      case "key":
        return publicKey?.rawBytes === undefined
          ? undefined
          : createPublicKey(Buffer.from(publicKey.rawBytes, "base64").toString("latin1"));
      case "certificate":
        return new X509Certificate(material.certificates[0] as Buffer).publicKey;
      case "sigstore":
        return new X509Certificate(Buffer.from(certificate?.rawBytes ?? "", "base64")).publicKey;
    }
  };
  try {
    return read();
  } catch {
    return undefined;
  }
}

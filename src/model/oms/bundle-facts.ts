import type { Hex } from "../../base/hex.ts";
import { fromBase64 } from "../../base/bytes.ts";
import { type OmsBundle, parseBundle } from "./bundle.ts";
import { hintOfSpki, isSignedBySpki, isUsableSpki, spkiOfCertificate, spkiOfPem } from "./spki.ts";
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
export async function readBundleFacts(text: string): Promise<BundleFacts> {
  const bundle = parseBundle(text);
  const { rootDigest } = parseStatement(bundle.payload);
  const carried = carriedKey(bundle);
  const key = carried !== undefined && (await isUsableSpki(carried)) ? carried : undefined;
  const hint = bundle.material.method === "key" ? bundle.material.hint : undefined;
  const isNamed = key !== undefined && (hint === undefined || hint === hintOfSpki(key));
  return {
    rootDigest: rootDigest === undefined ? undefined : `0x${rootDigest}`,
    keyHint: key ? `0x${hintOfSpki(key)}` : hint !== undefined && KEY_HINT.test(hint) ? `0x${hint}` : undefined,
    signed: key && isNamed && (await isSignedBySpki(key, bundle, bundle.material.method !== "key")),
  };
}

/** The key of the signer's certificate, or the one that clients before 1.1 wrote instead of its hint. */
function carriedKey({ material, json }: OmsBundle): Uint8Array | undefined {
  const { publicKey, certificate } = (json as KeyParts).verificationMaterial ?? {};
  try {
    switch (material.method) {
      case "key":
        return spkiOfPem(new TextDecoder().decode(fromBase64(publicKey?.rawBytes ?? "")));
      case "certificate":
        return spkiOfCertificate(material.certificates[0] as Uint8Array);
      case "sigstore":
        return spkiOfCertificate(fromBase64(certificate?.rawBytes ?? ""));
    }
  } catch {
    return undefined;
  }
}

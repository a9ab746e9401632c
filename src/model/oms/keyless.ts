import { type KeyObject, verify } from "node:crypto";
import { encodePreAuthentication } from "../../base/dsse.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { loadOptional } from "../../base/optional-package.ts";
import type { OmsBundle } from "./bundle.ts";
import { hashOfKey } from "./ec-key.ts";

/** Who must have signed: the certificate's subject alternative name, and the issuer that vouched for it. */
export interface KeylessIdentity {
  readonly identity: string;
  readonly identityProvider: string;
}

/** The parts of Sigstore's packages that are used here; written down so that the library builds without them. */
export interface SigstorePackages {
  readonly bundleFromJSON: (json: unknown) => unknown;
  readonly TrustedRoot: { readonly fromJSON: (json: unknown) => unknown };
  readonly toTrustMaterial: (root: unknown) => unknown;
  readonly toSignedEntity: (bundle: unknown) => { readonly signature: object };
  readonly Verifier: new (trust: unknown) => { readonly verify: (entity: unknown) => KeylessSigner };
}

interface KeylessSigner {
  readonly identity?: { readonly subjectAlternativeName?: string; readonly extensions?: { readonly issuer?: string } };
}

const PACKAGES = ["@sigstore/bundle", "@sigstore/protobuf-specs", "@sigstore/verify"];
// As strings, so that the type checker does not look for packages that need not be there; a bundler sees what they are.
const LOADERS = [
  async () => import("@sigstore/bundle"),
  async () => import("@sigstore/protobuf-specs"),
  async () => import("@sigstore/verify"),
] as readonly (() => Promise<object>)[];

/**
 * Loads Sigstore's packages, which are installed only where keyless bundles are verified.
 *
 * @throws {ProvenanceError} `OPTIONAL_PACKAGE_MISSING`
 */
export async function loadSigstore(): Promise<SigstorePackages> {
  const load = async () => Promise.all(LOADERS.map(async (loader) => loader()));
  const modules = await loadOptional(load, "Keyless bundles are verified with Sigstore's own packages", ...PACKAGES);
  return Object.assign({}, ...modules) as SigstorePackages;
}

/**
 * Verifies the signature of a keyless bundle without a network: the certificate leads to an authority of the
 * trusted root and stands in its certificate log, the signature stands in its transparency log, was made while the
 * certificate was valid, and is of the identity expected.
 *
 * @param bundle - what was parsed of the bundle
 * @param trustedRoot - JSON text of Sigstore's `trusted_root.json`, or of a client's trust configuration around one
 * @throws {ProvenanceError} `OPTION_INVALID` for a broken trusted root, `OMS_SIGNATURE_INVALID`, `OMS_IDENTITY_MISMATCH`
 * @see OMS specification v1.0, section 8.2, method sigstore
 */
export function verifyKeyless(
  bundle: Pick<OmsBundle, "json" | "payload" | "signature">,
  trustedRoot: string,
  expected: KeylessIdentity,
  sigstore: SigstorePackages,
): KeylessIdentity {
  const verifier = new sigstore.Verifier(readTrustedRoot(trustedRoot, sigstore));
  let signer: KeylessSigner;
  try {
    const entity = sigstore.toSignedEntity(sigstore.bundleFromJSON(bundle.json));
    signer = verifier.verify({ ...entity, signature: knowingCurves(entity.signature, bundle) });
  } catch (cause) {
    throw new ProvenanceError(
      "OMS_SIGNATURE_INVALID",
      `The bundle's keyless signature does not hold (${(cause as Error).message}).`,
      { cause },
    );
  }
  // Compared here and exactly: the package would take the identity for a regular expression.
  const identity = signer.identity?.subjectAlternativeName ?? "";
  const identityProvider = signer.identity?.extensions?.issuer ?? "";
  if (identity !== expected.identity || identityProvider !== expected.identityProvider) {
    throw new ProvenanceError(
      "OMS_IDENTITY_MISMATCH",
      `The bundle was signed by ${JSON.stringify(identity)} (${JSON.stringify(identityProvider)}), ` +
        `not by ${JSON.stringify(expected.identity)} (${JSON.stringify(expected.identityProvider)}).`,
    );
  }
  return { identity, identityProvider };
}

/**
 * Lets the package's signature be verified with the hash that goes with the key's curve. It takes SHA-256 for every key, as
 * Sigstore's Python client does; what that verifies holds here too.
 */
function knowingCurves(
  signature: object,
  { payload, signature: bytes }: Pick<OmsBundle, "payload" | "signature">,
): object {
  const isSigned = (key: KeyObject) => {
    const hashes = new Set([hashOfKey(key) ?? "sha256", "sha256"]);
    return [...hashes].some((hash) => verify(hash, encodePreAuthentication(payload), key, bytes));
  };
  return Object.assign(Object.create(signature) as object, { verifySignature: isSigned });
}

function readTrustedRoot(text: string, sigstore: SigstorePackages): unknown {
  try {
    const json = JSON.parse(text) as { trustedRoot?: unknown };
    return sigstore.toTrustMaterial(sigstore.TrustedRoot.fromJSON(json.trustedRoot ?? json));
  } catch (cause) {
    throw new ProvenanceError("OPTION_INVALID", `The trusted root cannot be read (${(cause as Error).message}).`, {
      cause,
    });
  }
}

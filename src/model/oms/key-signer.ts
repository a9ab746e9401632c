import { createPublicKey } from "node:crypto";
import { computeKeyHint, readPrivateKey } from "./ec-key.ts";
import { signDeterministic } from "./sign-deterministic.ts";

/** A key that signs: the same signature for the same bytes every time. */
export interface KeySigner {
  /** How JOSE calls it: ES256, ES384, ES512. */
  readonly algorithm: string;
  /** SHA-256 of the public key's PEM, as 64 hex digits: as OMS names keys. */
  readonly keyId: string;
  readonly sign: (bytes: Uint8Array, encoding: "der" | "raw") => Uint8Array;
}

const ALGORITHMS: Readonly<Record<string, string>> = { prime256v1: "ES256", secp384r1: "ES384", secp521r1: "ES512" };

/** Opens an EC key from PEM for signing. Errors as {@link readPrivateKey}. */
export function openKeySigner(pem: string, password?: string): KeySigner {
  const key = readPrivateKey(pem, password);
  return {
    algorithm: ALGORITHMS[key.asymmetricKeyDetails?.namedCurve ?? ""] as string,
    keyId: computeKeyHint(createPublicKey(key)),
    sign: (bytes, encoding) => signDeterministic(key, bytes, encoding),
  };
}

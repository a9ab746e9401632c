import { type KeyObject, createPublicKey, sign } from "node:crypto";
import { toMultikey } from "../../base/multikey.ts";
import { computeKeyHint, readSigningKey } from "./ec-key.ts";
import { signDeterministic } from "./sign-deterministic.ts";

/** A key that signs: the same signature for the same bytes every time. */
export interface KeySigner {
  /** How JOSE calls it: ES256, ES384, ES512, EdDSA. */
  readonly algorithm: string;
  /** SHA-256 of the public key's PEM, as 64 hex digits: as OMS names keys. */
  readonly keyId: string;
  /** The public key as W3C's Multikey has it: what follows `did:key:`. */
  readonly multikey: string;
  /** @returns of an EC key DER where `encoding` is "der", else r and s one after the other */
  readonly sign: (bytes: Uint8Array, encoding: "der" | "raw") => Uint8Array;
}

const ALGORITHMS: Readonly<Record<string, string>> = { prime256v1: "ES256", secp384r1: "ES384", secp521r1: "ES512" };

/** Opens a key from PEM for signing: EC, or Ed25519. Errors as {@link readSigningKey}. */
export function openKeySigner(pem: string, password?: string): KeySigner {
  const key = readSigningKey(pem, password);
  const publicKey = createPublicKey(key);
  const isEd25519 = key.asymmetricKeyType === "ed25519";
  return {
    algorithm: isEd25519 ? "EdDSA" : (ALGORITHMS[key.asymmetricKeyDetails?.namedCurve ?? ""] as string),
    keyId: computeKeyHint(publicKey),
    multikey: toMultikey(publicKey.export({ format: "jwk" }) as PublicJwk),
    sign: isEd25519 ? (bytes) => signEd25519(key, bytes) : (bytes, encoding) => signDeterministic(key, bytes, encoding),
  };
}

type PublicJwk = Parameters<typeof toMultikey>[0];

function signEd25519(key: KeyObject, bytes: Uint8Array): Uint8Array {
  return sign(null, bytes, key);
}

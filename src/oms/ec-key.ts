import { type KeyObject, createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { ProvenanceError } from "../errors.ts";

const HASH_BY_CURVE: Readonly<Record<string, string>> = {
  prime256v1: "sha256",
  secp384r1: "sha384",
  secp521r1: "sha512",
};

/**
 * The hash that goes with a key's curve, undefined where OMS does not know the kind of key.
 *
 * @see OMS algorithm registry, "Signing Key Types"
 */
export function hashOfKey(key: KeyObject): string | undefined {
  return key.asymmetricKeyType === "ec" ? HASH_BY_CURVE[key.asymmetricKeyDetails?.namedCurve ?? ""] : undefined;
}

/**
 * Reads a private key from PEM.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` if it is none, is encrypted, or is of a kind that OMS does not know
 */
export function readPrivateKey(pem: string): KeyObject {
  return readKey("private key", () => createPrivateKey(pem));
}

/** Reads a public key from PEM. Errors as {@link readPrivateKey}. */
export function readPublicKey(pem: string): KeyObject {
  return readKey("public key", () => {
    // createPublicKey would also take a private key or a certificate, which somebody gave by mistake.
    if (!/-----BEGIN PUBLIC KEY-----/.test(pem)) throw new TypeError('no "-----BEGIN PUBLIC KEY-----" line');
    return createPublicKey(pem);
  });
}

/** The hint by which a bundle names its key: SHA-256 of the public key's PEM, as 64 hex digits. */
export function computeKeyHint(publicKey: KeyObject): string {
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "pem" }))
    .digest("hex");
}

function readKey(what: string, read: () => KeyObject): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch (cause) {
    throw new ProvenanceError(
      "OPTION_INVALID",
      `The ${what} cannot be read (${(cause as Error).message}). It takes an unencrypted PEM file.`,
      { cause },
    );
  }
  if (hashOfKey(key) === undefined) {
    const kind = [key.asymmetricKeyType, key.asymmetricKeyDetails?.namedCurve].filter(Boolean).join(" ");
    throw new ProvenanceError(
      "OPTION_INVALID",
      `OMS does not know ${kind} keys: the ${what} must lie on P-256, P-384 or P-521.`,
    );
  }
  return key;
}

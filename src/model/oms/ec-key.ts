import { type KeyObject, createPrivateKey, createPublicKey } from "node:crypto";
import { ProvenanceError } from "../../base/errors.ts";
import { type EcHash, type VerifyingKey, hintOfPublicKey } from "./carried-key.ts";

// PKCS#8, and what OpenSSL wrote before.
const ENCRYPTED = /^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m;
const CURVES: Readonly<Record<string, { readonly namedCurve: string; readonly hash: EcHash }>> = {
  prime256v1: { namedCurve: "P-256", hash: "sha256" },
  secp384r1: { namedCurve: "P-384", hash: "sha384" },
  secp521r1: { namedCurve: "P-521", hash: "sha512" },
};

/**
 * The hash that goes with a key's curve, undefined where OMS does not know the kind of key.
 *
 * @see OMS algorithm registry, "Signing Key Types"
 */
export function hashOfKey(key: KeyObject): EcHash | undefined {
  return curveOf(key)?.hash;
}

/** A public key on a curve of OMS as WebCrypto has it. @throws {TypeError} for another */
export function toVerifyingKey(key: KeyObject): VerifyingKey {
  const namedCurve = curveOf(key)?.namedCurve;
  if (namedCurve === undefined) throw new TypeError("The key is on no curve of OMS.");
  return key.toCryptoKey({ name: "ECDSA", namedCurve }, true, ["verify"]);
}

function curveOf(key: KeyObject) {
  return key.asymmetricKeyType === "ec" ? CURVES[key.asymmetricKeyDetails?.namedCurve ?? ""] : undefined;
}

/**
 * Reads a private key from PEM.
 *
 * @param password - of an encrypted key; of others it is not looked at
 * @throws {ProvenanceError} `OPTION_MISSING` if it is encrypted and there is no password; `OPTION_INVALID` if the password
 *   is wrong, or the key is none, or of a kind that OMS does not know
 */
export function readPrivateKey(pem: string, password?: string): KeyObject {
  return readSecretKey(pem, password, assertKnownCurve);
}

/** Reads a private key that signs other things than OMS bundles: it may be an Ed25519 key. Errors as {@link readPrivateKey}. */
export function readSigningKey(pem: string, password?: string): KeyObject {
  return readSecretKey(pem, password, (what, key) => {
    return key.asymmetricKeyType === "ed25519" ? key : assertKnownCurve(what, key, "P-256, P-384, P-521 or Ed25519");
  });
}

type AssertKind = (what: string, key: KeyObject) => KeyObject;

function readSecretKey(pem: string, password: string | undefined, assertKind: AssertKind): KeyObject {
  if (!ENCRYPTED.test(pem)) return readKey("private key", () => createPrivateKey(pem), assertKind);
  if (password === undefined) {
    const text = "The private key is encrypted: set OMS_PRIVATE_KEY_PASSWORD to its password.";
    throw new ProvenanceError("OPTION_MISSING", text);
  }
  try {
    return assertKind("private key", createPrivateKey({ key: pem, passphrase: password }));
  } catch (cause) {
    if (cause instanceof ProvenanceError) throw cause;
    // What went wrong differs by cipher and version, and tells nothing more.
    throw new ProvenanceError(
      "OPTION_INVALID",
      "The private key cannot be decrypted: OMS_PRIVATE_KEY_PASSWORD is not its password, or the file is damaged.",
      { cause },
    );
  }
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
  return hintOfPublicKey(publicKey.export({ type: "spki", format: "der" }));
}

function readKey(what: string, read: () => KeyObject, assertKind: AssertKind = assertKnownCurve): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch (cause) {
    throw new ProvenanceError(
      "OPTION_INVALID",
      `The ${what} cannot be read (${(cause as Error).message}). It takes a PEM file.`,
      { cause },
    );
  }
  return assertKind(what, key);
}

function assertKnownCurve(what: string, key: KeyObject, known = "P-256, P-384 or P-521"): KeyObject {
  if (hashOfKey(key) === undefined) {
    const kind = [key.asymmetricKeyType, key.asymmetricKeyDetails?.namedCurve].filter(Boolean).join(" ");
    throw new ProvenanceError("OPTION_INVALID", `${kind} keys are not known here: the ${what} must lie on ${known}.`);
  }
  return key;
}

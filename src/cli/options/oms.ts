import { list, secret, text, toggle } from "../../base/option.ts";

/** Signatures of OpenSSF Model Signing. */
export const OMS_OPTIONS = {
  privateKey: text("private-key", "OMS_PRIVATE_KEY", "file with the EC private key (PEM) that signs"),
  privateKeyPassword: secret(
    "private-key-password",
    "OMS_PRIVATE_KEY_PASSWORD",
    "password of that key, where it is encrypted",
  ),
  signingCertificate: text(
    "signing-certificate",
    "OMS_SIGNING_CERTIFICATE",
    "file with the certificate of that key (PEM)",
  ),
  certificateChain: list("certificate-chain", "OMS_CERTIFICATE_CHAIN", "files with certificates of authorities (PEM)"),
  signature: text("signature", "OMS_SIGNATURE", "the bundle: where it goes, or where it is"),
  publicKey: text("public-key", "OMS_PUBLIC_KEY", "file with the public key (PEM) that is trusted"),
  trustedRoot: text("trusted-root", "OMS_TRUSTED_ROOT", "file with the trusted root of a Sigstore instance (JSON)"),
  identity: text("identity", "OMS_IDENTITY", "who must have signed: the certificate's subject alternative name"),
  identityProvider: text(
    "identity-provider",
    "OMS_IDENTITY_PROVIDER",
    "who must have vouched for that identity: a URL",
  ),
  ignoreUnsignedFiles: toggle(
    "ignore-unsigned-files",
    "OMS_IGNORE_UNSIGNED_FILES",
    "let files pass that were not signed",
  ),
  allowSymlinks: toggle(
    "allow-symlinks",
    "OMS_ALLOW_SYMLINKS",
    "follow symbolic links where the bundle does not say whether its signer did",
  ),
} as const;

import { type KeyObject, createHash, generateKeyPairSync, sign } from "node:crypto";

/** A model, a bundle, and what verifying the one against the other must give. */
export interface OmsVector {
  readonly description: string;
  /** Text of each file; the only key "" makes the model a single file named `model.bin`. */
  readonly files: Readonly<Record<string, string>>;
  /** Targets of symbolic links. */
  readonly links?: Readonly<Record<string, string>>;
  readonly bundle: unknown;
  readonly publicKeyPem?: string;
  readonly certificateChainPem?: readonly string[];
  /** When certificates are looked at. */
  readonly now?: string;
  readonly ignorePaths?: readonly string[];
  readonly ignoreUnsignedFiles?: boolean;
  readonly allowSymlinks?: boolean;
  /** "verified", or the code of the error. */
  readonly expected: string;
}

export const FILES = { "config.json": "{}", "weights/model.bin": "weights" };

const CURVES = { "P-256": "sha256", "P-384": "sha384", "P-521": "sha512", secp256k1: "sha256" };
const TYPE = "application/vnd.in-toto+json";

export interface Signer {
  readonly privateKey: KeyObject;
  readonly publicKeyPem: string;
  readonly hint: string;
  readonly hash: string;
}

export function makeSigner(curve: keyof typeof CURVES = "P-256"): Signer {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: curve });
  const publicKeyPem = publicKey.export({ type: "spki", format: "pem" }) as string;
  return { privateKey, publicKeyPem, hint: sha256(publicKeyPem), hash: CURVES[curve] };
}

export function sha256(text: string | Buffer): string {
  return createHash("sha256").update(text).digest("hex");
}

export function rootOf(resources: readonly { readonly digest: string }[]): string {
  return sha256(Buffer.concat(resources.map(({ digest }) => Buffer.from(digest, "hex"))));
}

export type Resource = { name: string; algorithm: string; digest: string };

export function resourcesOf(files: Readonly<Record<string, string>>): Resource[] {
  return Object.entries(files).map(([name, text]) => ({ name, algorithm: "sha256", digest: sha256(text) }));
}

/** The statement over some resources, as the current clients write it. */
export function statementOf(resources: readonly Resource[], serialization: object = {}) {
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "model", digest: { sha256: rootOf(resources) } }] as object[],
    predicateType: "https://model_signing/signature/v1.0",
    predicate: {
      serialization: { method: "files", hash_type: "sha256", allow_symlinks: false, ...serialization } as object,
      resources: resources as object[],
    } as object,
  };
}

/** The encoding that is signed; the legacy one prints bytes as Python does, here without any that it would escape. */
export function encode(payload: string, legacy = false): Buffer {
  const shown = legacy ? `b'${payload.replaceAll("\n", "\\n")}'` : payload;
  return Buffer.from(`${legacy ? "DSSEV1" : "DSSEv1"} ${TYPE.length} ${TYPE} ${Buffer.byteLength(payload)} ${shown}`);
}

export interface BundleOptions {
  readonly material?: object;
  readonly legacy?: boolean;
  readonly hash?: string;
}

/** Signs a statement, or a text, in the shape of the Python client. */
export function bundleOf(signer: Signer, statement: object | string, options: BundleOptions = {}) {
  const payload = typeof statement === "string" ? statement : JSON.stringify(statement, null, 2);
  const signature = sign(options.hash ?? signer.hash, encode(payload, options.legacy), signer.privateKey);
  return {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: options.material ?? { publicKey: { hint: signer.hint }, tlogEntries: [] },
    dsseEnvelope: {
      payload: Buffer.from(payload).toString("base64"),
      payloadType: TYPE,
      signatures: [{ sig: signature.toString("base64"), keyid: "" as string | null }],
    },
  };
}

import { createHash, generateKeyPairSync } from "node:crypto";
import { type SignOmsOptions, signOms } from "../../src/model/oms/sign-oms.ts";
import { type ModelFiles, makeModel } from "./model-folder.ts";

/** The statement of a signed bundle, as far as tests read it. */
export interface SignedStatement {
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicate: {
    readonly serialization: { readonly ignore_paths: readonly string[] };
    readonly resources: readonly { readonly name: string }[];
  };
}

/** A signed bundle, as far as tests read it. */
export interface SignedBundle {
  readonly dsseEnvelope: { readonly payload: string; readonly signatures: readonly { readonly sig: string }[] };
}

/** Signs a model of these files with a new key. */
export async function signFiles(files: ModelFiles, options: Partial<SignOmsOptions> = {}) {
  const { privateKeyPem, publicKeyPem } = makeKeys();
  const bundle = JSON.parse(await signOms(await makeModel(files), { privateKeyPem, ...options })) as SignedBundle;
  const statement = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, "base64").toString()) as SignedStatement;
  return { bundle, statement, publicKeyPem };
}

/** A new key on a curve, and its public part. */
export function makeKeys(namedCurve = "P-256") {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve });
  return {
    privateKeyPem: exportPrivate(privateKey),
    publicKeyPem: publicKey.export({ type: "spki", format: "pem" }) as string,
  };
}

/** A private key as PEM. */
export function exportPrivate(key: ReturnType<typeof generateKeyPairSync>["privateKey"]): string {
  return key.export({ type: "pkcs8", format: "pem" }) as string;
}

/** SHA-256 of a text, in hex digits. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

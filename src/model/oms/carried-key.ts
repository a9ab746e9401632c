import { Buffer } from "buffer";
import { sha256, toDigits, toUtf8 } from "../../base/bytes.ts";
import { readDer } from "./der.ts";

/** A key that verifies, as WebCrypto has it. */
export type VerifyingKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** A public key on a curve of OMS, and the hash that goes with it. */
export interface EcKey {
  readonly key: VerifyingKey;
  readonly hash: EcHash;
}

/** The hashes that go with the curves of OMS. @see OMS algorithm registry, "Signing Key Types" */
export type EcHash = "sha256" | "sha384" | "sha512";

const EC_KEY = "2a8648ce3d0201";
const CURVES: Readonly<Record<string, { readonly namedCurve: string; readonly hash: EcHash }>> = {
  "2a8648ce3d030107": { namedCurve: "P-256", hash: "sha256" },
  "2b81040022": { namedCurve: "P-384", hash: "sha384" },
  "2b81040023": { namedCurve: "P-521", hash: "sha512" },
};
const [TAG_SEQUENCE, TAG_VERSION] = [0x30, 0xa0];
/** Of the fields of a certificate's body, behind its version. @see RFC 5280, section 4.1 */
const PUBLIC_KEY_FIELD = 5;

/** The bytes of a PEM text. @param label - what it holds: "PUBLIC KEY"; undefined where it holds none */
export function decodePem(text: string, label: string): Buffer | undefined {
  const [, base64] = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`).exec(text) ?? [];
  return base64 === undefined ? undefined : Buffer.from(base64, "base64");
}

/**
 * Finds the public key in a certificate: its SubjectPublicKeyInfo in DER. Nothing else of the certificate is looked at.
 *
 * @param bytes - DER, or PEM
 * @throws {RangeError} if its DER is broken
 */
export function publicKeyOfCertificate(bytes: Buffer): Buffer | undefined {
  const der = decodePem(bytes.toString("latin1"), "CERTIFICATE") ?? bytes;
  const [certificate] = readDer(der);
  const [body] = readDer(certificate?.content ?? Buffer.alloc(0));
  const fields = readDer(body?.content ?? Buffer.alloc(0));
  return fields[PUBLIC_KEY_FIELD + (fields[0]?.tag === TAG_VERSION ? 1 : 0)]?.raw;
}

/** The hint by which a bundle names its key: SHA-256 of the PEM of a SubjectPublicKeyInfo, as 64 hex digits. */
export function hintOfPublicKey(spki: Uint8Array): string {
  const lines =
    Buffer.from(spki)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return toDigits(sha256(toUtf8(`-----BEGIN PUBLIC KEY-----\n${lines.join("\n")}\n-----END PUBLIC KEY-----\n`)));
}

/**
 * Makes a SubjectPublicKeyInfo a key that verifies; undefined where OMS does not know the kind of key.
 *
 * @throws {RangeError} if its DER is broken, or its point is none that WebCrypto takes
 */
export async function importPublicKey(spki: Uint8Array): Promise<EcKey | undefined> {
  const [info, ...rest] = readDer(Buffer.from(spki));
  if (info?.tag !== TAG_SEQUENCE || rest.length > 0) return undefined;
  const [kind, curve] = readDer(readDer(info.content)[0]?.content ?? Buffer.alloc(0));
  const known = CURVES[curve?.content.toString("hex") ?? ""];
  if (kind?.content.toString("hex") !== EC_KEY || known === undefined) return undefined;
  const { namedCurve, hash } = known;
  const importing = crypto.subtle.importKey("spki", Uint8Array.from(spki), { name: "ECDSA", namedCurve }, true, [
    "verify",
  ]);
  return importing.then(
    (key) => ({ key, hash }),
    (cause: unknown) => {
      throw new RangeError(`The public key is no point on ${namedCurve}.`, { cause });
    },
  );
}

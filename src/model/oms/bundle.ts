import { Buffer } from "buffer";
import { z } from "zod";
import { IN_TOTO_PAYLOAD_TYPE } from "../../base/dsse.ts";
import { ProvenanceError } from "../../base/errors.ts";

/** How an OMS bundle was signed, and what it carries for checking that. */
export type VerificationMaterial =
  | { readonly method: "key"; /** Absent in bundles of clients before 1.1. */ readonly hint: string | undefined }
  | { readonly method: "certificate"; /** DER, the signer's first. */ readonly certificates: readonly Buffer[] }
  | { readonly method: "sigstore" };

/** An OMS bundle taken apart. Nothing in it is trusted before its signature was checked. */
export interface OmsBundle {
  readonly material: VerificationMaterial;
  readonly payload: Buffer;
  /** ECDSA signature in DER. */
  readonly signature: Buffer;
  /** How many RFC 3161 timestamps it carries. */
  readonly timestamps: number;
  /** The whole as parsed JSON. */
  readonly json: object;
}

/** What Sigstore calls the format that we write. */
export const BUNDLE_MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";

const MEDIA_TYPE = /^application\/vnd\.dev\.sigstore\.bundle(\.v0\.[1-9]\d?\+json|\+json;version=0\.[1-9]\d?)$/;
const MAX_CERTIFICATES = 16;
// 1 million files give about 250 MiB.
const MAX_TEXT_LENGTH = 512 * 1024 * 1024;

const base64 = z.string().min(1).transform(decodeBase64);

const certificate = z.looseObject({ rawBytes: base64 });
const materialSchema = z.looseObject({
  publicKey: z.looseObject({ hint: z.string().optional(), rawBytes: z.string().optional() }).optional(),
  x509CertificateChain: z.looseObject({ certificates: z.array(certificate).min(1).max(MAX_CERTIFICATES) }).optional(),
  certificate: certificate.optional(),
  tlogEntries: z.array(z.looseObject({})).optional(),
  timestampVerificationData: z.looseObject({ rfc3161Timestamps: z.array(z.looseObject({})).optional() }).optional(),
});

const bundleSchema = z.strictObject({
  mediaType: z.string().regex(MEDIA_TYPE),
  verificationMaterial: materialSchema.transform((parts, context) => ({
    material: toMaterial(parts, context),
    timestamps: parts.timestampVerificationData?.rfc3161Timestamps?.length ?? 0,
  })),
  dsseEnvelope: z.strictObject({
    payload: base64,
    payloadType: z.literal(IN_TOTO_PAYLOAD_TYPE),
    // DSSE allows several signatures; the OMS clients read the first one only, and what is not checked may not be there.
    signatures: z.tuple([z.strictObject({ sig: base64, keyid: z.string().nullish() })]),
  }),
});

/**
 * Parses the text of a bundle and checks its shape, in every form that OMS clients have written.
 *
 * @throws {ProvenanceError} `OMS_BUNDLE_INVALID`, with the place of the fault
 * @see OMS specification v1.0, sections 4 and 8.1
 */
export function parseBundle(text: string): OmsBundle {
  if (text.length > MAX_TEXT_LENGTH) throw invalidBundle(`is longer than ${MAX_TEXT_LENGTH} characters`);
  const json = parseJson(text, "The bundle");
  const { success, data, error } = bundleSchema.safeParse(json);
  if (!success) throw invalidBundle(`is not a v1.0 bundle: ${describeIssue(error)}`);
  const { payload, signatures } = data.dsseEnvelope;
  const { material, timestamps } = data.verificationMaterial;
  return { material, timestamps, payload, signature: signatures[0].sig, json: json as object };
}

/**
 * Parses a JSON text.
 *
 * @throws {ProvenanceError} `OMS_BUNDLE_INVALID`
 */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProvenanceError("OMS_BUNDLE_INVALID", `${what} is not JSON (${(cause as Error).message}).`, { cause });
  }
}

/** Says where a text differs from its schema, and how. */
export function describeIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.join(".") || "the whole"}: ${issue?.message}`;
}

/** The error for a bundle that breaks the format. */
export function invalidBundle(fault: string): ProvenanceError {
  return new ProvenanceError("OMS_BUNDLE_INVALID", `The bundle ${fault}. Get it again from whoever signed the model.`);
}

function toMaterial(
  { publicKey, x509CertificateChain, certificate, tlogEntries }: z.infer<typeof materialSchema>,
  context: z.core.$RefinementCtx,
): VerificationMaterial {
  const refuse = (message: string) => {
    context.issues.push({ code: "custom", message, input: undefined });
    return z.NEVER;
  };
  if ([publicKey, x509CertificateChain, certificate].filter((part) => part !== undefined).length !== 1) {
    return refuse("exactly one of publicKey, x509CertificateChain and certificate is needed");
  }
  if (publicKey) {
    if (publicKey.hint === undefined && publicKey.rawBytes === undefined) return refuse("publicKey names no key");
    return { method: "key", hint: publicKey.hint || undefined };
  }
  if (x509CertificateChain) {
    return { method: "certificate", certificates: x509CertificateChain.certificates.map(({ rawBytes }) => rawBytes) };
  }
  if (!tlogEntries?.length) return refuse("a certificate without a transparency log entry");
  return { method: "sigstore" };
}

function decodeBase64(text: string, context: z.core.$RefinementCtx): Buffer {
  const bytes = Buffer.from(text, "base64");
  // Buffer skips what is no base64; encoding again shows whether it did.
  if (bytes.toString("base64") === text) return bytes;
  context.issues.push({ code: "custom", message: "not base64", input: undefined });
  return z.NEVER;
}

import { z } from "zod";

/** A larger file under the claim's name is a file of the model. */
export const CLAIM_MAX_BYTES = 64 * 1024;

/** The form of a claim file. */
export const claimSchema = z.strictObject({
  schemaVersion: z.literal("1.0"),
  /** CAIP-10 account of the registry. */
  registry: z.string().regex(/^eip155:[1-9]\d{0,31}:0x[0-9a-fA-F]{40}$/),
  tokenId: z.string().regex(/^0x[0-9a-f]{64}$/),
  metadataURI: z.string().regex(/^ipfs:\/\/[a-z2-7]+$/),
  ignorePaths: z.array(z.string()),
  /** For a model of an anchored batch: who anchored it, and the proof that lies in the batch's folder; checked on the chain. */
  batch: z.strictObject({ creator: z.string().regex(/^0x[0-9a-fA-F]{40}$/), proof: z.json() }).optional(),
  /** Where else the metadata lies; the token says ipfs:// always. */
  metadataCopies: z
    .array(z.string().regex(/^ar:\/\/[A-Za-z0-9_-]{43}$/))
    .max(16)
    .optional(),
});

/**
 * What a folder says it is. A hint, never trusted: it is read only after the look-up by digest failed,
 * selects a token only inside the registries the verifier was configured with, and its URI is never fetched.
 */
export type Claim = z.infer<typeof claimSchema>;

/** Parses the bytes of a claim file; undefined when they are something else. */
export function parseClaim(bytes: Uint8Array): Claim | undefined {
  if (bytes.length > CLAIM_MAX_BYTES) return undefined;
  try {
    return claimSchema.safeParse(JSON.parse(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes))).data;
  } catch {
    return undefined;
  }
}

/** A claim as the text of its file. */
export function formatClaim(claim: Claim): string {
  return `${JSON.stringify(claimSchema.parse(claim), null, 2)}\n`;
}

import { z } from "zod";
import { ProvenanceError } from "../../../base/errors.ts";

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);

const keySchema = z.object({
  kty: z.literal("RSA"),
  n: base64url,
  e: base64url,
  d: base64url,
  p: base64url,
  q: base64url,
  dp: base64url,
  dq: base64url,
  qi: base64url,
});

/** The private key of an Arweave wallet, a JSON Web Key. */
export type ArweaveKey = z.infer<typeof keySchema>;

/**
 * Reads an Arweave key. Nothing of it is repeated in an error.
 *
 * @param json - the content of a wallet's key file
 * @throws {ProvenanceError} `OPTION_INVALID`
 */
export function parseArweaveKey(json: string): ArweaveKey {
  try {
    return keySchema.parse(JSON.parse(json));
  } catch {
    const text = "The Arweave key cannot be read: it takes a wallet's key file, a JSON Web Key with its private parts.";
    throw new ProvenanceError("OPTION_INVALID", text);
  }
}

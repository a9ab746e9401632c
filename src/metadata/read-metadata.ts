import { sha256 } from "../base/bytes.ts";
import { ProvenanceError } from "../base/errors.ts";
import { type Hex, toHex } from "../base/hex.ts";
import { rawCidOfDigest } from "../content/cid.ts";
import type { BlockSource } from "../content/content-store.ts";
import { clip, parseUntrustedJson } from "./json-limits.ts";
import { METADATA_MAX_BYTES, type Metadata, metadataSchema } from "./schema.ts";

/**
 * Fetches the metadata that the chain names by its digest, checks that the bytes have it, and parses them.
 *
 * @param metadataDigest - SHA-256 of the JSON, 0x-hex of 32 bytes
 * @throws {ProvenanceError} as the store's `get`, `METADATA_DIGEST_MISMATCH`, `METADATA_TOO_LARGE`, `METADATA_INVALID`
 */
export async function readMetadata(metadataDigest: Hex, store: BlockSource): Promise<Metadata> {
  const bytes = await store.get(rawCidOfDigest(metadataDigest));
  if (toHex(sha256(bytes)) !== metadataDigest) {
    throw new ProvenanceError(
      "METADATA_DIGEST_MISMATCH",
      `The metadata fetched does not have the digest ${metadataDigest}.`,
    );
  }
  const parsed = metadataSchema.safeParse(parseUntrustedJson(bytes, METADATA_MAX_BYTES, "The metadata"));
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0] as { path: PropertyKey[]; message: string };
  throw new ProvenanceError(
    "METADATA_INVALID",
    `The metadata is not of this format: ${clip(`${path.join(".")} ${message}`)}.`,
  );
}

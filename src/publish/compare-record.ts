import type { ModelRecord } from "../registry/model-record.ts";
import { ProvenanceError } from "../base/errors.ts";
import { compareBytes } from "../base/bytes.ts";
import { toHex32 } from "../base/hex.ts";
import type { BuiltMetadata } from "../metadata/build-metadata.ts";
import { canonicalJson } from "../metadata/canonical-json.ts";
import { readMetadata } from "../metadata/read-metadata.ts";
import type { Metadata } from "../metadata/schema.ts";
import { rawCidOfDigest, toIpfsUri } from "../content/cid.ts";
import type { BlockSource } from "../content/content-store.ts";

/** Where the metadata of a record is, as `ipfs://…`. */
export function uriOfRecord({ metadataDigest }: ModelRecord): string {
  return toIpfsUri(rawCidOfDigest(metadataDigest));
}

/**
 * Makes sure that a model's record says what this run would say.
 *
 * @param store - the recorded metadata is read from it where its digest differs: it may differ in the signature alone
 * @throws {ProvenanceError} `ALREADY_MINTED`
 */
export async function assertSameMetadata(built: BuiltMetadata, record: ModelRecord, store: BlockSource): Promise<void> {
  if (record.metadataDigest === built.metadataDigest) return;
  if (await saysTheSame(built, record, store)) return;
  throw new ProvenanceError(
    "ALREADY_MINTED",
    `This model is minted already with other metadata. Token ${toHex32(record.tokenId)} by ${record.creator} says ${uriOfRecord(record)}; ` +
      `this run would say ${built.uri}. A record cannot be changed: to keep it, run with the options of the first mint.`,
  );
}

/** Equal but for the signature: wallets may sign the same statement in different bytes. */
async function saysTheSame(built: BuiltMetadata, record: ModelRecord, store: BlockSource): Promise<boolean> {
  try {
    const recorded = await readMetadata(record.metadataDigest, store);
    return compareBytes(unsignedJson(recorded), unsignedJson(built.metadata)) === 0;
  } catch {
    return false; // What cannot be read cannot be called the same.
  }
}

function unsignedJson({ signature: _, ...rest }: Metadata): Uint8Array {
  return canonicalJson(rest);
}

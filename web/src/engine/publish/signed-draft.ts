import { type BuiltMetadata, metadataSchema, rawCidOfDigest, toIpfsUri } from "model-provenance-nft/core";
import { CID } from "multiformats/cid";
import type { SignedDraft } from "../../adapters/kept-drafts.ts";

/** What is kept of metadata that were signed. */
export function toSigned(account: string, { metadataDigest, block, attachments }: BuiltMetadata): SignedDraft {
  const files = attachments.map(({ root, blocks, linksOnly }) => ({
    root: root.toString(),
    ...(linksOnly && { linksOnly }),
    blocks: blocks.map(({ cid, bytes }) => ({ cid: cid.toString(), bytes })),
  }));
  return { account, metadata: new TextDecoder().decode(block.bytes), metadataDigest, attachments: files };
}

/** Signed metadata as they were built. */
export function fromSigned({ metadata, metadataDigest, attachments }: SignedDraft): BuiltMetadata {
  const cid = rawCidOfDigest(metadataDigest);
  return {
    metadata: metadataSchema.parse(JSON.parse(metadata)),
    metadataDigest,
    uri: toIpfsUri(cid),
    block: { cid, bytes: new TextEncoder().encode(metadata) },
    attachments: attachments.map(({ root, blocks, linksOnly }) => ({
      root: CID.parse(root),
      ...(linksOnly && { linksOnly }),
      blocks: blocks.map((block) => ({ cid: CID.parse(block.cid), bytes: block.bytes })),
    })),
  };
}

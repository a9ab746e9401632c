import { ProvenanceError } from "../../base/errors.ts";
import type { Hex } from "../../base/hex.ts";
import { readMetadata } from "../../metadata/read-metadata.ts";
import type { Relation } from "../../model/relation.ts";
import type { BlockSource } from "../../content/content-store.ts";

/** A parent in another registry, as the metadata of a child names it. */
export interface ForeignParent {
  /** CAIP-10 account. */
  readonly registry: string;
  readonly tokenId: bigint;
  readonly relation: Relation;
}

/**
 * Reads which parents in other registries a model names: the chain cannot hold them, so they stand in its metadata alone.
 *
 * @param own - the CAIP-10 account of the model's own registry
 * @returns also why they could not be read, in a sentence
 */
export async function readForeignParents(
  metadataDigest: Hex,
  own: string,
  store: BlockSource,
): Promise<{ readonly parents: readonly ForeignParent[]; readonly fault?: string }> {
  try {
    const { provenance } = await readMetadata(metadataDigest, store);
    const parents = (provenance.parents ?? []).filter(({ registry }) => registry.toLowerCase() !== own.toLowerCase());
    return {
      parents: parents.map(({ registry, tokenId, relation }) => ({ registry, tokenId: BigInt(tokenId), relation })),
    };
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    return { parents: [], fault: error.message };
  }
}

import { ProvenanceError } from "../../base/errors.ts";
import type { Hex } from "../../base/hex.ts";
import type { PublisherStatement } from "../../metadata/publisher-statement.ts";
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

/** A base model outside all registries, as the metadata of a model names it. */
export interface StatedBase {
  /** `hf://org/name@revision`, or another address; the text of a stranger. */
  readonly uri: string;
  readonly relation: Relation;
}

/** What the metadata of a model say of it and where it comes from; nothing of it stands on the chain. */
export interface StatedOrigin {
  readonly name?: string;
  readonly parents: readonly ForeignParent[];
  readonly bases: readonly StatedBase[];
  /** By which its creator says who they are. */
  readonly statement?: PublisherStatement;
  /** Why nothing could be read, in a sentence. */
  readonly fault?: string;
}

/**
 * Reads what a model is called, and which parents in other registries and which base models it names: the chain cannot hold
 * them, so they stand in its metadata alone.
 *
 * @param own - the CAIP-10 account of the model's own registry
 */
export async function readStatedOrigin(metadataDigest: Hex, own: string, store: BlockSource): Promise<StatedOrigin> {
  try {
    const { name, provenance } = await readMetadata(metadataDigest, store);
    const parents = (provenance.parents ?? []).filter(({ registry }) => registry.toLowerCase() !== own.toLowerCase());
    return {
      name,
      parents: parents.map(({ registry, tokenId, relation }) => ({ registry, tokenId: BigInt(tokenId), relation })),
      bases: (provenance.baseModels ?? []).map(({ uri, relation }) => ({ uri, relation })),
      ...(provenance.publisher && { statement: provenance.publisher }),
    };
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    return { parents: [], bases: [], fault: error.message };
  }
}

import { CID } from "multiformats/cid";
import type { PinnableFile } from "../metadata/manifest-entry.ts";
import type { Provenance } from "../metadata/schema.ts";
import type { HashedModel } from "../model/hash-model.ts";
import { buildModelDag } from "../model/model-cid.ts";
import type { Block } from "../content/cid.ts";
import { UNIXFS_PROFILE } from "../content/unixfs/unixfs-file.ts";

/** A model's CID as the metadata names it, and the blocks that link its content. */
export interface LinkedModel {
  readonly model: NonNullable<Provenance["model"]>;
  readonly links: PinnableFile;
}

/**
 * Makes the blocks that link a model's content, from the digests of its leaves: with them a verifier finds which
 * MiB of which file is damaged.
 *
 * @param content - what they link, where it is to be pinned with them
 * @returns undefined where the CID was not asked for
 */
export function linkModel(
  model: Pick<HashedModel, "cid" | "kind" | "resources" | "leafDigests">,
  content?: AsyncIterable<Block>,
): LinkedModel | undefined {
  const { cid, kind, resources, leafDigests } = model;
  if (cid === undefined || leafDigests === undefined) return undefined;
  const withLeaves = resources.map(({ name, size }, i) => ({ name, size, leafDigests: leafDigests[i] as Uint8Array }));
  const size = resources.reduce((sum, resource) => sum + resource.size, 0);
  return {
    model: { cid, profile: UNIXFS_PROFILE, size },
    // The root first: whoever reads along can check all that follows.
    links: {
      root: CID.parse(cid),
      blocks: [...buildModelDag(kind, withLeaves)].reverse(),
      ...(content === undefined ? { linksOnly: true } : { content }),
    },
  };
}

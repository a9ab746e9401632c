import { CID } from "multiformats/cid";
import type { PinnableFile } from "../metadata/manifest-entry.ts";
import type { Provenance } from "../metadata/schema.ts";
import type { HashedModel } from "../model/hash-model.ts";
import { buildModelDag } from "../model/model-cid.ts";
import { readModelContent } from "../model/model-content.ts";
import type { ContentStore } from "../content/content-store.ts";
import { UNIXFS_PROFILE } from "../content/unixfs/unixfs-file.ts";
import { pinFile } from "./pin-metadata.ts";

/** A model's CID as the metadata names it, and the blocks that link its content. */
export interface LinkedModel {
  readonly model: NonNullable<Provenance["model"]>;
  readonly links: PinnableFile;
}

/**
 * Makes the blocks that link a model's content, from the digests of its leaves: with them a verifier finds which
 * MiB of which file is damaged. The content itself goes with them where that is asked for, and is read when it is pinned.
 *
 * @returns undefined where the CID was not asked for
 * @throws {TypeError} if the content is asked for of a model that was hashed without its CID
 */
export function linkModel(model: HashedModel, withContent = false): LinkedModel | undefined {
  const { cid, kind, resources, leafDigests } = model;
  if (cid === undefined || leafDigests === undefined) {
    if (withContent) throw new TypeError("A model's content is pinned by its CID: hash it with its CID.");
    return undefined;
  }
  const withLeaves = resources.map(({ name, size }, i) => ({ name, size, leafDigests: leafDigests[i] as Uint8Array }));
  const content = withContent ? readModelContent(model) : undefined;
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

/**
 * Pins a model itself, without metadata: its files are read from where they lie, and a store on this machine refers to
 * them.
 *
 * @param model - hashed with its CID
 * @throws {ProvenanceError} as the store's `pin`; `MODEL_CHANGED` if a file is not what was hashed
 * @throws {TypeError} if it was hashed without its CID
 * @example
 * await pinModel(await hashModel("./my-model", { withCid: true }), new LocalStore("store"));
 */
export async function pinModel(model: HashedModel, store: ContentStore): Promise<CID> {
  const { links } = linkModel(model, true) as LinkedModel;
  await pinFile(links, store);
  return links.root;
}

import type { CID } from "multiformats/cid";
import type { ContentStore } from "../content/content-store.ts";
import type { HashedModel } from "../model/hash-model.ts";
import { readModelContent } from "../model/model-content.ts";
import { type LinkedModel, linkModel } from "./link-model.ts";
import { pinFile } from "./pin-metadata.ts";

/**
 * Links a model, its content with it, which is read when it is pinned.
 *
 * @throws {TypeError} if it was hashed without its CID
 */
export function linkWithContent(model: HashedModel): LinkedModel {
  const linked = linkModel(model, readModelContent(model));
  if (linked === undefined) throw new TypeError("A model's content is pinned by its CID: hash it with its CID.");
  return linked;
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
  const { links } = linkWithContent(model);
  await pinFile(links, store);
  return links.root;
}

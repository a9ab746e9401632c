import type { Hex } from "model-provenance-nft/core";
import type { HashFilesOptions } from "../../adapters/hashing/hash-files.ts";
import type { Picked } from "../../adapters/picked-files.ts";
import { hashListed, listModel } from "../hash-model.ts";

/**
 * Computes the digest of training data, a file or a folder, as the command does: as that of a model. Nothing of it leaves this page.
 *
 * @throws {ProvenanceError} as `listModel` and `hashListed`; Git LFS pointers are refused: only content has a digest
 */
export async function digestData(picked: Picked, options: HashFilesOptions): Promise<Hex> {
  const names = new Set(picked.files.map(({ name }) => name));
  const isThere = (name: string) => names.has(name);
  const hashed = await hashListed(await listModel(picked), isThere, { ...options, lfsPointers: "refuse" });
  return hashed.modelDigest;
}

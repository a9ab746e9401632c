import type { CID } from "multiformats/cid";
import { toHex } from "../base/hex.ts";
import { type Block, rawCidOfDigest } from "../content/cid.ts";
import { linkUnixfsLeaves } from "../content/unixfs/unixfs-file.ts";
import { type UnixfsEntry, buildUnixfsFolder } from "../content/unixfs/unixfs-folder.ts";
import type { FileDigest } from "./hashing/digest-sync.ts";
import type { Resource } from "./resource.ts";

/** A file of a model with the digests of its pieces. */
export type ResourceWithLeaves = Omit<Resource, "sha256"> & Required<Pick<FileDigest, "leafDigests">>;

/**
 * Computes the CID under which IPFS knows a model: of the folder that holds exactly its resources, or of the
 * one file.
 *
 * @returns the blocks that link (no content); the generator's return value is the root
 * @throws {ProvenanceError} `RESOURCE_NAME_INVALID` as `buildUnixfsFolder`
 * @see IPIP-0499, profile `unixfs-v1-2025`
 */
export function* buildModelDag(
  kind: "file" | "folder",
  resources: readonly ResourceWithLeaves[],
): Generator<Block, UnixfsEntry> {
  const files: [string, UnixfsEntry][] = [];
  for (const { name, size, leafDigests } of resources) {
    const isLeaf = leafDigests.length === 32;
    files.push([name, isLeaf ? new LeafEntry(leafDigests, size) : yield* linkUnixfsLeaves(leafDigests, size)]);
  }
  if (kind === "file") return (files[0] as [string, UnixfsEntry])[1];
  return yield* buildUnixfsFolder(files);
}

/** The CID alone, as text in base 32. Errors as {@link buildModelDag}. */
export function computeModelCid(kind: "file" | "folder", resources: readonly ResourceWithLeaves[]): string {
  const blocks = buildModelDag(kind, resources);
  for (;;) {
    const { value, done } = blocks.next();
    if (done) return value.cid.toString();
  }
}

/** A file of one leaf has that leaf's CID. It is made when it is asked for: 100 000 of them take 80 MB. */
class LeafEntry implements UnixfsEntry {
  readonly dagSize: number;
  readonly #digest: Uint8Array;

  constructor(digest: Uint8Array, size: number) {
    this.dagSize = size;
    this.#digest = digest;
  }

  get cid(): CID {
    return rawCidOfDigest(toHex(this.#digest));
  }
}

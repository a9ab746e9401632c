import { ProvenanceError } from "../base/errors.ts";
import { toHex } from "../base/hex.ts";
import { type Block, MAX_BLOCK_BYTES, rawCidOfDigest } from "../content/cid.ts";
import { type LeafPlace, readLeaves } from "../content/unixfs/read-leaves.ts";
import type { HashedModel } from "./hash-model.ts";

const DIGEST_BYTES = 32;

/**
 * Reads the content of a model that was hashed with its CID, as the raw blocks that its links lead to. Each says where
 * it stands in which file, so that a store may refer to it; each is compared with the digest from when it was hashed.
 *
 * @returns blocks in the order of the files, read anew with every iteration; undefined where the CID was not asked for
 * @throws {ProvenanceError} (the iteration) `MODEL_CHANGED`, `MODEL_UNREADABLE`, naming the file
 */
export function readModelContent({ sources, leafDigests }: HashedModel): AsyncIterable<Block> | undefined {
  if (sources === undefined || leafDigests === undefined) return undefined;
  return { [Symbol.asyncIterator]: () => readLeaves(listLeaves(sources, leafDigests), refuseLeaf) };
}

function* listLeaves(
  sources: NonNullable<HashedModel["sources"]>,
  leafDigests: readonly Uint8Array[],
): Generator<LeafPlace> {
  for (const [i, { path, size }] of sources.entries()) {
    const digests = leafDigests[i] as Uint8Array;
    for (let leaf = 0; leaf * DIGEST_BYTES < digests.length; leaf++) {
      const offset = leaf * MAX_BLOCK_BYTES;
      const cid = rawCidOfDigest(toHex(digests.subarray(leaf * DIGEST_BYTES, (leaf + 1) * DIGEST_BYTES)));
      yield { cid, path, offset, length: Math.min(MAX_BLOCK_BYTES, size - offset), fileSize: size };
    }
  }
}

/** The error for a leaf that is not what it was when it was hashed or listed. */
export function refuseLeaf({ path }: LeafPlace, cause: Error | undefined): Promise<never> {
  if (cause === undefined) {
    const text = `${path} changed since it was hashed. Wait until nothing writes to the model and run again.`;
    return Promise.reject(new ProvenanceError("MODEL_CHANGED", text));
  }
  const reason = (cause as NodeJS.ErrnoException).code ?? cause.message;
  const text = `${path} cannot be read any more (${reason}). Put it back and run again.`;
  return Promise.reject(new ProvenanceError("MODEL_UNREADABLE", text, { cause }));
}

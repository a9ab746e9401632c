import { fromHex } from "../base/bytes.ts";
import type { Hex } from "../base/hex.ts";
import { MerkleTree, encodeNamedLeaf, hashLeaf, verifyMerkleProof } from "../base/merkle-tree.ts";
import type { Resource } from "./resource.ts";

/**
 * Builds the Merkle tree over (name, size, SHA-256) of a model's files: OpenZeppelin's `StandardMerkleTree` for
 * leaves `["string","uint64","bytes32"]`. It binds what the model digest does not, and proves a single file.
 *
 * @param resources - at least one, with names that were checked: this hashes what it is given
 */
export function createManifestTree(resources: readonly Resource[]): MerkleTree {
  return new MerkleTree(
    resources.map(({ name }) => name),
    (index) => hashResource(resources[index] as Resource),
  );
}

/** Tells whether a proof leads from a file's name, size and SHA-256 to a manifest root. */
export function verifyManifestProof(root: Hex, resource: Resource, proof: readonly Hex[]): boolean {
  return verifyMerkleProof(root, hashResource(resource), proof);
}

function hashResource({ name, size, sha256 }: Resource): Uint8Array {
  const sizeWord = new Uint8Array(8);
  new DataView(sizeWord.buffer).setBigUint64(0, BigInt(size));
  return hashLeaf(encodeNamedLeaf(name, [sizeWord, fromHex(sha256)]));
}

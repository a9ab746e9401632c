import { fromHex } from "../../base/bytes.ts";
import { ProvenanceError } from "../../base/errors.ts";
import type { Hex } from "../../base/hex.ts";
import { MerkleTree, encodeNamedLeaf, hashLeaf, verifyMerkleProof } from "../../base/merkle-tree.ts";
import type { DigestedTensor } from "./tensor-pieces.ts";

type NamedDigest = Pick<DigestedTensor, "name" | "digest">;

/**
 * Builds the Merkle tree over (name, digest), leaves `["string","bytes32"]`: its root stands for all tensors, independent of files and order.
 *
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID` if there is no tensor or a name stands twice
 */
export function buildTensorTree(tensors: readonly NamedDigest[]): MerkleTree {
  if (tensors.length === 0) throw new ProvenanceError("MODEL_HEADER_INVALID", "There is no tensor to build a tree of.");
  const names = new Set<string>();
  for (const { name } of tensors) {
    // The tree would hash a lone surrogate like U+FFFD.
    if (!name.isWellFormed() || names.has(name)) {
      const fault = names.has(name) ? "stands twice" : "is not well-formed Unicode";
      throw new ProvenanceError("MODEL_HEADER_INVALID", `The tensor name ${JSON.stringify(name)} ${fault}.`);
    }
    names.add(name);
  }
  return new MerkleTree(
    tensors.map(({ name }) => name),
    (index) => hashTensorLeaf(tensors[index] as NamedDigest),
  );
}

/**
 * Proves that a tensor is part of the model behind a root.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` if no tensor has that name; as {@link buildTensorTree}
 * @example
 * const siblings = proveTensor(tensors, "model.norm.weight");
 */
export function proveTensor(tensors: readonly NamedDigest[], name: string): Hex[] {
  const proof = buildTensorTree(tensors).getProof(name);
  if (proof !== undefined) return proof;
  throw new ProvenanceError("OPTION_INVALID", `There is no tensor named ${JSON.stringify(name)}.`);
}

/** Checks the proof of a tensor against a root. False for what is no digest. */
export function verifyTensorProof(root: Hex, tensor: NamedDigest, proof: readonly Hex[]): boolean {
  return /^0x[0-9a-f]{64}$/.test(tensor.digest) && verifyMerkleProof(root, hashTensorLeaf(tensor), proof);
}

function hashTensorLeaf({ name, digest }: NamedDigest): Uint8Array {
  return hashLeaf(encodeNamedLeaf(name, [fromHex(digest)]));
}

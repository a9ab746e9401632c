import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { ProvenanceError } from "../errors.ts";
import type { Hex } from "../hex.ts";
import type { DigestedTensor } from "./tensor-digest.ts";

/** The leaf of the tensors' Merkle tree: name, tensor digest. */
export const TENSOR_LEAF_TYPES = ["string", "bytes32"];

type NamedDigest = Pick<DigestedTensor, "name" | "digest">;

/**
 * Builds the Merkle tree over (name, digest): its root stands for all tensors, independent of files and order.
 *
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID` if there is no tensor or a name stands twice
 */
export function buildTensorTree(tensors: readonly NamedDigest[]): StandardMerkleTree<[string, string]> {
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
  return StandardMerkleTree.of<[string, string]>(
    tensors.map(({ name, digest }) => [name, digest]),
    TENSOR_LEAF_TYPES,
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
  const index = tensors.findIndex((tensor) => tensor.name === name);
  if (index >= 0) return buildTensorTree(tensors).getProof(index) as Hex[];
  throw new ProvenanceError("OPTION_INVALID", `There is no tensor named ${JSON.stringify(name)}.`);
}

/** Checks the proof of a tensor against a root. */
export function verifyTensorProof(root: Hex, { name, digest }: NamedDigest, proof: readonly Hex[]): boolean {
  try {
    return StandardMerkleTree.verify(root, TENSOR_LEAF_TYPES, [name, digest], [...proof]);
  } catch {
    return false; // No 32 bytes, or no hex: no proof of anything.
  }
}

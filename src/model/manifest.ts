import { createHash } from "node:crypto";
import { ProvenanceError } from "../base/errors.ts";
import { type Hex, ZERO_DIGEST } from "../base/hex.ts";
import type { MerkleTree } from "../base/merkle-tree.ts";
import { createManifestTree } from "./manifest-tree.ts";
import { type Resource, compareNames, compareNamesByComponent } from "./resource.ts";
import { assertDistinctNames, assertResourceName } from "./resource-name.ts";
import { isWeightFile } from "./weights.ts";

/** The digests of a model; each is 0x-hex of 32 bytes. */
export interface ManifestDigests {
  /** OMS root digest; as an integer it is the token id. */
  readonly modelDigest: Hex;
  /** Merkle root that binds names, sizes and contents. */
  readonly manifestRoot: Hex;
  /** As modelDigest, over the weight files alone; zero when there is none. */
  readonly weightsDigest: Hex;
}

/**
 * Computes the model digest: SHA-256 over the raw file digests in name order.
 *
 * @returns 0x-prefixed hex of 32 bytes; as an integer it is the token id.
 * @throws {ProvenanceError} `MODEL_EMPTY` if there are no resources.
 * @see OMS specification v1.0, section 6.5.1
 */
export function computeModelDigest(resources: readonly Resource[]): Hex {
  assertResources(resources);
  return digestInOrder(resources, compareNames);
}

/**
 * Computes the digest that OMS's Python client gives, which orders names by path component. It differs
 * from the model digest only where a file's name extends a directory's (`a.txt` beside `a/x`).
 *
 * @throws {ProvenanceError} `MODEL_EMPTY` if there are no resources.
 */
export function computeComponentOrderDigest(resources: readonly Resource[]): Hex {
  assertResources(resources);
  return digestInOrder(resources, compareNamesByComponent);
}

/**
 * Computes the model digest over the weight files alone; zero when there is none.
 *
 * @param files - their names; those that names alone say are weights, where they are left out
 */
export function computeWeightsDigest(resources: readonly Resource[], files?: readonly string[]): Hex {
  const named = files && new Set(files);
  const weights = resources.filter(({ name }) => named?.has(name) ?? isWeightFile(name));
  return weights.length === 0 ? ZERO_DIGEST : computeModelDigest(weights);
}

/**
 * Builds the Merkle tree over (name, size, sha256), from which a proof for a single file can be taken.
 *
 * @throws {ProvenanceError} `MODEL_EMPTY`, or `RESOURCE_NAME_INVALID`: the tree would hash a lone
 *   surrogate like U+FFFD, so names are checked first.
 */
export function buildManifestTree(resources: readonly Resource[]): MerkleTree {
  assertResources(resources);
  return createManifestTree(resources);
}

/** Computes the root of the manifest's Merkle tree. Errors as {@link buildManifestTree}. */
export function computeManifestRoot(resources: readonly Resource[]): Hex {
  return buildManifestTree(resources).root;
}

/**
 * Computes all digests of a model from its resources. Errors as {@link buildManifestTree}.
 *
 * @param weightFiles - as {@link computeWeightsDigest} takes them
 */
export function computeManifestDigests(
  resources: readonly Resource[],
  weightFiles?: readonly string[],
): ManifestDigests {
  assertResources(resources);
  return {
    modelDigest: digestInOrder(resources, compareNames),
    manifestRoot: createManifestTree(resources).root,
    weightsDigest: computeWeightsDigest(resources, weightFiles),
  };
}

function digestInOrder(resources: readonly Resource[], compare: (a: string, b: string) => number): Hex {
  const hash = createHash("sha256");
  for (const { sha256 } of resources.toSorted((a, b) => compare(a.name, b.name))) hash.update(sha256, "hex");
  return `0x${hash.digest("hex")}`;
}

function assertResources(resources: readonly Resource[]): void {
  if (resources.length === 0) throw new ProvenanceError("MODEL_EMPTY", "A model needs at least one file, got none.");
  for (const { name } of resources) assertResourceName(name);
  assertDistinctNames(resources.map(({ name }) => name));
}

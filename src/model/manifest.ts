import { createSha256, fromHex } from "../base/bytes.ts";
import { ProvenanceError } from "../base/errors.ts";
import { type Hex, ZERO_DIGEST, toHex } from "../base/hex.ts";
import type { MerkleTree } from "../base/merkle-tree.ts";
import { createManifestTree } from "./manifest-tree.ts";
import { type Resource, compareNames, compareNamesByComponent } from "./resource.ts";
import { assertDistinctNames, assertResourceName } from "./resource-name.ts";

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

function digestInOrder(resources: readonly Resource[], compare: (a: string, b: string) => number): Hex {
  const hash = createSha256();
  for (const { sha256 } of resources.toSorted((a, b) => compare(a.name, b.name))) hash.update(fromHex(sha256));
  return toHex(hash.digest());
}

function assertResources(resources: readonly Resource[]): void {
  if (resources.length === 0) throw new ProvenanceError("MODEL_EMPTY", "A model needs at least one file, got none.");
  for (const { name } of resources) assertResourceName(name);
  assertDistinctNames(resources.map(({ name }) => name));
}

/** As {@link computeModelDigest}, over the files of these names alone; zero where there is none of them. */
export function computeDigestOfNamed(resources: readonly Resource[], names: readonly string[]): Hex {
  const named = new Set(names);
  const chosen = resources.filter(({ name }) => named.has(name));
  return chosen.length === 0 ? ZERO_DIGEST : computeModelDigest(chosen);
}

import type { Hex } from "../base/hex.ts";
import { computeDigestOfNamed, computeManifestRoot, computeModelDigest } from "./manifest.ts";
import type { Resource } from "./resource.ts";
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
 * Computes the model digest over the weight files alone; zero when there is none.
 *
 * @param files - their names; those that names alone say are weights, where they are left out
 */
export function computeWeightsDigest(resources: readonly Resource[], files?: readonly string[]): Hex {
  return computeDigestOfNamed(resources, files ?? resources.map(({ name }) => name).filter(isWeightFile));
}

/**
 * Computes all digests of a model from its resources. Errors as `buildManifestTree`.
 *
 * @param weightFiles - as {@link computeWeightsDigest} takes them
 */
export function computeManifestDigests(
  resources: readonly Resource[],
  weightFiles?: readonly string[],
): ManifestDigests {
  return {
    modelDigest: computeModelDigest(resources),
    manifestRoot: computeManifestRoot(resources),
    weightsDigest: computeWeightsDigest(resources, weightFiles),
  };
}

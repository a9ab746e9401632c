import { getAddress } from "ethers";
import * as fc from "fast-check";
import type { ModelSubmission } from "../../src/registry/submission.ts";
import { RELATIONS } from "../../src/model/relation.ts";
import { leanSubmission } from "./submissions.ts";

/** A lean submission, as the library holds it. */
export function modelSubmission(seed: string, overrides: Partial<ModelSubmission> = {}): ModelSubmission {
  const lean = leanSubmission(seed) as unknown as ModelSubmission;
  return { ...lean, relation: 0, royaltyBasisPoints: 0, ...overrides };
}

const word = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => `0x${Buffer.from(bytes).toString("hex")}`);
const text = (maximum: number) =>
  fc.string({ unit: "grapheme", maxLength: maximum }).filter((value) => Buffer.byteLength(value) <= maximum);

/** Any account, with its checksum. */
export const arbitraryAddress = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((bytes) => getAddress(`0x${Buffer.from(bytes).toString("hex")}`));

/** Any submission that has the right form, mintable or not. */
export const arbitrarySubmission: fc.Arbitrary<ModelSubmission> = fc.record({
  modelDigest: word,
  manifestRoot: word,
  weightsDigest: word,
  datasetDigest: word,
  metadataDigest: word,
  relation: fc.nat(RELATIONS.length - 1),
  parents: fc.array(fc.bigInt(0n, 2n ** 256n - 1n), { maxLength: 16 }),
  baseModelDigest: word,
  framework: text(64),
  license: text(64),
  performanceMetrics: text(31),
  version: text(64),
  royaltyReceiver: arbitraryAddress,
  royaltyBasisPoints: fc.nat(1_000),
});

/** Submissions of distinct models, in any order. */
export const arbitraryBatch: fc.Arbitrary<ModelSubmission[]> = fc.uniqueArray(arbitrarySubmission, {
  selector: ({ modelDigest }) => modelDigest,
  minLength: 1,
  maxLength: 9,
});

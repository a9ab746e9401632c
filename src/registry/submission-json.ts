import { getAddress, isAddress } from "ethers";
import { z } from "zod";
import { toUtf8 } from "../base/bytes.ts";
import { type Hex, toHex32 } from "../base/hex.ts";
import { RELATIONS } from "../model/relation.ts";
import type { ModelSubmission } from "./submission.ts";

/** The most parents a model may name. */
const MAX_PARENTS = 16;
const MAX_BASIS_POINTS = 1_000;

/** 0x and 64 lower-case hex digits. */
export const digestSchema = z.custom<Hex>(
  (text) => typeof text === "string" && /^0x[0-9a-f]{64}$/.test(text),
  "must be 0x and 64 lower-case hex digits",
);
/** An account, with its checksum. */
export const addressSchema = z
  .string()
  .refine((text) => isAddress(text) && getAddress(text) === text, "must be an address with its checksum");

const text = (maximum: number) =>
  z
    .string()
    .refine((value) => value.isWellFormed() && toUtf8(value).length <= maximum, `must have ${maximum} bytes at most`);

/** A submission as JSON holds it: the relation as a word, token ids as 0x-hex of 32 bytes. */
export const submissionSchema = z.strictObject({
  modelDigest: digestSchema,
  manifestRoot: digestSchema,
  weightsDigest: digestSchema,
  datasetDigest: digestSchema,
  metadataDigest: digestSchema,
  relation: z.enum(RELATIONS),
  parents: z.array(digestSchema).max(MAX_PARENTS),
  baseModelDigest: digestSchema,
  framework: text(64),
  license: text(64),
  performanceMetrics: text(31),
  version: text(64),
  royaltyReceiver: addressSchema,
  royaltyBasisPoints: z.int().min(0).max(MAX_BASIS_POINTS),
});

/** What {@link submissionSchema} accepts. */
export type SubmissionJson = z.infer<typeof submissionSchema>;

/** Writes a submission for JSON. */
export function toSubmissionJson(submission: ModelSubmission): SubmissionJson {
  const { modelDigest, manifestRoot, weightsDigest, datasetDigest, metadataDigest, baseModelDigest } = submission;
  return submissionSchema.parse({
    ...submission,
    modelDigest: modelDigest.toLowerCase(),
    manifestRoot: manifestRoot.toLowerCase(),
    weightsDigest: weightsDigest.toLowerCase(),
    datasetDigest: datasetDigest.toLowerCase(),
    metadataDigest: metadataDigest.toLowerCase(),
    baseModelDigest: baseModelDigest.toLowerCase(),
    relation: RELATIONS[submission.relation],
    parents: submission.parents.map(toHex32),
    royaltyReceiver: getAddress(submission.royaltyReceiver),
  });
}

/** Reads a submission from JSON. */
export function fromSubmissionJson({ relation, parents, ...rest }: SubmissionJson): ModelSubmission {
  return { ...rest, relation: RELATIONS.indexOf(relation), parents: parents.map(BigInt) };
}

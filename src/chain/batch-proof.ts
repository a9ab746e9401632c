import { z } from "zod";
import { ProvenanceError } from "../errors.ts";
import { type Hex, ZERO_DIGEST } from "../hex.ts";
import { RELATIONS } from "../relation.ts";
import type { ModelSubmission } from "./mint.ts";

/** What proves that a model is in a batch: what was recorded of it, and the way to the batch's root. */
export interface BatchProof {
  readonly submission: ModelSubmission;
  /** The siblings on the way from the leaf to the root. */
  readonly proof: readonly Hex[];
}

/** A larger proof is none. */
export const BATCH_PROOF_MAX_BYTES = 64 * 1024;
// A proof has one step for each doubling of the number of models.
const MAX_STEPS = 64;
const MAX_UINT96 = 2 ** 53 - 1;

const digest = z.custom<Hex>((text) => typeof text === "string" && /^0x[0-9a-f]{64}$/.test(text), {
  message: "must be 0x and 64 lower-case hex digits",
});
const text = (max: number) => z.string().max(max).default("");
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, "must be an address");

const submissionSchema = z.object({
  modelDigest: digest,
  manifestRoot: digest,
  weightsDigest: digest.default(ZERO_DIGEST),
  datasetDigest: digest.default(ZERO_DIGEST),
  metadataDigest: digest,
  relation: z.union([
    z.enum(RELATIONS).transform((relation) => RELATIONS.indexOf(relation)),
    z
      .int()
      .min(0)
      .max(RELATIONS.length - 1),
  ]),
  parents: z
    .array(digest.transform((id) => BigInt(id)))
    .max(16)
    .default([]),
  baseModelDigest: digest.default(ZERO_DIGEST),
  framework: text(64),
  license: text(64),
  performanceMetrics: text(31),
  version: text(64),
  royaltyReceiver: address.default(`0x${"0".repeat(40)}`),
  royaltyBasisPoints: z.int().min(0).max(MAX_UINT96).default(0),
});
// Open: whatever else stands there, the batch's root decides what was recorded.
const proofSchema = z.object({ submission: submissionSchema, proof: z.array(digest).max(MAX_STEPS) });

/**
 * Reads the proof of a model of a batch from parsed JSON. Its form is checked; what it says is checked against the root.
 *
 * @throws {ProvenanceError} `PROOF_INVALID`
 */
export function readBatchProof(json: unknown): BatchProof {
  const parsed = proofSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0] as { path: PropertyKey[]; message: string };
  throw new ProvenanceError(
    "PROOF_INVALID",
    `The proof of a batch is not valid: ${path.join(".") || "the whole"} ${message}.`,
  );
}

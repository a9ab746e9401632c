import { z } from "zod";
import { ProvenanceError } from "../../base/errors.ts";
import type { Hex } from "../../base/hex.ts";
import { canonicalJson } from "../../metadata/canonical-json.ts";
import { parseUntrustedJson } from "../../metadata/json-limits.ts";
import { digestSchema, fromSubmissionJson, submissionSchema, toSubmissionJson } from "../submission-json.ts";
import type { ModelSubmission } from "../submission.ts";

/** `batch.json` of a batch's directory. */
export interface BatchFile {
  /** CAIP-10 account of the registry. */
  readonly registry: string;
  readonly root: Hex;
  /** Number of models. */
  readonly count: number;
}

/** `proofs/<token id>.json` of a batch's directory: all that proves one of its models, and all that mints it. */
export interface BatchProof {
  /** CAIP-10 account of the registry. */
  readonly registry: string;
  readonly root: Hex;
  readonly submission: ModelSubmission;
  /** The siblings on the way from the model's leaf to the root, each 0x-hex of 32 bytes. */
  readonly proof: readonly Hex[];
}

/** The name of the file that describes a batch. */
export const BATCH_FILE_NAME = "batch.json";

// A proof has one step for each doubling of the number of models.
const MAX_STEPS = 64;
const MAX_BYTES = 64 * 1024;

const head = {
  schemaVersion: z.literal("1.0"),
  registry: z.string().regex(/^eip155:[1-9]\d{0,31}:0x[0-9a-fA-F]{40}$/, "must be a CAIP-10 account"),
  root: digestSchema,
};
const batchSchema = z.strictObject({ ...head, count: z.int().positive() });
const proofSchema = z.strictObject({
  ...head,
  submission: submissionSchema,
  proof: z.array(digestSchema).max(MAX_STEPS),
});

/** Where the metadata of a model is in a batch's directory. */
export function batchModelName(tokenId: Hex): string {
  return `models/${tokenId}.json`;
}

/** Where the proof of a model is in a batch's directory. */
export function batchProofName(tokenId: Hex): string {
  return `proofs/${tokenId}.json`;
}

/** Writes `batch.json`. */
export function formatBatchFile({ registry, root, count }: BatchFile): Uint8Array {
  return canonicalJson({ schemaVersion: "1.0", registry, root, count });
}

/** Writes `proofs/<token id>.json`. */
export function formatBatchProof({ registry, root, submission, proof }: BatchProof): Uint8Array {
  return canonicalJson({ schemaVersion: "1.0", registry, root, submission: toSubmissionJson(submission), proof });
}

/**
 * Parses `batch.json`. Its form is checked, not what it says.
 *
 * @throws {ProvenanceError} `PROOF_INVALID`
 */
export function parseBatchFile(bytes: Uint8Array): BatchFile {
  const { schemaVersion: _, ...file } = parse(bytes, batchSchema, "The description of the batch");
  return file;
}

/**
 * Parses `proofs/<token id>.json`. Its form is checked, not what it says: `verifyBatchProof` and the chain do that.
 *
 * @throws {ProvenanceError} `PROOF_INVALID`
 */
export function parseBatchProof(bytes: Uint8Array): BatchProof {
  const { schemaVersion: _, submission, ...rest } = parse(bytes, proofSchema, "The proof of the batch");
  return { ...rest, submission: fromSubmissionJson(submission) };
}

function parse<Schema extends z.ZodType>(bytes: Uint8Array, schema: Schema, what: string): z.infer<Schema> {
  let json: unknown;
  try {
    json = parseUntrustedJson(bytes, MAX_BYTES, what);
  } catch (cause) {
    throw new ProvenanceError("PROOF_INVALID", (cause as Error).message, { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0] as { path: PropertyKey[]; message: string };
  throw new ProvenanceError("PROOF_INVALID", `${what} is not valid: ${path.join(".") || "it"} ${message}.`);
}

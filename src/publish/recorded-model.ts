import { ProvenanceError } from "../base/errors.ts";
import { toHex32 } from "../base/hex.ts";
import { type ModelRecord, readModelRecord } from "../registry/model-record.ts";
import type { Registry } from "../registry/registry.ts";
import type { ModelSubmission } from "../registry/submission.ts";
import type { MinedTransaction } from "./sending/sent-transaction.ts";

/** A token that exists now as somebody wanted it. */
export interface RecordedModel {
  readonly record: ModelRecord;
  /** Undefined where it was there already: nothing was sent, or somebody else was first. */
  readonly transaction?: MinedTransaction;
}

/**
 * Finds the token of a submission.
 *
 * @param creator - who should have recorded it
 * @returns undefined when there is none yet
 * @throws {ProvenanceError} `ALREADY_MINTED` if it has other metadata or another creator, `CHAIN_UNREACHABLE`
 */
export async function findRecorded(
  registry: Registry,
  submission: ModelSubmission,
  creator: string,
): Promise<ModelRecord | undefined> {
  const record = await readModelRecord(registry, BigInt(submission.modelDigest));
  if (record === undefined) return undefined;
  if (record.metadataDigest === submission.metadataDigest && record.creator === creator) return record;
  throw new ProvenanceError(
    "ALREADY_MINTED",
    `The model ${toHex32(record.tokenId)} is minted already: by ${record.creator}, with the metadata ${record.metadataDigest}. ` +
      `Wanted was ${creator} with ${submission.metadataDigest}. A record cannot be changed.`,
  );
}

/**
 * Reads the token that a transaction made.
 *
 * @param transaction - undefined where somebody else made it
 * @throws {ProvenanceError} as {@link findRecorded}; `CHAIN_UNREACHABLE` if the node does not know it yet
 */
export async function readRecorded(
  registry: Registry,
  submission: ModelSubmission,
  creator: string,
  transaction: MinedTransaction | undefined,
): Promise<RecordedModel> {
  const record = await findRecorded(registry, submission, creator);
  if (record !== undefined) return { record, ...(transaction && { transaction }) };
  const text = `The node mined ${transaction?.transactionHash ?? "the transaction"} and does not know the token yet. Run again: nothing is done twice.`;
  throw new ProvenanceError("CHAIN_UNREACHABLE", text);
}

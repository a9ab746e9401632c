import * as dagPb from "@ipld/dag-pb";
import { CID } from "multiformats/cid";
import { create as createMultihash } from "multiformats/hashes/digest";
import { type AnchoredBatch, isInBatch } from "../chain/anchors.ts";
import { BATCH_PROOF_MAX_BYTES, type BatchProof, readBatchProof } from "../chain/batch-proof.ts";
import type { RecordedEvent } from "../chain/model-record.ts";
import type { Registry } from "../chain/registry.ts";
import { ProvenanceError } from "../errors.ts";
import { type Hex, toHex32 } from "../hex.ts";
import { mapAtOnce } from "../concurrency.ts";
import { parseUntrustedJson } from "../metadata/json-limits.ts";
import type { Claim } from "../model/claim.ts";
import { RELATIONS, type Relation } from "../relation.ts";
import { SHA2_256 } from "../store/cid.ts";
import type { BlockSource } from "../store/content-store.ts";
import { type BlockReader, findUnixfsFile, readVerified } from "../store/read-dag.ts";
import { readUnixfsFile } from "../store/unixfs-file.ts";
import type { RecordedModel } from "./report.ts";

/** A record and the registry it stands in. */
export interface LocatedRecord {
  readonly registry: Registry;
  readonly record: RecordedModel;
  /** Known beforehand for a model of a batch. */
  readonly event?: RecordedEvent;
  /** The batch that holds the record, where it is not that of a token. */
  readonly batch?: AnchoredBatch;
  /** What was submitted for a model of a batch. */
  readonly submission?: BatchProof["submission"];
}

/** Models found in batches, and why the other batches could not be asked. */
export interface AnchoredSearch {
  readonly found: readonly LocatedRecord[];
  readonly unread: readonly string[];
}

const BATCHES_AT_ONCE = 8;

/**
 * Looks for models in batches: asks the folder of each for `proofs/<token id>.json`. A proof counts only if it leads to the
 * batch's root.
 *
 * @param ids - token ids that the model may have
 */
export async function findAnchored(
  registry: Registry,
  batches: readonly AnchoredBatch[],
  ids: readonly bigint[],
  store: BlockSource,
): Promise<AnchoredSearch> {
  const answers = await mapAtOnce(batches, BATCHES_AT_ONCE, async (batch) => askBatch(registry, batch, ids, store));
  return {
    found: answers.flatMap((answer) => (typeof answer === "string" ? [] : answer)),
    unread: answers.filter((answer) => typeof answer === "string"),
  };
}

/** Takes the proof that a claim holds, where it leads to a batch of the registry. A claim is only a hint: false ones find nothing. */
export function findClaimed(
  registry: Registry,
  batches: readonly AnchoredBatch[],
  ids: readonly bigint[],
  claim: Claim,
): LocatedRecord | undefined {
  const { batch: claimed } = claim;
  if (claimed === undefined) return undefined;
  const batch = batches.find(
    ({ root, creator }) => root === claimed.root && creator.toLowerCase() === claimed.creator.toLowerCase(),
  );
  if (batch === undefined) return undefined;
  try {
    return locate(registry, batch, readBatchProof(claimed), ids);
  } catch (error) {
    if (error instanceof ProvenanceError) return undefined;
    throw error;
  }
}

/** The models that a batch holds, or one sentence on why it could not be asked. */
async function askBatch(
  registry: Registry,
  batch: AnchoredBatch,
  ids: readonly bigint[],
  store: BlockSource,
): Promise<LocatedRecord[] | string> {
  const read = readVerified(store);
  const root = CID.createV1(dagPb.code, createMultihash(SHA2_256, Buffer.from(batch.contentDigest.slice(2), "hex")));
  try {
    const found: LocatedRecord[] = [];
    for (const id of ids) {
      const proof = await readProof(root, id, read);
      const located = proof && locate(registry, batch, proof, ids);
      if (located !== undefined) found.push(located);
    }
    return found;
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    return `The batch ${batch.root} of ${batch.creator} could not be asked. ${error.message}`;
  }
}

async function readProof(root: CID, id: bigint, read: BlockReader): Promise<BatchProof | undefined> {
  const file = await findUnixfsFile(root, `proofs/${toHex32(id)}.json`, read);
  if (file === undefined || file.equals(root)) return undefined;
  const bytes = await readUnixfsFile(file, read, BATCH_PROOF_MAX_BYTES);
  return readBatchProof(parseUntrustedJson(bytes, BATCH_PROOF_MAX_BYTES, "The proof of a batch"));
}

function locate(
  registry: Registry,
  batch: AnchoredBatch,
  { submission, proof }: BatchProof,
  ids: readonly bigint[],
): LocatedRecord | undefined {
  const tokenId = BigInt(submission.modelDigest as Hex);
  if (!ids.includes(tokenId) || !isInBatch(batch.root, submission, proof)) return undefined;
  const { blockNumber, transactionHash } = batch;
  return {
    registry,
    batch,
    submission,
    record: {
      tokenId,
      creator: batch.creator,
      mintedAt: batch.anchoredAt,
      relation: RELATIONS[Number(submission.relation)] as Relation,
      status: batch.status,
      parents: submission.parents.map((id) => BigInt(id)),
      datasetDigest: submission.datasetDigest as Hex,
      metadataDigest: submission.metadataDigest as Hex,
      framework: submission.framework,
      license: submission.license,
      performanceMetrics: submission.performanceMetrics,
    },
    event: {
      manifestRoot: submission.manifestRoot as Hex,
      weightsDigest: submission.weightsDigest as Hex,
      version: submission.version,
      blockNumber,
      transactionHash,
    },
  };
}

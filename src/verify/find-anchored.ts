import { type AskedBatch as AskedProofs, findProofs, proofOfClaim } from "../registry/batches/find-proofs.ts";
import type { ListedBatch } from "../registry/batches/list-batches.ts";
import type { Registry } from "../registry/registry.ts";
import type { ModelSubmission } from "../registry/submission.ts";
import type { Deadline } from "../base/deadline.ts";
import type { Hex } from "../base/hex.ts";
import type { Claim } from "../model/claim-form.ts";
import { RELATIONS, type Relation } from "../model/relation.ts";
import type { BlockSource } from "../content/content-store.ts";
import type { LocatedRecord } from "./evidence.ts";
import { placeOf } from "./report.ts";

/** What a batch holds of the models looked for, or one sentence on why it could not be asked. */
export interface AskedBatch {
  readonly batch: ListedBatch;
  readonly answer: readonly LocatedRecord[] | string;
}

/** Looks for the records of models in batches, as {@link findProofs}. */
export async function findAnchored(
  registry: Registry,
  batches: readonly ListedBatch[],
  ids: readonly bigint[],
  store: BlockSource | undefined,
  deadline: Deadline,
): Promise<AskedBatch[]> {
  const asked = await findProofs(batches, ids, store, deadline);
  return asked.map(({ batch, answer }: AskedProofs) => {
    if (typeof answer === "string") return { batch, answer };
    return { batch, answer: answer.map(({ submission }) => toRecord(registry, batch, submission)) };
  });
}

/** Takes the proof that a claim holds, where it leads to a batch of the registry. A claim is only a hint: false ones find nothing. */
export function findClaimed(
  registry: Registry,
  batches: readonly ListedBatch[],
  ids: readonly bigint[],
  claim: Claim,
): LocatedRecord | undefined {
  const proof = proofOfClaim(claim, ids);
  const batch = batches.find(
    ({ root, creator }) => root === proof?.root && creator.toLowerCase() === claim.batch?.creator.toLowerCase(),
  );
  return proof && batch && toRecord(registry, batch, proof.submission);
}

function toRecord(registry: Registry, batch: ListedBatch, submission: ModelSubmission): LocatedRecord {
  const { blockNumber, transactionHash } = batch;
  return {
    registry,
    place: placeOf(registry),
    batch,
    submission,
    record: {
      tokenId: BigInt(submission.modelDigest),
      creator: batch.creator,
      mintedAt: batch.anchoredAt,
      relation: RELATIONS[submission.relation] as Relation,
      status: batch.status,
      parents: submission.parents,
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

import * as dagPb from "@ipld/dag-pb";
import { getBytes } from "ethers";
import { CID } from "multiformats/cid";
import { create as createMultihash } from "multiformats/hashes/digest";
import { type BatchProof, batchProofName, parseBatchProof } from "../registry/batches/batch-files.ts";
import { verifyBatchProof } from "../registry/batches/batch-tree.ts";
import type { ListedBatch } from "../registry/batches/list-batches.ts";
import type { Registry } from "../registry/registry.ts";
import { ProvenanceError } from "../base/errors.ts";
import { type Hex, toHex32 } from "../base/hex.ts";
import { mapAtOnce } from "../base/concurrency.ts";
import type { Claim } from "../model/claim.ts";
import { RELATIONS, type Relation } from "../model/relation.ts";
import { SHA2_256 } from "../content/cid.ts";
import type { BlockSource } from "../content/content-store.ts";
import { type BlockReader, findUnixfsFile, readVerified } from "../content/unixfs/read-dag.ts";
import { readUnixfsFile } from "../content/unixfs/unixfs-file.ts";
import { type Deadline, within } from "./deadline.ts";
import type { LocatedRecord } from "./evidence.ts";
import { placeOf } from "./report.ts";

/** What a batch holds of the models looked for, or one sentence on why it could not be asked. */
export interface AskedBatch {
  readonly batch: ListedBatch;
  readonly answer: readonly LocatedRecord[] | string;
}

const BATCHES_AT_ONCE = 8;
const PROOF_MAX_BYTES = 64 * 1024;

/**
 * Looks for models in batches: asks the folder of each for `proofs/<token id>.json`. A proof counts only if it leads to the
 * batch's root.
 *
 * @param ids - token ids that the model may have
 */
export async function findAnchored(
  registry: Registry,
  batches: readonly ListedBatch[],
  ids: readonly bigint[],
  store: BlockSource | undefined,
  deadline: Deadline,
): Promise<AskedBatch[]> {
  return mapAtOnce(batches, BATCHES_AT_ONCE, async (batch) => {
    const answer = await askBatch(registry, batch, ids, store, deadline);
    return { batch, answer };
  });
}

/** Takes the proof that a claim holds, where it leads to a batch of the registry. A claim is only a hint: false ones find nothing. */
export function findClaimed(
  registry: Registry,
  batches: readonly ListedBatch[],
  ids: readonly bigint[],
  claim: Claim,
): LocatedRecord | undefined {
  const { batch: claimed } = claim;
  if (claimed === undefined) return undefined;
  const proof = tryParse(new TextEncoder().encode(JSON.stringify(claimed.proof)));
  const batch = batches.find(
    ({ root, creator }) => root === proof?.root && creator.toLowerCase() === claimed.creator.toLowerCase(),
  );
  return proof && batch && locate(registry, batch, proof, ids);
}

async function askBatch(
  registry: Registry,
  batch: ListedBatch,
  ids: readonly bigint[],
  store: BlockSource | undefined,
  deadline: Deadline,
): Promise<LocatedRecord[] | string> {
  const unasked = `The batch ${batch.root} of ${batch.creator} could not be asked.`;
  if (store === undefined) return `${unasked} There is no store to read which models it has.`;
  const read = readVerified(store, { signal: deadline.signal });
  const root = CID.createV1(dagPb.code, createMultihash(SHA2_256, getBytes(batch.contentDigest)));
  try {
    return await within(deadline, async () => {
      const found: LocatedRecord[] = [];
      for (const id of ids) {
        const proof = await readProof(root, id, read);
        const located = proof && locate(registry, batch, proof, ids);
        if (located !== undefined) found.push(located);
      }
      return found;
    });
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    return `${unasked} ${error.message}`;
  }
}

async function readProof(root: CID, id: bigint, read: BlockReader): Promise<BatchProof | undefined> {
  const file = await findUnixfsFile(root, batchProofName(toHex32(id)), read);
  if (file === undefined || file.equals(root)) return undefined;
  return tryParse(await readUnixfsFile(file, read, PROOF_MAX_BYTES));
}

/** What is no proof proves nothing: that is not a reason to know less than without it. */
function tryParse(bytes: Uint8Array): BatchProof | undefined {
  try {
    return parseBatchProof(bytes);
  } catch (error) {
    if (error instanceof ProvenanceError && error.code === "PROOF_INVALID") return undefined;
    throw error;
  }
}

function locate(
  registry: Registry,
  batch: ListedBatch,
  { submission, proof }: BatchProof,
  ids: readonly bigint[],
): LocatedRecord | undefined {
  const tokenId = BigInt(submission.modelDigest);
  if (!ids.includes(tokenId) || !verifyBatchProof(batch.root, submission, proof)) return undefined;
  const { blockNumber, transactionHash } = batch;
  return {
    registry,
    place: placeOf(registry),
    batch,
    submission,
    record: {
      tokenId,
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

import * as dagPb from "@ipld/dag-pb";
import { CID } from "multiformats/cid";
import { create as createMultihash } from "multiformats/hashes/digest";
import { fromHex } from "../../base/bytes.ts";
import { mapAtOnce } from "../../base/concurrency.ts";
import { type Deadline, within } from "../../base/deadline.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { toHex32 } from "../../base/hex.ts";
import { SHA2_256 } from "../../content/cid.ts";
import type { BlockSource } from "../../content/content-store.ts";
import { type BlockReader, findUnixfsFile, readVerified } from "../../content/unixfs/read-dag.ts";
import { readUnixfsFile } from "../../content/unixfs/unixfs-file.ts";
import type { Claim } from "../../model/claim-form.ts";
import { type BatchProof, batchProofName, parseBatchProof } from "./batch-files.ts";
import { verifyBatchProof } from "./batch-tree.ts";
import type { ListedBatch } from "./list-batches.ts";

/** The proofs that a batch has of the models looked for, or one sentence on why it could not be asked. */
export interface AskedBatch {
  readonly batch: ListedBatch;
  readonly answer: readonly BatchProof[] | string;
}

const BATCHES_AT_ONCE = 8;
const PROOF_MAX_BYTES = 64 * 1024;

/**
 * Looks for models in batches: asks the folder of each for `proofs/<token id>.json`. A proof counts only if it leads to the
 * batch's root.
 *
 * @param ids - token ids that the model may have
 */
export async function findProofs(
  batches: readonly ListedBatch[],
  ids: readonly bigint[],
  store: BlockSource | undefined,
  deadline: Deadline,
): Promise<AskedBatch[]> {
  return mapAtOnce(batches, BATCHES_AT_ONCE, async (batch) => {
    const answer = await askBatch(batch, ids, store, deadline);
    return { batch, answer };
  });
}

/** Takes the proof that a claim holds, where it leads to the root that it names. Whether that was anchored is not asked. */
export function proofOfClaim({ batch: claimed }: Claim, ids: readonly bigint[]): BatchProof | undefined {
  if (claimed === undefined) return undefined;
  const proof = tryParse(new TextEncoder().encode(JSON.stringify(claimed.proof)));
  return proof !== undefined && isProofOf(proof, ids) ? proof : undefined;
}

async function askBatch(
  batch: ListedBatch,
  ids: readonly bigint[],
  store: BlockSource | undefined,
  deadline: Deadline,
): Promise<BatchProof[] | string> {
  const unasked = `The batch ${batch.root} of ${batch.creator} could not be asked.`;
  if (store === undefined) return `${unasked} There is no store to read which models it has.`;
  const read = readVerified(store, { signal: deadline.signal });
  const root = CID.createV1(dagPb.code, createMultihash(SHA2_256, fromHex(batch.contentDigest)));
  try {
    return await within(deadline, async () => {
      const found: BatchProof[] = [];
      for (const id of ids) {
        const proof = await readProof(root, id, read);
        // Its own root is what it says; the batch's is what counts.
        if (proof !== undefined && isProofOf({ ...proof, root: batch.root }, ids)) {
          found.push({ ...proof, root: batch.root });
        }
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

function isProofOf({ root, submission, proof }: BatchProof, ids: readonly bigint[]): boolean {
  return ids.includes(BigInt(submission.modelDigest)) && verifyBatchProof(root, submission, proof);
}

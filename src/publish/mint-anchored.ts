import { ProvenanceError } from "../base/errors.ts";
import { readAnchor } from "../registry/batches/anchors.ts";
import type { BatchProof } from "../registry/batches/batch-files.ts";
import { verifyBatchProof } from "../registry/batches/batch-tree.ts";
import { encodeMintAnchored } from "./mint.ts";
import { type RecordedModel, findRecorded, readRecorded } from "./recorded-model.ts";
import { type Registry, toCaip10 } from "../registry/registry.ts";
import { type TransactionContext, callOf, transactUnless } from "./transact.ts";

/** What {@link mintAnchored} needs beyond the proof. */
export interface MintAnchoredContext extends TransactionContext {
  /** Owner of the token; the signer when it is left out. */
  readonly to?: string;
}

/**
 * Mints the token of a model from a batch of the signer, with the time of the batch. One that is minted already as the
 * batch says is returned as it is.
 *
 * @throws {ProvenanceError} `PROOF_INVALID` (of another registry, or it does not lead to its root), `ANCHOR_UNKNOWN` if the
 *   signer anchored no such batch, `ALREADY_MINTED` (with other metadata, or by somebody else), `TRANSACTION_REFUSED` (also:
 *   the batch is revoked, a parent is younger than it), `CHAIN_UNREACHABLE`, and whatever `confirm` throws
 */
export async function mintAnchored(
  registry: Registry,
  batchProof: BatchProof,
  context: MintAnchoredContext,
): Promise<RecordedModel> {
  const { root, submission } = batchProof;
  assertProof(registry, batchProof);
  const creator = await context.signer.getAddress();
  const existing = await findRecorded(registry, submission, creator);
  if (existing !== undefined) return { record: existing };
  if ((await readAnchor(registry, root, creator)) === undefined) {
    throw new ProvenanceError(
      "ANCHOR_UNKNOWN",
      `The account ${creator} anchored no batch with the root ${root} in the registry ${registry.address}. Its creator mints from it.`,
    );
  }
  const to = context.to ?? creator;
  const data = encodeMintAnchored(registry, to, batchProof);
  const isDone = async () => (await findRecorded(registry, submission, creator)) !== undefined;
  const transaction = await transactUnless(isDone, registry, callOf(registry, data), context);
  return readRecorded(registry, submission, creator, transaction);
}

function assertProof(registry: Registry, { registry: place, root, submission, proof }: BatchProof): void {
  if (place.toLowerCase() !== toCaip10(registry).toLowerCase()) {
    const text = `The proof is for the registry ${place}, not for ${toCaip10(registry)}.`;
    throw new ProvenanceError("PROOF_INVALID", text);
  }
  if (verifyBatchProof(root, submission, proof)) return;
  const text = `The proof of ${submission.modelDigest} does not lead to the root ${root}. Get it again from the batch's directory.`;
  throw new ProvenanceError("PROOF_INVALID", text);
}

import type { CID } from "multiformats/cid";
import {
  BATCH_FILE_NAME,
  type BatchProof,
  batchModelName,
  batchProofName,
  formatBatchFile,
  formatBatchProof,
} from "../registry/batches/batch-files.ts";
import { createBatchTree } from "../registry/batches/batch-tree.ts";
import { toSubmission } from "../registry/to-submission.ts";
import { type Registry, toCaip10 } from "../registry/registry.ts";
import { ProvenanceError } from "../base/errors.ts";
import { type Hex, toHex, toHex32 } from "../base/hex.ts";
import type { PinnableFile } from "../metadata/manifest-entry.ts";
import { type Block, rawBlock } from "../content/cid.ts";
import { type UnixfsEntry, buildUnixfsFolder } from "../content/unixfs/unixfs-folder.ts";
import { assertDistinct } from "./mint-batch.ts";
import type { PreparedModel } from "./prepare-model.ts";

/** A batch as it will be anchored: nothing has left this machine yet. */
export interface Batch {
  readonly root: Hex;
  /** The digest inside the CID of the directory. */
  readonly contentDigest: Hex;
  /** Of the directory: `batch.json`, `models/<token id>.json`, `proofs/<token id>.json`. */
  readonly cid: CID;
  readonly models: readonly PreparedModel[];
  /** What proves each model and mints it, in the order of the models. */
  readonly proofs: readonly BatchProof[];
  /** All blocks of the directory, its root last. */
  readonly blocks: readonly Block[];
  /** What the metadata name: pictures, manifest files, bundles. */
  readonly attachments: readonly PinnableFile[];
}

/**
 * Puts prepared models under one Merkle root, and writes the directory that lets anybody find and prove each of them. Equal
 * input gives equal bytes.
 *
 * @param models - of distinct digests
 * @throws {ProvenanceError} `OPTION_MISSING` for none, `OPTION_INVALID` for a model that is given twice or a text that is too
 *   long
 * @see IPIP-0499, profile `unixfs-v1-2025`
 */
export function buildBatch(models: readonly PreparedModel[], registry: Registry, warn: (text: string) => void): Batch {
  if (models.length === 0) throw new ProvenanceError("OPTION_MISSING", "A batch needs at least one model.");
  assertDistinct(models);
  const submissions = models.map(({ built }) => toSubmission(built.metadata.provenance, built.metadataDigest, warn));
  const tree = createBatchTree(submissions);
  const { root } = tree;
  const place = toCaip10(registry);
  const proofs = submissions.map((submission): BatchProof => {
    const proof = tree.getProof(toHex32(BigInt(submission.modelDigest))) as Hex[];
    return { registry: place, root, submission, proof };
  });

  const files = new Map<string, Block>();
  files.set(BATCH_FILE_NAME, rawBlock(formatBatchFile({ registry: place, root, count: models.length })));
  for (const [i, { built, model }] of models.entries()) {
    files.set(batchModelName(model.modelDigest), built.block);
    files.set(batchProofName(model.modelDigest), rawBlock(formatBatchProof(proofs[i] as BatchProof)));
  }
  const { entry, blocks } = linkFiles(files);
  return {
    root,
    contentDigest: toHex(entry.cid.multihash.digest),
    cid: entry.cid,
    models,
    proofs,
    blocks: [...files.values(), ...blocks],
    attachments: models.flatMap(({ built }) => built.attachments),
  };
}

function linkFiles(files: ReadonlyMap<string, Block>): { entry: UnixfsEntry; blocks: Block[] } {
  const blocks: Block[] = [];
  const entries = [...files].map(([name, { cid, bytes }]) => [name, { cid, dagSize: bytes.length }] as const);
  const build = buildUnixfsFolder(entries);
  for (;;) {
    const { value, done } = build.next();
    if (done) return { entry: value, blocks };
    blocks.push(value);
  }
}

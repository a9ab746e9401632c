import type { CID } from "multiformats/cid";
import {
  BATCH_FILE_NAME,
  batchModelName,
  batchProofName,
  formatBatchFile,
  formatBatchProof,
} from "../registry/batches/batch-files.ts";
import { createBatchTree } from "../registry/batches/batch-tree.ts";
import { toSubmission } from "../registry/to-submission.ts";
import { type Registry, toCaip10 } from "../registry/registry.ts";
import type { ModelSubmission } from "../registry/submission.ts";
import { type Hex, toHex } from "../base/hex.ts";
import { METADATA_MAX_BYTES, type Metadata } from "../metadata/schema.ts";
import { parseUntrustedJson } from "../metadata/json-limits.ts";
import { type Block, rawBlock } from "../content/cid.ts";
import { type UnixfsEntry, buildUnixfsFolder } from "../content/unixfs/unixfs-folder.ts";
import type { Spool } from "./spool.ts";

/** Blocks that are made while they are read: a batch of thousands of models is never in memory. */
export interface StreamedFolder {
  readonly root: CID;
  /** May be read several times. */
  readonly blocks: AsyncIterable<Block>;
}

/** A batch as it will be anchored: nothing has left this machine yet. */
export interface PlannedBatch {
  readonly root: Hex;
  /** The digest inside the CID of the directory. */
  readonly contentDigest: Hex;
  readonly count: number;
  /** How long the metadata of all models are together. */
  readonly metadataBytes: number;
  /** `batch.json`, `models/<token id>.json`, `proofs/<token id>.json`. */
  readonly directory: StreamedFolder;
  /** The pictures and other files that the metadata name; undefined where they name none. */
  readonly attachments?: StreamedFolder;
}

interface Member {
  readonly metadataDigest: Hex;
  readonly tokenId: Hex;
}

/**
 * Puts models that wait in a spool under one Merkle root, and plans the directory that lets anybody find and prove each
 * of them. Metadata are read twice, once to compute and once to hand on; in memory there is a submission a model.
 *
 * @param metadataDigests - of distinct models, in the order of the batch
 * @throws {ProvenanceError} as the spool's `get`
 */
export async function planBatch(
  metadataDigests: readonly Hex[],
  spool: Spool,
  registry: Registry,
): Promise<PlannedBatch> {
  const members: Member[] = [];
  const submissions: ModelSubmission[] = [];
  const files: (readonly [string, UnixfsEntry])[] = [];
  const attached: (readonly [string, UnixfsEntry])[] = [];
  let metadataBytes = 0;
  for (const metadataDigest of metadataDigests) {
    const { block, attachments } = await spool.get(metadataDigest);
    const { provenance } = readSpooled(block);
    const tokenId = provenance.modelDigest as Hex;
    submissions.push(toSubmission(provenance, metadataDigest, () => undefined));
    members.push({ metadataDigest, tokenId });
    files.push([batchModelName(tokenId), toEntry(block)]);
    metadataBytes += block.bytes.length;
    attachments.forEach(({ root, blocks }, i) => {
      const dagSize = blocks.reduce((sum, { bytes }) => sum + bytes.length, 0);
      attached.push([`${tokenId}-${i}`, { cid: root, dagSize }]);
    });
  }
  const tree = createBatchTree(submissions);
  const place = { registry: toCaip10(registry), root: tree.root };
  const proofOf = (i: number): Block => {
    const { tokenId } = members[i] as Member;
    const proof = tree.getProof(tokenId) as Hex[];
    return rawBlock(formatBatchProof({ ...place, submission: submissions[i] as ModelSubmission, proof }));
  };
  members.forEach(({ tokenId }, i) => files.push([batchProofName(tokenId), toEntry(proofOf(i))]));
  const head = rawBlock(formatBatchFile({ ...place, count: members.length }));
  const directory = linkFolder([[BATCH_FILE_NAME, toEntry(head)], ...files]);

  async function* directoryBlocks(): AsyncGenerator<Block, void> {
    yield head;
    for (const [i, { metadataDigest }] of members.entries()) {
      yield (await spool.get(metadataDigest)).block;
      yield proofOf(i);
    }
    yield* directory.links;
  }
  return {
    root: tree.root,
    contentDigest: toHex(directory.root.multihash.digest),
    count: members.length,
    metadataBytes,
    directory: { root: directory.root, blocks: { [Symbol.asyncIterator]: directoryBlocks } },
    ...(attached.length > 0 && { attachments: planAttachments(attached, members, spool) }),
  };
}

/** Reads metadata that this import wrote itself, and whose bytes have been checked. */
export function readSpooled({ bytes }: Block): Metadata {
  return parseUntrustedJson(bytes, METADATA_MAX_BYTES, "The metadata") as Metadata;
}

function planAttachments(
  entries: readonly (readonly [string, UnixfsEntry])[],
  members: readonly Member[],
  spool: Spool,
): StreamedFolder {
  const folder = linkFolder(entries);
  async function* blocks(): AsyncGenerator<Block, void> {
    for (const { metadataDigest } of members) {
      for (const file of (await spool.get(metadataDigest)).attachments) yield* file.blocks;
    }
    yield* folder.links;
  }
  return { root: folder.root, blocks: { [Symbol.asyncIterator]: blocks } };
}

function linkFolder(entries: Iterable<readonly [string, UnixfsEntry]>): { root: CID; links: Block[] } {
  const links: Block[] = [];
  const build = buildUnixfsFolder(entries);
  for (;;) {
    const { value, done } = build.next();
    if (done) return { root: value.cid, links };
    links.push(value);
  }
}

function toEntry({ cid, bytes }: Block): UnixfsEntry {
  return { cid, dagSize: bytes.length };
}

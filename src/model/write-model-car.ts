import { type FileHandle, open } from "node:fs/promises";
import { CID } from "multiformats/cid";
import { replaceFileAtomically } from "../base/atomic-write.ts";
import { forEachAtOnce } from "../base/concurrency.ts";
import { ProvenanceError } from "../base/errors.ts";
import { Flusher } from "../base/flush.ts";
import { OPEN_FLAGS, changed, unreadable } from "./hashing/digest-sync.ts";
import { ZERO_DIGEST, toHex } from "../base/hex.ts";
import { writeAll, writeBlockHead, writeCarHeader } from "../content/car/car.ts";
import { MAX_BLOCK_BYTES, rawCidOfDigest } from "../content/cid.ts";
import { type HashModelOptions, type HashedModel, hashModel } from "./hash-model.ts";
import { buildModelDag } from "./model-cid.ts";
import { type ModelListing, assertModelUnchanged, walkModel } from "./walk.ts";

/** An archive of a model. */
export interface ModelCar {
  readonly model: HashedModel & { readonly cid: string };
  /** Bytes of the file. */
  readonly size: number;
}

/** Where a leaf's CID belongs in the archive. */
interface LeafHead {
  readonly position: number;
  readonly length: number;
}

const DIGEST_BYTES = 32;
// As large as the CID of any leaf, which is not known yet when its place is left.
const NO_CID = rawCidOfDigest(ZERO_DIGEST);
const COPY_BYTES = 4 * MAX_BLOCK_BYTES;
const HEADS_AT_ONCE = 16;

/**
 * Hashes a model and writes it as an archive (CARv1) at once: while all cores hash the files, their content is copied
 * to where it belongs, and the CIDs follow when they are known. Content first, then what links it, the root last.
 *
 * @param out - outside the model; the file appears whole or not at all
 * @throws {ProvenanceError} as `hashModel`; the error of the file system for `out`
 * @example
 * const { model } = await writeModelCar("./my-model", "my-model.car");
 */
export async function writeModelCar(path: string, out: string, options: HashModelOptions = {}): Promise<ModelCar> {
  const listing = await walkModel(path, options);
  let result: ModelCar | undefined;
  await replaceFileAtomically(out, async (file) => {
    const hashing = hashModel(path, { ...options, withCid: true });
    const copying = copyContent(listing, file, writeCarHeader(NO_CID).length);
    // Both have ended before the file is closed, whatever became of them.
    await Promise.allSettled([hashing, copying]);
    const [model, { heads, end }] = [await hashing, await copying];
    // What was copied is what was hashed: nothing was written to any file since before both began.
    await assertModelUnchanged(listing, options);
    await fillHeads(file, heads, model);
    result = { model: { ...model, cid: model.cid as string }, size: await finish(file, end, model) };
  });
  return result as ModelCar;
}

/** Copies all files, each cut into leaves with room for their CIDs. */
async function copyContent({ files }: ModelListing, file: FileHandle, start: number) {
  const heads: LeafHead[] = [];
  const flusher = new Flusher(file);
  const buffers = [Buffer.allocUnsafeSlow(COPY_BYTES), Buffer.allocUnsafeSlow(COPY_BYTES)] as const;
  let position = start;
  let writing: Promise<unknown> = Promise.resolve();
  let turn = 0;
  try {
    for (const { path, size } of files) {
      const source = await open(path, OPEN_FLAGS).catch((cause: unknown) => {
        throw unreadable(path, cause);
      });
      try {
        for (let offset = 0; offset === 0 || offset < size; offset += COPY_BYTES) {
          const wanted = (buffers[turn++ % 2] as Buffer).subarray(0, Math.min(COPY_BYTES, size - offset));
          await fill(source, wanted, offset, path); // while the other buffer is written
          const { pieces, length } = cutLeaves(wanted, position, heads);
          await writing;
          flusher.wrote(length);
          writing = writeAll(file, pieces, position);
          writing.catch(() => undefined); // awaited before the next write
          position += length;
        }
      } finally {
        await source.close();
      }
    }
  } finally {
    await writing.finally(async () => flusher.end());
  }
  return { heads, end: position };
}

function cutLeaves(bytes: Buffer, start: number, heads: LeafHead[]): { pieces: Uint8Array[]; length: number } {
  const pieces: Uint8Array[] = [];
  let position = start;
  for (let offset = 0; offset === 0 || offset < bytes.length; offset += MAX_BLOCK_BYTES) {
    const leaf = bytes.subarray(offset, offset + MAX_BLOCK_BYTES);
    const head = writeBlockHead(NO_CID, leaf.length);
    heads.push({ position, length: leaf.length });
    pieces.push(head, ...(leaf.length > 0 ? [leaf] : []));
    position += head.length + leaf.length;
  }
  return { pieces, length: position - start };
}

async function fill(source: FileHandle, buffer: Buffer, offset: number, path: string): Promise<void> {
  for (let filled = 0; filled < buffer.length;) {
    const { bytesRead } = await source.read(buffer, filled, buffer.length - filled, offset + filled);
    if (bytesRead === 0) throw changed(path);
    filled += bytesRead;
  }
}

async function fillHeads(file: FileHandle, heads: readonly LeafHead[], { leafDigests = [] }: HashedModel) {
  const digests = leafDigests.flatMap((all) =>
    Array.from({ length: all.length / DIGEST_BYTES }, (_, i) => all.subarray(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES)),
  );
  if (digests.length !== heads.length) throw new ProvenanceError("MODEL_CHANGED", "The model changed. Run again.");
  await forEachAtOnce(heads.entries(), HEADS_AT_ONCE, async ([i, { position, length }]) => {
    const head = writeBlockHead(rawCidOfDigest(toHex(digests[i] as Uint8Array)), length);
    await writeAll(file, [head], position);
  });
}

/** Writes what links the content, and the header. @returns bytes of the file */
async function finish(file: FileHandle, end: number, { cid, kind, resources, leafDigests = [] }: HashedModel) {
  const withLeaves = resources.map(({ name, size }, i) => ({ name, size, leafDigests: leafDigests[i] as Uint8Array }));
  const pieces: Uint8Array[] = [];
  for (const { cid, bytes } of buildModelDag(kind, withLeaves)) pieces.push(writeBlockHead(cid, bytes.length), bytes);
  await writeAll(file, [writeCarHeader(CID.parse(cid as string))], 0);
  return end + (await writeAll(file, pieces, end));
}

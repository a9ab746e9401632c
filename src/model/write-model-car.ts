import { CID } from "multiformats/cid";
import { replaceFileAtomically } from "../base/atomic-write.ts";
import { toDigits } from "../base/bytes.ts";
import { ZERO_DIGEST } from "../base/hex.ts";
import { LongFile } from "../base/long-file.ts";
import { giveBack } from "../content/buffer-pool.ts";
import { appendBlock } from "../content/car/car-file.ts";
import { writeCarHeader } from "../content/car/car.ts";
import { type Block, MAX_BLOCK_BYTES, rawCidOfDigest } from "../content/cid.ts";
import { type LeafPlace, readLeaves } from "../content/unixfs/read-leaves.ts";
import { type HashModelOptions, type HashedModel, hashModel } from "./hash-model.ts";
import type { FileDigest } from "./hashing/digest-sync.ts";
import { FlatHasher } from "./hashing/flat-hasher.ts";
import type { ByteProgress } from "./hashing/steps.ts";
import { buildModelDag } from "./model-cid.ts";
import { refuseLeaf } from "./model-content.ts";
import type { ModelFile } from "./walk.ts";

/** An archive of a model. */
export interface ModelCar {
  readonly model: HashedModel & { readonly cid: string };
  /** Bytes of the file. */
  readonly size: number;
}

/** What is said of how an archive is made: as for hashing, but for what others than the archive would need. */
export type ModelCarOptions = Omit<HashModelOptions, "withCid" | "cache" | "findPieces" | "readContent">;

const DIGEST_BYTES = 32;
// As large as any root, which is not known yet when the header is written.
const NO_CID = rawCidOfDigest(ZERO_DIGEST);

/**
 * Hashes a model and writes it as an archive (CARv1) at once: each file is read once, cut into leaves, hashed and written.
 * Content first, then what links it, the root last.
 *
 * @param out - outside the model; the file appears whole or not at all
 * @throws {ProvenanceError} as `hashModel`; the error of the file system for `out`
 * @example
 * const { model } = await writeModelCar("./my-model", "my-model.car");
 */
export async function writeModelCar(path: string, out: string, options: ModelCarOptions = {}): Promise<ModelCar> {
  let result: ModelCar | undefined;
  await replaceFileAtomically(out, async (file, temporary) => {
    const archive = new LongFile(file, temporary);
    try {
      await archive.append(writeCarHeader(NO_CID));
      const readContent = async (files: readonly ModelFile[]) => appendContent(archive, files, options.onBytes);
      const model = await hashModel(path, { ...options, withCid: true, readContent });
      for (const block of linksOf(model)) await appendBlock(archive, block);
      result = { model: { ...model, cid: model.cid as string }, size: archive.size };
    } finally {
      // Nothing may be under way when the file is closed.
      await archive.end();
    }
    await file.write(writeCarHeader(CID.parse(result.model.cid)), 0, undefined, 0);
  });
  return result as ModelCar;
}

/** Appends all files, cut into leaves. @returns the digests of each */
async function appendContent(
  archive: LongFile,
  files: readonly ModelFile[],
  onBytes: ByteProgress = () => undefined,
): Promise<FileDigest[]> {
  const flat = new FlatHasher(giveBack);
  const blocks = readLeaves(files.flatMap(leavesOf), refuseLeaf, { shared: true });
  const digests: Promise<FileDigest>[] = [];
  try {
    for (const { size } of files) {
      const leafDigests = new Uint8Array(countLeaves(size) * DIGEST_BYTES);
      const isOneLeaf = leafDigests.length === DIGEST_BYTES;
      for (let at = 0; at < leafDigests.length; at += DIGEST_BYTES) {
        const block = (await blocks.next()).value as Block;
        leafDigests.set(block.cid.multihash.digest, at);
        await appendBlock(archive, block);
        onBytes(block.bytes.length);
        if (isOneLeaf) giveBack(block.bytes);
        else await flat.update(block.bytes);
      }
      // The one leaf of a small file has the file's digest.
      const whole = isOneLeaf ? Promise.resolve(toDigits(leafDigests)) : flat.digest();
      digests.push(whole.then((sha256) => ({ sha256, size, leafDigests })));
    }
    return await Promise.all(digests);
  } finally {
    await blocks.return();
    await flat.close();
  }
}

/** The blocks that link the content. */
function linksOf({ kind, resources, leafDigests = [] }: HashedModel): Iterable<Block> {
  return buildModelDag(
    kind,
    resources.map(({ name, size }, i) => ({ name, size, leafDigests: leafDigests[i] as Uint8Array })),
  );
}

function leavesOf({ path, size }: ModelFile): LeafPlace[] {
  return Array.from({ length: countLeaves(size) }, (_, leaf) => {
    const offset = leaf * MAX_BLOCK_BYTES;
    return { path, offset, length: Math.min(MAX_BLOCK_BYTES, size - offset), fileSize: size };
  });
}

/** An empty file has one leaf, of nothing. */
function countLeaves(size: number): number {
  return Math.max(1, Math.ceil(size / MAX_BLOCK_BYTES));
}

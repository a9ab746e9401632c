import { CID } from "multiformats/cid";
import { replaceFileAtomically } from "../base/atomic-write.ts";
import { ZERO_DIGEST } from "../base/hex.ts";
import { LongFile } from "../base/long-file.ts";
import { giveBack } from "../content/buffer-pool.ts";
import { appendBlock } from "../content/car/car-file.ts";
import { writeCarHeader } from "../content/car/car.ts";
import { type Block, MAX_BLOCK_BYTES, rawCidOfDigest } from "../content/cid.ts";
import { type LeafPlace, readLeaves } from "../content/unixfs/read-leaves.ts";
import { type HashModelOptions, type HashedModel, hashModel } from "./hash-model.ts";
import { buildModelDag } from "./model-cid.ts";
import { refuseLeaf } from "./model-content.ts";
import type { ModelFile } from "./walk.ts";

/** An archive of a model. */
export interface ModelCar {
  readonly model: HashedModel & { readonly cid: string };
  /** Bytes of the file. */
  readonly size: number;
}

/** Of which file a leaf is, and which of its leaves. */
interface Place extends LeafPlace {
  readonly file: number;
  readonly leaf: number;
}

const DIGEST_BYTES = 32;
// As large as any root, which is not known yet when the header is written.
const NO_CID = rawCidOfDigest(ZERO_DIGEST);

/**
 * Hashes a model and writes it as an archive (CARv1) at once: while the files are hashed as wholes, their content is cut
 * into leaves, which are hashed and written. Content first, then what links it, the root last.
 *
 * @param out - outside the model; the file appears whole or not at all
 * @throws {ProvenanceError} as `hashModel`; the error of the file system for `out`
 * @example
 * const { model } = await writeModelCar("./my-model", "my-model.car");
 */
export async function writeModelCar(path: string, out: string, options: HashModelOptions = {}): Promise<ModelCar> {
  let result: ModelCar | undefined;
  await replaceFileAtomically(out, async (file, temporary) => {
    const archive = new LongFile(file, temporary);
    try {
      await archive.append(writeCarHeader(NO_CID));
      const digestLeaves = async (files: readonly ModelFile[]) => appendContent(archive, files);
      const model = await hashModel(path, { ...options, withCid: true, digestLeaves });
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

/** Appends all files, cut into leaves. @returns the digests of each file's leaves, 32 bytes after 32 bytes */
async function appendContent(archive: LongFile, files: readonly ModelFile[]): Promise<Uint8Array[]> {
  const digests = files.map(({ size }) => new Uint8Array(leavesOf(size) * DIGEST_BYTES));
  const places = files.flatMap(({ path, size }, file) =>
    Array.from({ length: leavesOf(size) }, (_, leaf): Place => {
      const offset = leaf * MAX_BLOCK_BYTES;
      return { path, offset, length: Math.min(MAX_BLOCK_BYTES, size - offset), fileSize: size, file, leaf };
    }),
  );
  let at = 0;
  for await (const block of readLeaves(places, refuseLeaf, { shared: true })) {
    const { file, leaf } = places[at++] as Place;
    digests[file]?.set(block.cid.multihash.digest, leaf * DIGEST_BYTES);
    await appendBlock(archive, block);
    giveBack(block.bytes);
  }
  return digests;
}

/** The blocks that link the content. */
function linksOf({ kind, resources, leafDigests = [] }: HashedModel): Iterable<Block> {
  return buildModelDag(
    kind,
    resources.map(({ name, size }, i) => ({ name, size, leafDigests: leafDigests[i] as Uint8Array })),
  );
}

/** An empty file has one leaf, of nothing. */
function leavesOf(size: number): number {
  return Math.max(1, Math.ceil(size / MAX_BLOCK_BYTES));
}

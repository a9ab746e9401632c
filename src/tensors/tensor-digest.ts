import { type Hash, createHash } from "node:crypto";
import { ProvenanceError } from "../errors.ts";
import { type SourceFile, withSource } from "../formats/byte-source.ts";
import type { TensorEntry } from "../formats/tensor.ts";
import { type Hex, toHex } from "../hex.ts";
import { readPieces } from "./read-pieces.ts";

/** A tensor whose data was read. */
export interface DigestedTensor extends Omit<TensorEntry, "place"> {
  /** Over dtype, shape and data: 0x-hex of 32 bytes. */
  readonly digest: Hex;
}

/** A tensor whose bytes lie in one piece of a file. */
export type PlacedTensor = Required<TensorEntry>;

/** Called with the number of bytes read since the last call. */
export type ByteProgress = (bytes: number) => void;

/** What the digest of every tensor begins with. */
export const TENSOR_DOMAIN = "model-provenance-nft/tensor/v1\n";

/**
 * Digests the tensors of one file: SHA-256 over the domain, dtype, shape and data of each. The tensor's name
 * is not part of it, nor is anything of the file: the same tensor has the same digest wherever it lies.
 * The file is read once, from front to back, in bounded memory.
 *
 * @param tensors - those that lie in the file
 * @throws {ProvenanceError} `MODEL_CHANGED` if the file changed while it was read, `MODEL_UNREADABLE`
 */
export async function digestFileTensors(
  file: SourceFile,
  tensors: readonly PlacedTensor[],
  onBytes?: ByteProgress,
): Promise<DigestedTensor[]> {
  const inOrder = tensors.toSorted((a, b) => a.place.offset - b.place.offset || a.place.length - b.place.length);
  const digested: DigestedTensor[] = [];
  await withSource(file, async (source) => {
    const begin = inOrder[0]?.place.offset ?? 0;
    const end = inOrder.reduce((last, { place }) => Math.max(last, place.offset + place.length), begin);
    if (end > source.size) throw new ProvenanceError("MODEL_CHANGED", `${file.name} became shorter while it was read.`);
    const open = startTensors(inOrder, digested);
    open.finishAt(begin);
    for await (const { position, bytes } of readPieces(source, begin, end)) {
      open.update(position, bytes);
      onBytes?.(bytes.length);
    }
    await source.assertUnchanged();
  });
  return digested;
}

/** Starts a tensor's digest: everything but the data. All numbers are little-endian. */
export function startTensorDigest({ dtype, shape }: Pick<TensorEntry, "dtype" | "shape">, dataLength: number): Hash {
  const type = Buffer.from(dtype, "ascii");
  const head = Buffer.alloc(1 + type.length + 4 + 8 * shape.length + 8);
  let at = head.writeUInt8(type.length);
  at += type.copy(head, at);
  at = head.writeUInt32LE(shape.length, at);
  for (const dimension of shape) at = head.writeBigUInt64LE(BigInt(dimension), at);
  head.writeBigUInt64LE(BigInt(dataLength), at);
  return createHash("sha256").update(TENSOR_DOMAIN).update(head);
}

/** Cuts a stream of bytes into tensors that lie one after another, perhaps with padding between them. */
function startTensors(inOrder: readonly PlacedTensor[], into: DigestedTensor[]) {
  let index = 0;
  let hash: Hash | undefined;
  const finishAt = (position: number): void => {
    for (; index < inOrder.length; index++, hash = undefined) {
      const { place, ...tensor } = inOrder[index] as PlacedTensor;
      if (place.offset + place.length > position) return;
      hash ??= startTensorDigest(tensor, place.length);
      into.push({ ...tensor, digest: toHex(hash.digest()) });
    }
  };
  const update = (position: number, bytes: Buffer): void => {
    const end = position + bytes.length;
    for (let at = position; at < end; finishAt(at)) {
      const current = inOrder[index];
      if (current === undefined || current.place.offset >= end) return;
      const { offset, length } = current.place;
      const from = Math.max(at, offset);
      at = Math.min(end, offset + length);
      hash ??= startTensorDigest(current, length);
      hash.update(bytes.subarray(from - position, at - position));
    }
  };
  return { update, finishAt };
}

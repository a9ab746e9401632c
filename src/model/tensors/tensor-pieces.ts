import type { TensorEntry } from "../formats/tensor.ts";
import { type FilePieces, packPieces } from "../hashing/pieces.ts";
import { concatBytes, toUtf8 } from "../../base/bytes.ts";
import { type Hex, toHex } from "../../base/hex.ts";

/** A tensor whose data was read. */
export interface DigestedTensor extends Omit<TensorEntry, "place"> {
  /** Over dtype, shape and data: 0x-hex of 32 bytes. */
  readonly digest: Hex;
}

/** A tensor whose bytes lie in one piece of a file. */
export type PlacedTensor = Required<TensorEntry>;

/** The tensors of one file in the order of their bytes, and as the pieces that have to be digested. */
export interface FileTensors {
  readonly tensors: readonly PlacedTensor[];
  readonly pieces: FilePieces;
}

/** What the digest of every tensor begins with. */
export const TENSOR_DOMAIN = "model-provenance-nft/tensor/v1\n";
const DIGEST_BYTES = 32;

/**
 * Says how a file is cut into its tensors. Each is digested as SHA-256 over the domain, dtype, shape and data: the name is
 * not part of it, nor is anything of the file, so the same tensor has the same digest wherever it lies.
 *
 * @param tensors - those that lie in the file
 */
export function cutTensors(tensors: readonly PlacedTensor[]): FileTensors {
  const inOrder = tensors.toSorted((a, b) => a.place.offset - b.place.offset || a.place.length - b.place.length);
  const pieces = inOrder.map((tensor) => {
    const { offset, length } = tensor.place;
    return { offset, length, preamble: encodeHead(tensor, length) };
  });
  return { tensors: inOrder, pieces: packPieces(pieces) };
}

/** Gives tensors their digests. @param digests - of the pieces: 32 bytes a tensor, in their order */
export function joinDigests({ tensors }: FileTensors, digests: Uint8Array): DigestedTensor[] {
  return tensors.map(({ place: _, ...tensor }, i) => {
    return { ...tensor, digest: toHex(digests.subarray(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES)) };
  });
}

/** Everything but the data. All numbers are little-endian. */
function encodeHead({ dtype, shape }: Pick<TensorEntry, "dtype" | "shape">, dataLength: number): Uint8Array {
  const [domain, type] = [toUtf8(TENSOR_DOMAIN), toUtf8(dtype)];
  const lengths = new DataView(new ArrayBuffer(4 + 8 * shape.length + 8));
  lengths.setUint32(0, shape.length, true);
  [...shape, dataLength].forEach((value, i) => lengths.setBigUint64(4 + 8 * i, BigInt(value), true));
  return concatBytes([domain, Uint8Array.of(type.length), type, new Uint8Array(lengths.buffer)]);
}

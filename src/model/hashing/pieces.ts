import { type Sha256, concatBytes, createSha256 } from "../../base/bytes.ts";

/** A part of a file that gets a digest of its own: SHA-256 over a preamble and the part's bytes. */
export interface FilePiece {
  /** Where it begins in the file, in bytes. */
  readonly offset: number;
  /** In bytes. */
  readonly length: number;
  /** What is hashed before its bytes. */
  readonly preamble: Uint8Array;
}

/** The pieces of one file in few buffers: there may be 100 000 of them, and threads are told of them all. */
export interface FilePieces {
  readonly count: number;
  /** Offset and length of each, in ascending order and without overlaps. */
  readonly bounds: Float64Array;
  /** One preamble after another. */
  readonly preambles: Uint8Array;
  /** Where each preamble ends. */
  readonly preambleEnds: Float64Array;
}

const DIGEST_BYTES = 32;

/** Packs the pieces of a file. @param pieces - in ascending order of their offsets, without overlaps */
export function packPieces(pieces: readonly FilePiece[]): FilePieces {
  const bounds = Float64Array.from(pieces.flatMap(({ offset, length }) => [offset, length]));
  const preambles = concatBytes(pieces.map(({ preamble }) => preamble));
  let end = 0;
  const preambleEnds = Float64Array.from(pieces, ({ preamble }) => (end += preamble.length));
  return { count: pieces.length, bounds, preambles, preambleEnds };
}

/** Cuts the bytes of a file, which are shown from its front to its end, into pieces and digests each. */
export class PieceDigester {
  readonly #pieces: FilePieces;
  readonly #digests: Uint8Array;
  #index = 0;
  #end = 0;
  readonly #begin: () => Sha256;
  #hash: Sha256 | undefined;

  /** @param begin - begins a SHA-256, of which one is open at a time */
  constructor(pieces: FilePieces, begin: () => Sha256 = createSha256) {
    this.#begin = begin;
    this.#pieces = pieces;
    this.#digests = new Uint8Array(pieces.count * DIGEST_BYTES);
  }

  /** Takes the bytes that follow those it was shown before. @param position - where they begin in the file */
  update(position: number, bytes: Uint8Array): void {
    this.#end = position + bytes.length;
    while (this.#index < this.#pieces.count) {
      const [offset, length] = this.#boundsAt(this.#index);
      if (offset >= this.#end) return;
      const [from, to] = [Math.max(0, offset - position), Math.min(bytes.length, offset + length - position)];
      this.#hash ??= this.#start();
      this.#hash.update(bytes.subarray(from, to));
      if (offset + length > this.#end) return;
      this.#finish();
    }
  }

  /** 32 bytes a piece, in their order; undefined where the file ended before the last of them. */
  digests(): Uint8Array | undefined {
    // Pieces without a byte at the very end are still open.
    while (this.#index < this.#pieces.count && this.#endOf(this.#index) <= this.#end) this.#finish();
    return this.#index === this.#pieces.count ? this.#digests : undefined;
  }

  #finish(): void {
    this.#digests.set((this.#hash ?? this.#start()).digest(), this.#index * DIGEST_BYTES);
    this.#hash = undefined;
    this.#index++;
  }

  #start(): Sha256 {
    const { preambles, preambleEnds } = this.#pieces;
    const begin = this.#index === 0 ? 0 : (preambleEnds[this.#index - 1] as number);
    const hash = this.#begin();
    hash.update(preambles.subarray(begin, preambleEnds[this.#index]));
    return hash;
  }

  #endOf(index: number): number {
    const [offset, length] = this.#boundsAt(index);
    return offset + length;
  }

  #boundsAt(index: number): [offset: number, length: number] {
    const { bounds } = this.#pieces;
    return [bounds[2 * index] as number, bounds[2 * index + 1] as number];
  }
}

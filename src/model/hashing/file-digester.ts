import { type Hash, createHash, hash } from "node:crypto";
import { LEAF_BYTES } from "./leaf-bytes.ts";

export { LEAF_BYTES } from "./leaf-bytes.ts";
import { type FilePieces, PieceDigester } from "./pieces.ts";

/** What was read of one file. */
export interface FileDigest {
  /** 64 hex digits. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256 of each MiB, 32 bytes after 32 bytes; only where the CID was asked for. */
  readonly leafDigests?: Uint8Array;
  /** Digests of the pieces that were asked for, 32 bytes after 32 bytes; none where the file is too short for them. */
  readonly pieceDigests?: Uint8Array;
}

const DIGEST_BYTES = 32;

/** Digests the leaves of a file: SHA-256 of each MiB. */
export class LeafDigester {
  #digests: Uint8Array;
  #count = 0;

  /** @param expected - how many bytes the file should have */
  constructor(expected: number) {
    this.#digests = new Uint8Array(Math.max(1, Math.ceil(expected / LEAF_BYTES)) * DIGEST_BYTES);
  }

  /** Takes the next MiB, or the last bytes of the file. */
  update(leaf: Uint8Array): void {
    const at = this.#count++ * DIGEST_BYTES;
    // A file that is longer than it should be is refused once it was read.
    if (at < this.#digests.length) this.#digests.set(hash("sha256", leaf, "buffer"), at);
  }

  /** 32 bytes a leaf; of an empty file the one digest of nothing. */
  digests(): Uint8Array {
    if (this.#count === 0) this.update(new Uint8Array());
    return this.#digests;
  }
}

/** Computes in one pass all that is asked of a file's bytes. */
export class FileDigester {
  readonly #flat: Hash = createHash("sha256");
  readonly #leaves: LeafDigester | undefined;
  readonly #pieces: PieceDigester | undefined;
  #size = 0;

  /** @param expected - how many bytes the file should have */
  constructor(expected: number, withLeaves: boolean, pieces: FilePieces | undefined) {
    this.#leaves = withLeaves ? new LeafDigester(expected) : undefined;
    this.#pieces = pieces && new PieceDigester(pieces);
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  /** Takes the next bytes: a whole MiB, but for the last ones. */
  update(bytes: Uint8Array): void {
    this.#flat.update(bytes);
    this.#leaves?.update(bytes);
    this.#pieces?.update(this.#size, bytes);
    this.#size += bytes.length;
  }

  digest(): FileDigest {
    const pieceDigests = this.#pieces?.digests();
    return {
      sha256: this.#flat.digest("hex"),
      size: this.#size,
      ...(this.#leaves && { leafDigests: this.#leaves.digests() }),
      ...(pieceDigests && { pieceDigests }),
    };
  }
}

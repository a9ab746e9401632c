import { readBlockHead, readHeader } from "@ipld/car/decoder";
import type { CID } from "multiformats/cid";
import { ProvenanceError } from "../../base/errors.ts";
import { type Block, MAX_FOREIGN_BLOCK_BYTES, bytesMatchCid } from "../cid.ts";

/** An archive that is being read. */
export interface CarContent {
  /** As its header names them; nobody vouches for them. */
  readonly roots: readonly CID[];
  /** The blocks, each checked against its CID; to be read once. */
  readonly blocks: AsyncGenerator<Block, void>;
}

/**
 * Reads a content-addressed archive, CARv1 or the data of a CARv2, with bounded memory. Lengths are a stranger's: one
 * that no block has is refused before anything of it is kept.
 *
 * @param chunks - the archive, in pieces of any size
 * @throws {ProvenanceError} `STORE_BLOCK_CORRUPT` for what is no archive, here and while the blocks are read: for a
 *   block that is not what its CID says, that is too large, or of another hash function than SHA-256
 * @see https://ipld.io/specs/transport/car/
 */
export async function readCar(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<CarContent> {
  const reader = new ChunkReader(chunks);
  try {
    const header = await readHeader(reader);
    const end = header.version === 2 ? header.dataOffset + header.dataSize : Infinity;
    return { roots: header.roots, blocks: readBlocks(reader, end) };
  } catch (error) {
    throw toCarError(error);
  }
}

async function* readBlocks(reader: ChunkReader, end: number): AsyncGenerator<Block, void> {
  try {
    while (reader.pos < end && (await reader.upTo(1)).length > 0) {
      const { cid, blockLength } = await readBlockHead(reader);
      if (blockLength < 0) throw new Error("a section is shorter than its CID");
      const bytes = await reader.exactly(blockLength, true);
      if (!bytesMatchCid(cid, bytes)) throw new Error(`the block ${cid.toString()} is not what its CID says`);
      yield { cid, bytes };
    }
  } catch (error) {
    throw toCarError(error);
  } finally {
    await reader.close();
  }
}

/** Bytes in the order in which they come, of which only so many are kept as one block has. */
class ChunkReader {
  pos = 0;
  readonly #chunks: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  // Those that were not passed over yet: they are put together only where a block lies in two of them.
  readonly #waiting: Uint8Array[] = [];
  #available = 0;

  constructor(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    this.#chunks = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  }

  /** The next bytes, fewer where the archive ends. */
  async upTo(length: number): Promise<Uint8Array> {
    await this.#fill(length);
    return this.#peek(Math.min(length, this.#available));
  }

  async exactly(length: number, seek = false): Promise<Uint8Array> {
    if (length > MAX_FOREIGN_BLOCK_BYTES) throw new Error(`${length} bytes are more than a block has`);
    await this.#fill(length);
    if (this.#available < length) throw new Error("it was cut short");
    const bytes = this.#peek(length);
    if (seek) this.seek(length);
    return bytes;
  }

  /** Passes over bytes that were read already. */
  seek(length: number): void {
    if (length < 0 || length > this.#available) throw new Error("its data does not begin behind its header");
    this.pos += length;
    this.#available -= length;
    for (let left = length; left > 0;) {
      const first = this.#waiting[0] as Uint8Array;
      if (first.length > left) this.#waiting[0] = first.subarray(left);
      else this.#waiting.shift();
      left -= Math.min(left, first.length);
    }
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #fill(length: number): Promise<void> {
    while (this.#available < length) {
      const next: IteratorResult<Uint8Array, unknown> = await this.#chunks.next();
      if (next.done) break;
      if (next.value.length === 0) continue;
      this.#waiting.push(next.value);
      this.#available += next.value.length;
    }
  }

  #peek(length: number): Uint8Array {
    const [first = new Uint8Array()] = this.#waiting;
    if (first.length >= length) return first.subarray(0, length);
    const bytes = Buffer.allocUnsafeSlow(length);
    let filled = 0;
    for (const chunk of this.#waiting) {
      bytes.set(chunk.subarray(0, length - filled), filled);
      filled += Math.min(chunk.length, length - filled);
      if (filled === length) break;
    }
    return bytes;
  }
}

function toCarError(error: unknown): unknown {
  if (error instanceof ProvenanceError || (error as NodeJS.ErrnoException).syscall !== undefined) return error;
  const text = `This is no whole archive (CAR): ${(error as Error).message}. Export or download it again.`;
  return new ProvenanceError("STORE_BLOCK_CORRUPT", text, { cause: error });
}

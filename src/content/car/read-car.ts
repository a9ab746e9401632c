import { readBlockHead, readHeader } from "@ipld/car/decoder";
import type { CID } from "multiformats/cid";
import { ProvenanceError } from "../../base/errors.ts";
import { mapInOrder } from "../../base/concurrency.ts";
import { type Block, SHA2_256 } from "../cid.ts";
import { BlockHasher } from "../block-hasher.ts";
import { compareBytes } from "../../base/bytes.ts";
import { FileBytes, type ReadableFile } from "./file-bytes.ts";

// So many are hashed at once, and as many wait for the one who takes them (bench/README.md).
const BLOCKS_AT_ONCE = 8;

/** An archive that is being read. */
export interface CarContent {
  /** As its header names them; nobody vouches for them. */
  readonly roots: readonly CID[];
  /** The blocks, each checked against its CID; to be read once. */
  readonly blocks: AsyncGenerator<Block, void>;
}

/** Options of {@link readCar}. */
export interface ReadCarOptions {
  /**
   * The blocks may lie in memory that threads share, which not everything can send: then all cores hash, and large writes
   * need no copy.
   */
  readonly shared?: boolean;
}

/**
 * Reads a content-addressed archive, CARv1 or the data of a CARv2, with bounded memory. Lengths are a stranger's: one
 * that no block has is refused before anything of it is kept. The bytes of a block stay as they are until they are given
 * back (`giveBack`).
 *
 * @param file - the archive; it stays open as long as blocks are read
 * @throws {ProvenanceError} `STORE_BLOCK_CORRUPT` for what is no archive, here and while the blocks are read: for a
 *   block that is not what its CID says, that is too large, or of another hash function than SHA-256
 * @see https://ipld.io/specs/transport/car/
 */
export async function readCar(file: ReadableFile, { shared = false }: ReadCarOptions = {}): Promise<CarContent> {
  const reader = new FileBytes(file, shared);
  try {
    const header = await readHeader(reader);
    const end = header.version === 2 ? header.dataOffset + header.dataSize : Infinity;
    return { roots: header.roots, blocks: checkBlocks(reader, end, new BlockHasher(shared ? undefined : 0)) };
  } catch (error) {
    throw toCarError(error);
  }
}

async function* checkBlocks(reader: FileBytes, end: number, hasher: BlockHasher): AsyncGenerator<Block, void> {
  try {
    yield* mapInOrder(readBlocks(reader, end), BLOCKS_AT_ONCE, async ({ cid, bytes }) => {
      const [digest = new Uint8Array()] = await hasher.digest([bytes]);
      const { code, digest: expected } = cid.multihash;
      if (code === SHA2_256 && compareBytes(digest, expected) === 0) return { cid, bytes };
      throw new Error(`the block ${cid.toString()} is not what its CID says`);
    });
  } catch (error) {
    throw toCarError(error);
  } finally {
    await hasher.close();
  }
}

async function* readBlocks(reader: FileBytes, end: number): AsyncGenerator<Block, void> {
  while (reader.pos < end && (await reader.upTo(1)).length > 0) {
    const { cid, blockLength } = await readBlockHead(reader);
    if (blockLength < 0) throw new Error("a section is shorter than its CID");
    yield { cid, bytes: await reader.exactly(blockLength, true) };
  }
}

function toCarError(error: unknown): unknown {
  if (error instanceof ProvenanceError || (error as NodeJS.ErrnoException).syscall !== undefined) return error;
  const text = `This is no whole archive (CAR): ${(error as Error).message}. Export or download it again.`;
  return new ProvenanceError("STORE_BLOCK_CORRUPT", text, { cause: error });
}

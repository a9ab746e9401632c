import { type IHasher, createSHA256 } from "hash-wasm";
import { type FilePieces, LEAF_BYTES, PieceDigester } from "model-provenance-nft/core";
import { ReadAhead } from "./read-ahead.ts";

// Whole files go to WebCrypto, four times as fast as hash-wasm; it takes no pieces, so that they have to fit into memory.
const WHOLE_BYTES = 64 * 1024 * 1024;
const DIGEST_BYTES = 32;

/** What was computed of a file. */
export interface FileDigest {
  /** 64 hex digits. */
  readonly sha256: string;
  /** 32 bytes for each of the pieces that were asked for; absent where the file ends before the last of them. */
  readonly pieces?: Uint8Array;
  /** 32 bytes for each MiB, where these were asked for. */
  readonly leaves?: Uint8Array;
}

/** What is computed of a file in one pass, beside its SHA-256. */
export interface FileQuestion {
  /** Parts of it that get digests of their own. */
  readonly pieces?: FilePieces | undefined;
  /** Whether each MiB gets one. */
  readonly withLeaves?: boolean;
}

let hasher: Promise<IHasher> | undefined;
let pieceHasher: Promise<IHasher> | undefined;
let reader: ReadAhead | undefined;

/**
 * Computes the SHA-256 of a file, and of pieces and of each MiB of it in the same pass, with at most 64 MiB of it in memory.
 *
 * @param onBytes - told of bytes that were read
 */
export async function digestFile(
  file: Blob,
  onBytes: (bytes: number) => void,
  { pieces, withLeaves = false }: FileQuestion = {},
): Promise<FileDigest> {
  const digester = pieces && (await beginPieces(pieces));
  const leaves = withLeaves ? new Uint8Array(Math.max(1, Math.ceil(file.size / LEAF_BYTES)) * DIGEST_BYTES) : undefined;
  const sha256 = await digestWhole(file, async (position, bytes) => {
    digester?.update(position, bytes);
    if (leaves !== undefined) await digestLeaves(position, bytes, leaves);
    onBytes(bytes.length);
  });
  const digests = digester?.digests();
  return { sha256, ...(digests && { pieces: digests }), ...(leaves && { leaves }) };
}

type OnRead = (position: number, bytes: Uint8Array<ArrayBuffer>) => Promise<void>;

async function digestWhole(file: Blob, onRead: OnRead): Promise<string> {
  const subtle = findSubtle();
  if (subtle !== undefined && file.size <= WHOLE_BYTES) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const digest = await subtle.digest("SHA-256", bytes);
    await onRead(0, bytes);
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  hasher ??= createSHA256();
  const hash = await hasher;
  hash.init();
  reader ??= new ReadAhead();
  let position = 0;
  for await (const piece of reader.pieces(file)) {
    hash.update(piece);
    await onRead(position, piece);
    position += piece.length;
  }
  if (file.size === 0) await onRead(0, new Uint8Array());
  return hash.digest();
}

/** Of a page that came over an open connection a browser withholds WebCrypto. */
function findSubtle(): SubtleCrypto | undefined {
  return (crypto as Partial<Crypto>).subtle;
}

/** Digests each MiB of what was read. @param position - where it begins: a whole number of MiB */
async function digestLeaves(position: number, bytes: Uint8Array<ArrayBuffer>, into: Uint8Array): Promise<void> {
  const count = Math.max(1, Math.ceil(bytes.length / LEAF_BYTES));
  const first = position / LEAF_BYTES;
  const cut = (i: number) => bytes.subarray(i * LEAF_BYTES, (i + 1) * LEAF_BYTES);
  const digests = await Promise.all(Array.from({ length: count }, async (_, i) => digestLeaf(cut(i))));
  digests.forEach((digest, i) => into.set(digest, (first + i) * DIGEST_BYTES));
}

async function digestLeaf(leaf: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const subtle = findSubtle();
  if (subtle !== undefined) return new Uint8Array(await subtle.digest("SHA-256", leaf));
  pieceHasher ??= createSHA256();
  return (await pieceHasher).init().update(leaf).digest("binary");
}

async function beginPieces(pieces: FilePieces): Promise<PieceDigester> {
  pieceHasher ??= createSHA256();
  const hash = await pieceHasher;
  return new PieceDigester(pieces, () => {
    hash.init();
    return { update: (bytes) => hash.update(bytes), digest: () => hash.digest("binary") };
  });
}

import { type IHasher, createSHA256 } from "hash-wasm";
import { type FilePieces, PieceDigester } from "model-provenance-nft/core";
import { ReadAhead } from "./read-ahead.ts";

// Whole files go to WebCrypto, four times as fast as hash-wasm; it takes no pieces, so that they have to fit into memory.
const WHOLE_BYTES = 64 * 1024 * 1024;

/** What was computed of a file. */
export interface FileDigest {
  /** 64 hex digits. */
  readonly sha256: string;
  /** 32 bytes for each of the pieces that were asked for; absent where the file ends before the last of them. */
  readonly pieces?: Uint8Array;
}

let hasher: Promise<IHasher> | undefined;
let pieceHasher: Promise<IHasher> | undefined;
let reader: ReadAhead | undefined;

/**
 * Computes the SHA-256 of a file, and of pieces of it in the same pass, with at most 64 MiB of it in memory.
 *
 * @param onBytes - told of bytes that were read
 */
export async function digestFile(
  file: Blob,
  onBytes: (bytes: number) => void,
  pieces?: FilePieces,
): Promise<FileDigest> {
  const digester = pieces && (await beginPieces(pieces));
  const sha256 = await digestWhole(file, (position, bytes) => {
    digester?.update(position, bytes);
    onBytes(bytes.length);
  });
  const digests = digester?.digests();
  return { sha256, ...(digests && { pieces: digests }) };
}

async function digestWhole(file: Blob, onRead: (position: number, bytes: Uint8Array) => void): Promise<string> {
  // Of a page that came over an open connection a browser withholds WebCrypto.
  const subtle = (crypto as Partial<Crypto>).subtle;
  if (subtle !== undefined && file.size <= WHOLE_BYTES) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const digest = await subtle.digest("SHA-256", bytes);
    onRead(0, bytes);
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  hasher ??= createSHA256();
  const hash = await hasher;
  hash.init();
  reader ??= new ReadAhead();
  let position = 0;
  for await (const piece of reader.pieces(file)) {
    hash.update(piece);
    onRead(position, piece);
    position += piece.length;
  }
  return hash.digest();
}

async function beginPieces(pieces: FilePieces): Promise<PieceDigester> {
  pieceHasher ??= createSHA256();
  const hash = await pieceHasher;
  return new PieceDigester(pieces, () => {
    hash.init();
    return { update: (bytes) => hash.update(bytes), digest: () => hash.digest("binary") };
  });
}

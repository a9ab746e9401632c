import { type IHasher, createSHA256 } from "hash-wasm";

// Whole files go to WebCrypto, four times as fast as hash-wasm; it takes no pieces, so that they have to fit into memory.
const WHOLE_BYTES = 64 * 1024 * 1024;
const PIECE_BYTES = 8 * 1024 * 1024;
const AHEAD = 4;

let hasher: Promise<IHasher> | undefined;

/**
 * Computes the SHA-256 of a file, with at most 64 MiB of it in memory.
 *
 * @param onBytes - told of bytes that were read
 * @returns 64 hex digits
 */
export async function digestFile(file: Blob, onBytes: (bytes: number) => void): Promise<string> {
  // Of a page that came over an open connection a browser withholds WebCrypto.
  const subtle = (crypto as Partial<Crypto>).subtle;
  if (subtle !== undefined && file.size <= WHOLE_BYTES) {
    const digest = await subtle.digest("SHA-256", await file.arrayBuffer());
    onBytes(file.size);
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  hasher ??= createSHA256();
  const hash = await hasher;
  hash.init();
  const read = async (at: number) => file.slice(at, at + PIECE_BYTES).arrayBuffer();
  const waiting: Promise<ArrayBuffer>[] = [];
  let asked = 0;
  for (let at = 0; at < file.size; at += PIECE_BYTES) {
    // What comes next is read while this piece is hashed.
    for (; asked < file.size && waiting.length < AHEAD; asked += PIECE_BYTES) waiting.push(read(asked));
    const piece = new Uint8Array((await waiting.shift()) as ArrayBuffer);
    hash.update(piece);
    onBytes(piece.length);
  }
  return hash.digest();
}

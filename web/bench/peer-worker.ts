import { createSHA256 } from "hash-wasm";

/** What is hashed to compare with. */
export type PeerTask =
  { readonly kind: "leaves"; readonly file: File } | { readonly kind: "wasm"; readonly bytes: number };

const LEAF = 1024 * 1024;
const PIECE = 8 * LEAF;

onmessage = ({ data }: MessageEvent<PeerTask>) => {
  const done = data.kind === "leaves" ? hashLeaves(data.file) : hashFromMemory(data.bytes);
  void done.then(() => postMessage("done"));
};

async function hashLeaves(file: File): Promise<void> {
  for (let at = 0; at < file.size; at += PIECE) {
    const piece = new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer());
    const starts = Array.from({ length: Math.ceil(piece.length / LEAF) }, (_, i) => i * LEAF);
    await Promise.all(
      starts.map(async (start) => crypto.subtle.digest("SHA-256", piece.subarray(start, start + LEAF))),
    );
  }
}

async function hashFromMemory(bytes: number): Promise<void> {
  const hash = await createSHA256();
  const piece = new Uint8Array(PIECE).fill(7);
  for (let left = bytes; left > 0; left -= PIECE) hash.update(left < PIECE ? piece.subarray(0, left) : piece);
  hash.digest();
}

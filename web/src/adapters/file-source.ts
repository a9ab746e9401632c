import { type ByteSource, LEAF_BYTES, type SourceFile } from "model-provenance-nft/core";
import type { PickedFile } from "./picked-files.ts";

/** A picked file of which headers can be read; nothing but what is asked for is read. */
export function sourceOf({ name, file }: PickedFile): SourceFile {
  const source: ByteSource = {
    size: file.size,
    read: async (into, position) => {
      const end = position + into.length;
      if (end > file.size) throw new RangeError(`The file ends at ${file.size}.`);
      into.set(new Uint8Array(await file.slice(position, end).arrayBuffer()));
    },
    // A browser refuses to read what was written since it was picked.
    assertUnchanged: async () => Promise.resolve(),
    close: async () => Promise.resolve(),
  };
  return { name, open: async () => Promise.resolve(source) };
}

/** Hashes each MiB of the first `size` bytes of a file: 32 bytes after 32 bytes. */
export async function leavesOf({ file }: PickedFile, size: number): Promise<Uint8Array> {
  const count = Math.max(1, Math.ceil(size / LEAF_BYTES));
  const digests = new Uint8Array(count * 32);
  for (let i = 0; i < count; i++) {
    const leaf = await file.slice(i * LEAF_BYTES, Math.min(size, (i + 1) * LEAF_BYTES)).arrayBuffer();
    digests.set(new Uint8Array(await crypto.subtle.digest("SHA-256", leaf)), i * 32);
  }
  return digests;
}

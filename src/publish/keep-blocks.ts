import type { BlockSource } from "../content/content-store.ts";

const MAX_BLOCKS = 256;
const MAX_BYTES = 256 * 1024;

/** Reads through a source, and keeps the small blocks that were read last: folders are read again and again. */
export function keepBlocks(source: BlockSource): BlockSource {
  const kept = new Map<string, Uint8Array>();
  return {
    get: async (cid, options) => {
      const key = cid.toString();
      const known = kept.get(key);
      if (known !== undefined) return known;
      const bytes = await source.get(cid, options);
      if (bytes.length > MAX_BYTES) return bytes;
      const [oldest] = kept.keys();
      if (kept.size >= MAX_BLOCKS && oldest !== undefined) kept.delete(oldest);
      kept.set(key, bytes);
      return bytes;
    },
  };
}

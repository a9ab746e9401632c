import { type BlockSource, type Hex, readMetadata } from "model-provenance-nft/core";

// What was read once is true for good: bytes have the digest that the chain names.
const known = new Map<Hex, string>();
const AT_ONCE = 6;
const LONGEST_WAIT = 15_000;

/**
 * Reads the names of models from their metadata, whose bytes are checked against the digests of the chain. What cannot be
 * read now has no name, and is tried anew when it is seen again.
 *
 * @param onName - called as the names become known
 * @param signal - stops it: other rows are seen
 */
export async function readNames(
  digests: readonly Hex[],
  store: BlockSource,
  onName: (digest: Hex, name: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const waiting = [...new Set(digests)];
  const read = async () => {
    for (let digest = waiting.shift(); digest !== undefined && !signal.aborted; digest = waiting.shift()) {
      const name = known.get(digest) ?? (await readName(digest, store, signal));
      if (name !== undefined) onName(digest, name);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, read));
}

async function readName(digest: Hex, store: BlockSource, signal: AbortSignal): Promise<string | undefined> {
  const source: BlockSource = {
    get: async (cid, options) =>
      store.get(cid, { ...options, signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_WAIT)]) }),
  };
  try {
    const { name } = await readMetadata(digest, source);
    known.set(digest, name);
    return name;
  } catch {
    return undefined; // gone, slow, damaged, of another format: it has no name that could be shown
  }
}

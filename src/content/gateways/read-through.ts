import type { CID } from "multiformats/cid";
import { ProvenanceError } from "../../base/errors.ts";
import { MAX_BLOCK_BYTES } from "../cid.ts";
import type { BlockSource, ContentStore, ReadOptions } from "../content-store.ts";

/** Options of {@link readThrough}. */
export interface ReadThroughOptions {
  /** Where to keep what was fetched, and how many bytes of it at most; kept nowhere when left out. */
  readonly keep?: { readonly store: Pick<ContentStore, "pin">; readonly maxBytes: number };
  readonly warn?: (text: string) => void;
}

/**
 * Reads from a store at hand first, and from elsewhere what it does not hold or holds damaged.
 *
 * @throws {ProvenanceError} (reading) as the source elsewhere
 */
export function readThrough(
  atHand: BlockSource,
  elsewhere: BlockSource,
  { keep, warn }: ReadThroughOptions = {},
): BlockSource {
  let room = keep?.maxBytes ?? 0;
  let warned = false;
  const keepBlock = async (cid: CID, bytes: Uint8Array) => {
    if (keep === undefined || bytes.length > room) return;
    room -= bytes.length;
    try {
      await keep.store.pin(cid, [{ cid, bytes }], { linksOnly: true });
    } catch (error) {
      if (!(error instanceof ProvenanceError)) throw error;
      room = 0; // the next one would fail as well
      warn?.(`What is fetched is not kept. ${error.message}`);
    }
  };
  return {
    get: async (cid: CID, options: ReadOptions = {}) => {
      const { maxBytes = MAX_BLOCK_BYTES } = options;
      try {
        const bytes = await atHand.get(cid, options);
        if (bytes.length <= maxBytes) return bytes;
      } catch (error) {
        if (!(error instanceof ProvenanceError) || !error.code.startsWith("STORE_")) throw error;
        // A store that is damaged often is so in many places.
        if (error.code !== "STORE_BLOCK_MISSING" && !warned) warn?.(error.message);
        warned ||= error.code !== "STORE_BLOCK_MISSING";
      }
      const bytes = await elsewhere.get(cid, options);
      await keepBlock(cid, bytes);
      return bytes;
    },
  };
}

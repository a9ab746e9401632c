import type { CID } from "multiformats/cid";
import type { Block } from "./cid.ts";

/** How blocks are pinned. */
export interface PinOptions {
  /** Keep the blocks given and follow no link: what they link to is kept elsewhere, or nowhere. */
  readonly linksOnly?: boolean;
}

/** How a block is read. A source that has it at hand may pass over all of these. */
export interface ReadOptions {
  /** The largest block to take, in bytes; 1 MiB when it is left out. */
  readonly maxBytes?: number;
  /** Gives the reading up: the source then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Where blocks are read from: a store, or a gateway that nobody has to trust. */
export interface BlockSource {
  /**
   * Reads one block and checks it against its CID.
   *
   * @throws {ProvenanceError} `STORE_BLOCK_MISSING`, `STORE_BLOCK_CORRUPT`, `STORE_FAILED`
   */
  get(cid: CID, options?: ReadOptions): Promise<Uint8Array>;
}

/**
 * Where content is kept available. We compute the CID first and hand over blocks, so that no
 * store cuts the content its own way; a store that answers another CID is an error.
 */
export interface ContentStore extends BlockSource {
  /** What `STORE` calls it. */
  readonly name: string;
  /** True when others can fetch from it what was pinned. */
  readonly public: boolean;
  /**
   * Pins the blocks below a root, all of them.
   *
   * @throws {ProvenanceError} `STORE_FAILED`
   */
  pin(root: CID, blocks: Iterable<Block> | AsyncIterable<Block>, options?: PinOptions): Promise<void>;
  /** Tells whether a block is there. */
  has(cid: CID): Promise<boolean>;
}

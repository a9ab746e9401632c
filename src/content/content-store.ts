import type { CID } from "multiformats/cid";
import type { Block } from "./cid.ts";

/**
 * Blocks that a store may read several times, once for each service: every iteration starts anew. The bytes of a block
 * stay as they are when the next one is asked for, until the store says that it needs them no more (`giveBack`).
 */
export type Blocks = Iterable<Block> | AsyncIterable<Block>;

/** How blocks are pinned. */
export interface PinOptions {
  /** Keep the blocks given and follow no link: what they link to is kept elsewhere, or nowhere. */
  readonly linksOnly?: boolean;
  /** Blocks that were found whole already, with all below them, as `blockKey` names them; others are added. */
  readonly walked?: Set<string>;
  /** Stops what is under way; what is stored already stays. */
  readonly signal?: AbortSignal;
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
 * What a store does with content: a provider takes blocks and gives them to whoever asks; a follower fetches from
 * providers what it is told to pin; a copy keeps single blocks for ever, outside IPFS, beside a provider.
 */
export type StoreRole = "provider" | "follower" | "copy";

/**
 * Where content is kept available. We compute the CID first and hand over blocks, so that no
 * store cuts the content its own way; a store that answers another CID is an error.
 */
export interface ContentStore extends BlockSource {
  /** What `STORE` calls it. */
  readonly name: string;
  /** True when others can fetch from it what was pinned. */
  readonly public: boolean;
  /** A provider unless it says otherwise. */
  readonly role?: StoreRole;
  /**
   * Pins the blocks below a root, all of them. What is pinned already is not sent again.
   *
   * @param blocks - may be read several times
   * @throws {ProvenanceError} `STORE_FAILED`, `STORE_REFUSED` (for good: credentials, funds, size), `INTERRUPTED`
   */
  pin(root: CID, blocks: Blocks, options?: PinOptions): Promise<void>;
  /** Tells whether a block is there; of services that know roots alone, whether that root is pinned. */
  has(cid: CID): Promise<boolean>;
  /**
   * Says what pinning would cost, a sentence a store, before anything is sent. Stores that are paid otherwise say
   * nothing.
   *
   * @param blocks - that are pinned alone, each a root
   * @throws {ProvenanceError} `STORE_REFUSED` if the funds do not suffice, `STORE_FAILED`
   */
  quote?(blocks: readonly Block[]): Promise<readonly string[]>;
  /** Where else the bytes of a block were put by {@link pin}: URIs such as `ar://…`. */
  copiesOf?(cid: CID): readonly string[];
}

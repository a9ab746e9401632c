import type { CID } from "multiformats/cid";
import { ProvenanceError } from "../../src/base/errors.ts";
import type { Block } from "../../src/content/cid.ts";

/** Blocks in memory, with the reading half of a content store. Nothing is checked against its CID. */
export class MemoryStore {
  readonly blocks = new Map<string, Uint8Array>();
  /** How often a block was asked for. */
  reads = 0;

  constructor(blocks: Iterable<Block> = []) {
    for (const block of blocks) this.add(block);
  }

  add({ cid, bytes }: Block): void {
    this.blocks.set(cid.toString(), bytes);
  }

  readonly get = async (cid: CID): Promise<Uint8Array> => {
    this.reads++;
    const bytes = this.blocks.get(cid.toString());
    if (bytes === undefined) throw new ProvenanceError("STORE_BLOCK_MISSING", `There is no block ${cid.toString()}.`);
    return bytes;
  };
}

import { type Block, rawBlock } from "../../src/content/cid.ts";
import { buildUnixfsFile } from "../../src/content/unixfs/unixfs-file.ts";
import type { CID } from "multiformats/cid";

/** A root and its blocks, as a list. */
export interface TestDag {
  readonly root: CID;
  readonly blocks: readonly Block[];
}

/** One block: what metadata is. */
export function singleBlock(text = '{"name":"a model"}'): TestDag {
  const block = rawBlock(Buffer.from(text));
  return { root: block.cid, blocks: [block] };
}

/** A file of some MiB, each of other bytes: leaves and a node that links them. */
export async function manyBlocks(mebibytes: number, salt = 0): Promise<TestDag> {
  const mebibyte = (i: number) => Buffer.alloc(1024 * 1024, `${salt}:${i};`);
  const build = buildUnixfsFile(Array.from({ length: mebibytes }, (_, i) => mebibyte(i)));
  const blocks: Block[] = [];
  for (;;) {
    const { value, done } = await build.next();
    if (done) return { root: value, blocks };
    blocks.push(value);
  }
}

import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { CID } from "multiformats/cid";
import { type Block, MAX_BLOCK_BYTES } from "../../src/content/cid.ts";
import { buildUnixfsFile } from "../../src/content/unixfs/unixfs-file.ts";

/** A file on the disk as blocks, leaves first: each leaf says where it stands in the file. */
export interface FileBlocks {
  readonly root: CID;
  readonly blocks: readonly Block[];
}

/** Cuts a file into blocks whose leaves refer to it. */
export async function blocksOfFile(path: string): Promise<FileBlocks> {
  const blocks: Block[] = [];
  const build = buildUnixfsFile(readPieces(path));
  let offset = 0;
  for (;;) {
    const { value, done } = await build.next();
    if (done) return { root: value, blocks };
    const isLeaf = value.cid.code === 0x55;
    blocks.push(isLeaf ? { ...value, origin: { path, offset } } : value);
    if (isLeaf) offset += value.bytes.length;
  }
}

function* readPieces(path: string): Generator<Uint8Array> {
  const descriptor = openSync(path, "r");
  try {
    for (let left = statSync(path).size; left > 0; left -= MAX_BLOCK_BYTES) {
      const piece = Buffer.alloc(Math.min(left, MAX_BLOCK_BYTES));
      readSync(descriptor, piece);
      yield piece;
    }
  } finally {
    closeSync(descriptor);
  }
}

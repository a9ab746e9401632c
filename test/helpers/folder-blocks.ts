import { join } from "node:path";
import type { CID } from "multiformats/cid";
import type { Block } from "../../src/content/cid.ts";
import { buildUnixfsFolder } from "../../src/content/unixfs/unixfs-folder.ts";
import { blocksOfFile } from "./file-blocks.ts";

/** A folder on the disk as blocks: the content of the files named, and what links it, the root last. */
export async function blocksOfFolder(
  folder: string,
  names: readonly string[],
): Promise<{ root: CID; blocks: readonly Block[] }> {
  const blocks: Block[] = [];
  const entries: [string, { cid: CID; dagSize: number }][] = [];
  for (const name of names) {
    const file = await blocksOfFile(join(folder, name));
    blocks.push(...file.blocks);
    entries.push([name, { cid: file.root, dagSize: file.blocks.reduce((sum, { bytes }) => sum + bytes.length, 0) }]);
  }
  const folders = buildUnixfsFolder(entries);
  for (;;) {
    const { value, done } = folders.next();
    if (done) return { root: value.cid, blocks };
    blocks.push(value);
  }
}

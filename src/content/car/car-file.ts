import type { CID } from "multiformats/cid";
import { replaceFileAtomically } from "../../base/atomic-write.ts";
import { LongFile } from "../../base/long-file.ts";
import { giveBack } from "../buffer-pool.ts";
import type { Block } from "../cid.ts";
import { writeBlockHead, writeCarHeader } from "./car.ts";

/**
 * Writes an archive to a file, whole or not at all.
 *
 * @param onBytes - called with the number of bytes since the last call
 * @returns bytes of the file
 * @throws the error of the file system, or of the blocks; nothing is left behind
 */
export async function writeCarFile(
  path: string,
  root: CID,
  blocks: Iterable<Block> | AsyncIterable<Block>,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<number> {
  let size = 0;
  const tell = (now: number) => {
    onBytes(now - size);
    size = now;
  };
  await replaceFileAtomically(path, async (file, temporary) => {
    const archive = new LongFile(file, temporary);
    try {
      await archive.append(writeCarHeader(root));
      for await (const block of blocks) {
        await appendBlock(archive, block);
        giveBack(block.bytes);
        tell(archive.size);
      }
      tell(archive.size);
    } finally {
      // Nothing may be under way when the file is closed.
      await archive.end();
    }
  });
  return size;
}

/** Appends a block to an archive. */
export async function appendBlock(archive: LongFile, { cid, bytes }: Block): Promise<void> {
  await archive.append(writeBlockHead(cid, bytes.length));
  await archive.append(bytes);
}

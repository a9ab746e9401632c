import { constants } from "node:fs";
import { type FileHandle, lstat, open } from "node:fs/promises";
import type { CID } from "multiformats/cid";
import { ProvenanceError } from "../../../base/errors.ts";
import { bytesMatchCid } from "../../cid.ts";
import type { Reference, ReferencedFile } from "./reference-file.ts";

// Without following a link that came in the file's place, and without waiting on a FIFO.
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** What a file is now, to be compared with what it was. */
export async function describeReferencedFile(path: string): Promise<ReferencedFile | undefined> {
  const stats = await lstat(path, { bigint: true }).catch(() => undefined);
  if (stats === undefined || !stats.isFile()) return undefined;
  return { path, size: Number(stats.size), mtimeNs: stats.mtimeNs, ino: stats.ino };
}

/** Tells whether nothing was written to a file, and no other put in its place. */
export function isSameReferencedFile(a: ReferencedFile, b: ReferencedFile | undefined): boolean {
  return b !== undefined && a.path === b.path && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ino === b.ino;
}

/**
 * Reads a block from the file it lies in, and checks it against its CID. A file that was only touched or copied back
 * still holds the block; one that was changed does not.
 *
 * @throws {ProvenanceError} `STORE_BLOCK_MISSING` if the file is gone, `STORE_BLOCK_CORRUPT` if it holds other bytes;
 *   both name the file
 */
export async function readReference(cid: CID, { file, offset, length }: Reference): Promise<Uint8Array> {
  const bytes = await readRange(file.path, offset, length).catch((cause: unknown) => {
    throw sourceMissing(cid, file.path, cause);
  });
  if (bytes.length === length && bytesMatchCid(cid, bytes)) return bytes;
  throw await sourceDiffers(cid, { file, offset, length });
}

/** The error for a referenced file that holds other bytes than it did. */
export async function sourceDiffers(cid: CID, { file, offset, length }: Reference): Promise<ProvenanceError> {
  const why = isSameReferencedFile(file, await describeReferencedFile(file.path))
    ? `its bytes ${offset}-${offset + length - 1} were damaged, though nobody wrote to it`
    : "it was changed since it was pinned";
  return new ProvenanceError(
    "STORE_BLOCK_CORRUPT",
    `The local store refers to ${file.path} for ${cid.toString()}, and ${why}. Put the file back as it was, or pin the model again.`,
  );
}

/** The error for a referenced file that cannot be read. */
export function sourceMissing(cid: CID, path: string, cause: unknown): ProvenanceError {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new ProvenanceError(
    "STORE_BLOCK_MISSING",
    `The local store refers to ${path} for ${cid.toString()}, and it cannot be read (${reason}). Put the file back, or pin the model again.`,
    { cause },
  );
}

async function readRange(path: string, offset: number, length: number): Promise<Uint8Array> {
  const handle = await open(path, OPEN_FLAGS);
  try {
    if (!(await handle.stat()).isFile()) throw new Error("it is no regular file");
    return await fill(handle, Buffer.allocUnsafeSlow(length), offset);
  } finally {
    await handle.close();
  }
}

/** Fills a buffer from a position on. @returns the part of it that was filled: shorter where the file ends */
export async function fill(handle: FileHandle, buffer: Buffer, position: number): Promise<Buffer> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

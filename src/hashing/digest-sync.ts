import { createHash, hash } from "node:crypto";
import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { ProvenanceError } from "../errors.ts";

/** Bytes of one leaf of a UnixFS file: 1 MiB in the profile `unixfs-v1-2025`. */
export const LEAF_BYTES = 1024 * 1024;
// Reads of 1 MiB keep the buffer in the second-level cache: 4 MiB was a tenth slower with both digests.
const READ_BYTES = LEAF_BYTES;

/** What was read of one file. */
export interface FileDigest {
  /** 64 hex digits. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256 of each MiB, 32 bytes after 32 bytes; only where the CID was asked for. */
  readonly leafDigests?: Uint8Array;
}

/** What makes a file the same file: compared before and after it was read. */
export type FileIdentity = Pick<BigIntStats, "dev" | "ino" | "size" | "mtimeNs" | "ctimeNs">;

/**
 * Reads a file once and computes its SHA-256 and, when asked, that of each MiB. Blocks the thread: for
 * worker threads, and for small files.
 *
 * @param file - its identity, where given, is that of the listing: another file put in its place is noticed
 * @param buffer - at least 1 MiB, reused from call to call
 * @param onBytes - called after each piece with its length in bytes
 * @throws {ProvenanceError} `MODEL_UNREADABLE`, `MODEL_UNSUPPORTED_ENTRY`, `MODEL_CHANGED`
 */
export function digestFileSync(
  { path, identity }: { readonly path: string; readonly identity?: FileIdentity },
  withLeaves: boolean,
  buffer: Buffer,
  onBytes?: (bytes: number) => void,
): FileDigest {
  const descriptor = openRegularFile(path);
  try {
    // A file that was listed is compared with the listing once it was read: that is one look instead of two.
    const before = identity ?? assertRegular(fstatSync(descriptor, { bigint: true }), path);
    const size = Number(before.size);
    const small = size < READ_BYTES;
    const digest = small
      ? digestSmall(descriptor, size, withLeaves, buffer)
      : digestLarge(descriptor, withLeaves, buffer, onBytes);
    if (small) onBytes?.(digest.size);
    assertUnchanged(before, assertRegular(fstatSync(descriptor, { bigint: true }), path), path);
    if (digest.size !== size) throw changed(path);
    return digest;
  } catch (error) {
    throw error instanceof ProvenanceError ? error : unreadable(path, error);
  } finally {
    closeSync(descriptor);
  }
}

/** A file that fits the buffer: one call reads it and one hashes it, and its one leaf has the same digest. */
function digestSmall(descriptor: number, size: number, withLeaves: boolean, buffer: Buffer): FileDigest {
  // One byte more is asked for, to notice a file that grew; the look at it afterwards finds the rest.
  const filled = fillBuffer(descriptor, buffer, 0, size + 1, size);
  const content = buffer.subarray(0, filled);
  if (!withLeaves) return { sha256: hash("sha256", content, "hex"), size: filled };
  const digest = hash("sha256", content, "buffer");
  return { sha256: digest.toString("hex"), size: filled, leafDigests: digest };
}

function digestLarge(
  descriptor: number,
  withLeaves: boolean,
  buffer: Buffer,
  onBytes?: (bytes: number) => void,
): FileDigest {
  const flat = createHash("sha256");
  const leaves: Buffer[] = [];
  let size = 0;
  for (;;) {
    const filled = fillBuffer(descriptor, buffer, size, READ_BYTES);
    if (filled === 0) break;
    const chunk = buffer.subarray(0, filled);
    flat.update(chunk);
    if (withLeaves) leaves.push(hash("sha256", chunk, "buffer"));
    size += filled;
    onBytes?.(filled);
  }
  const sha256 = flat.digest("hex");
  return withLeaves ? { sha256, size, leafDigests: Buffer.concat(leaves) } : { sha256, size };
}

/** Reads at most `wanted` bytes, and goes on until `enough` are there or the file ends. */
function fillBuffer(descriptor: number, buffer: Buffer, position: number, wanted: number, enough = wanted): number {
  let filled = 0;
  while (filled < enough) {
    const read = readSync(descriptor, buffer, filled, wanted - filled, position + filled);
    if (read === 0) break;
    filled += read;
  }
  return filled;
}

/** Opens without following a link that came after the walk, and without waiting on a FIFO. */
export const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

function openRegularFile(path: string): number {
  try {
    return openSync(path, OPEN_FLAGS);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** @throws {ProvenanceError} `MODEL_UNSUPPORTED_ENTRY` */
export function assertRegular(stats: BigIntStats, path: string): BigIntStats {
  if (stats.isFile()) return stats;
  throw new ProvenanceError("MODEL_UNSUPPORTED_ENTRY", `${path} is not a regular file.`);
}

/** @throws {ProvenanceError} `MODEL_CHANGED` */
export function assertUnchanged(before: FileIdentity, after: FileIdentity, path: string): void {
  if (!isSameFile(before, after)) throw changed(path);
}

/** Tells whether nothing was written to a file, and no other put in its place. */
export function isSameFile(a: FileIdentity, b: FileIdentity): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;
}

/** The error for a file that is not what it was a moment ago. */
export function changed(path: string): ProvenanceError {
  return new ProvenanceError(
    "MODEL_CHANGED",
    `${path} changed while it was being hashed. Wait until nothing writes to the model and run again.`,
  );
}

/** The error for a file that could not be read. */
export function unreadable(path: string, cause: unknown): ProvenanceError {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new ProvenanceError("MODEL_UNREADABLE", `${path} cannot be read (${reason}). Check its permissions.`, {
    cause,
  });
}

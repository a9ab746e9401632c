import { hash } from "node:crypto";
import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { ProvenanceError } from "../../base/errors.ts";
import { type FileDigest, FileDigester, LEAF_BYTES } from "./file-digester.ts";
import type { FilePieces } from "./pieces.ts";
import { type Steps, runSteps } from "./steps.ts";

export { type FileDigest, LEAF_BYTES } from "./file-digester.ts";

// Reads of 1 MiB keep the buffer in the second-level cache: 4 MiB was a tenth slower with both digests.
const READ_BYTES = LEAF_BYTES;

/** What makes a file the same file: compared before and after it was read. */
export type FileIdentity = Pick<BigIntStats, "dev" | "ino" | "size" | "mtimeNs" | "ctimeNs">;

/** What is computed of a file in one pass, beside its SHA-256. */
export interface FileToDigest {
  readonly path: string;
  /** What it was when it was listed: another file put in its place is noticed. */
  readonly identity?: FileIdentity;
  /** Parts of it that get digests of their own. */
  readonly pieces?: FilePieces;
}

/**
 * Reads a file once and computes its SHA-256 and, when asked, that of each MiB and of its pieces. Blocks the thread: for
 * worker threads. The digest of the only leaf of a small file is left out: it is that of the file.
 *
 * @param buffer - at least 1 MiB, reused from call to call
 * @param onBytes - called after each read with its length in bytes
 * @throws {ProvenanceError} `MODEL_UNREADABLE`, `MODEL_UNSUPPORTED_ENTRY`, `MODEL_CHANGED`
 */
export function digestFileSync(
  file: FileToDigest,
  withLeaves: boolean,
  buffer: Buffer,
  onBytes: (bytes: number) => void,
): FileDigest {
  return runSteps(digestInSteps(file, withLeaves, buffer), onBytes);
}

/**
 * As {@link digestFileSync}, in steps: a read each, of which the length is told.
 */
export function* digestInSteps(file: FileToDigest, withLeaves: boolean, buffer: Buffer): Steps<FileDigest> {
  const { path, identity, pieces } = file;
  const descriptor = openFile(file);
  try {
    // A file that was listed is compared with the listing once it was read: that is one look instead of two.
    const before = identity ?? assertRegular(fstatSync(descriptor, { bigint: true }), path);
    const size = Number(before.size);
    const small = size < READ_BYTES && pieces === undefined;
    const digest = small
      ? digestSmall(descriptor, size, buffer)
      : yield* digestLarge(descriptor, new FileDigester(size, withLeaves, pieces), buffer);
    if (small) yield digest.size;
    assertUnchanged(before, assertRegular(fstatSync(descriptor, { bigint: true }), path), path);
    if (digest.size !== size) throw changed(path);
    return digest;
  } catch (error) {
    throw error instanceof ProvenanceError ? error : unreadable(path, error);
  } finally {
    closeSync(descriptor);
  }
}

/** A file that fits the buffer: one call reads it and one hashes it. */
function digestSmall(descriptor: number, size: number, buffer: Buffer): FileDigest {
  // One byte more is asked for, to notice a file that grew; the look at it afterwards finds the rest.
  const filled = fillBuffer(descriptor, buffer, 0, size + 1, size);
  return { sha256: hash("sha256", buffer.subarray(0, filled), "hex"), size: filled };
}

function* digestLarge(descriptor: number, digester: FileDigester, buffer: Buffer): Steps<FileDigest> {
  for (;;) {
    const filled = fillBuffer(descriptor, buffer, digester.size, READ_BYTES);
    if (filled === 0) return digester.digest();
    digester.update(buffer.subarray(0, filled));
    yield filled;
  }
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

/** Opens a file to be read. @throws {ProvenanceError} as {@link notOpened} */
export function openFile(file: FileToDigest): number {
  try {
    return openSync(file.path, OPEN_FLAGS);
  } catch (cause) {
    throw notOpened(file, cause);
  }
}

/** The error for a file that cannot be opened: it changed where it was listed and is gone. */
export function notOpened({ path, identity }: FileToDigest, cause: unknown): ProvenanceError {
  const isGone = identity !== undefined && (cause as NodeJS.ErrnoException).code === "ENOENT";
  return isGone ? changed(path) : unreadable(path, cause);
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

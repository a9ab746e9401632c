import { closeSync, fstatSync, readSync } from "node:fs";
import { ProvenanceError } from "../../base/errors.ts";
import { type FileIdentity, assertRegular, assertUnchanged, changed, openFile, unreadable } from "./digest-sync.ts";
import { LEAF_BYTES, LeafDigester } from "./file-digester.ts";
import { type Steps, runSteps } from "./steps.ts";

/** A part of a file, in bytes; it starts at a whole MiB. */
export interface FileRange {
  readonly path: string;
  /** What the file was when it was listed: all its ranges must be of this one. */
  readonly identity: FileIdentity;
  readonly start: number;
  /** The first byte that is no longer part of it. */
  readonly end: number;
}

/**
 * Reads a range of a file and computes the SHA-256 of each MiB, the last one shorter where the range ends.
 * Blocks the thread.
 *
 * @param buffer - at least 1 MiB, reused from call to call
 * @param onBytes - called after each leaf with its length in bytes
 * @returns 32 bytes after 32 bytes; an empty range has the digest of nothing
 * @throws {ProvenanceError} `MODEL_UNREADABLE`, `MODEL_UNSUPPORTED_ENTRY`, `MODEL_CHANGED`
 */
export function digestRangeSync(range: FileRange, buffer: Buffer, onBytes: (bytes: number) => void): Uint8Array {
  return runSteps(digestRangeInSteps(range, buffer), onBytes);
}

/** As {@link digestRangeSync}, in steps: a leaf each, of which the length is told. */
export function* digestRangeInSteps(range: FileRange, buffer: Buffer): Steps<Uint8Array> {
  const { path, identity, start, end } = range;
  const descriptor = openFile(range);
  try {
    const before = fstatSync(descriptor, { bigint: true });
    assertRegular(before, path);
    assertUnchanged(identity, before, path);
    const leaves = new LeafDigester(end - start);
    for (let position = start; position === start || position < end; position += LEAF_BYTES) {
      const leaf = buffer.subarray(0, Math.min(LEAF_BYTES, end - position));
      fill(descriptor, leaf, position, path);
      leaves.update(leaf);
      yield leaf.length;
    }
    assertUnchanged(before, fstatSync(descriptor, { bigint: true }), path);
    return leaves.digests();
  } catch (error) {
    throw error instanceof ProvenanceError ? error : unreadable(path, error);
  } finally {
    closeSync(descriptor);
  }
}

function fill(descriptor: number, leaf: Buffer, position: number, path: string): void {
  for (let filled = 0; filled < leaf.length;) {
    const read = readSync(descriptor, leaf, filled, leaf.length - filled, position + filled);
    if (read === 0) throw changed(path);
    filled += read;
  }
}

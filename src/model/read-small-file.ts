import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { ProvenanceError } from "../base/errors.ts";
import { OPEN_FLAGS, assertRegular, assertUnchanged, unreadable } from "./hashing/digest-sync.ts";
import type { ModelFile } from "./walk-folder.ts";

/**
 * Reads a small file whole, and makes sure it is the one that was listed.
 *
 * @throws {ProvenanceError} `MODEL_UNREADABLE`, `MODEL_CHANGED`, `MODEL_UNSUPPORTED_ENTRY`
 */
export function readSmallFile({ path, identity, size }: ModelFile): Buffer {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, OPEN_FLAGS);
    const stats = fstatSync(descriptor, { bigint: true });
    assertRegular(stats, path);
    assertUnchanged(identity, stats, path);
    const buffer = Buffer.alloc(size);
    return buffer.subarray(0, readSync(descriptor, buffer, 0, size, 0));
  } catch (error) {
    throw error instanceof ProvenanceError ? error : unreadable(path, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

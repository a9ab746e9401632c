import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { ProvenanceError } from "../errors.ts";
import {
  type FileDigest,
  LEAF_BYTES,
  OPEN_FLAGS,
  assertRegular,
  assertUnchanged,
  changed,
  unreadable,
} from "./digest-sync.ts";
import type { FileToHash } from "./plan.ts";
import { SIDES, abortRing, createRing, nextFreeSlot, publishSlot } from "./ring.ts";
import type { WorkerPool } from "./worker-pool.ts";

// Two buffers: the next read runs while this one is hashed (bench/README.md has the numbers).
const DOUBLE_BUFFER_BYTES = 4 * 1024 * 1024;

type OnBytes = (bytes: number) => void;

/**
 * Hashes one large file as fast as one core can, while the reads run beside it.
 *
 * @throws {ProvenanceError} as `digestFileSync`
 */
export async function digestLoneFile(file: FileToHash, onBytes: OnBytes = () => undefined): Promise<FileDigest> {
  return withFile(file, async (handle) => {
    const flat = createHash("sha256");
    let size = 0;
    let [current, next] = [Buffer.allocUnsafe(DOUBLE_BUFFER_BYTES), Buffer.allocUnsafe(DOUBLE_BUFFER_BYTES)];
    let reading = handle.read(current, 0, DOUBLE_BUFFER_BYTES, 0);
    for (;;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) break;
      size += bytesRead;
      reading = handle.read(next, 0, DOUBLE_BUFFER_BYTES, size);
      flat.update(current.subarray(0, bytesRead));
      onBytes(bytesRead);
      [current, next] = [next, current];
    }
    return { sha256: flat.digest("hex"), size };
  });
}

/**
 * Hashes one large file and its leaves in one pass, on two threads of a pool.
 *
 * @param pool - at least two threads, idle
 * @throws {ProvenanceError} as `digestFileSync`
 */
export async function digestLoneFileWithLeaves(
  file: FileToHash,
  pool: WorkerPool,
  onBytes: OnBytes,
): Promise<FileDigest> {
  return withFile(file, async (handle) => {
    const ring = createRing();
    const sides = Promise.all([
      pool.run(0, { kind: "ring", side: SIDES.flat, ring }),
      pool.run(1, { kind: "ring", side: SIDES.leaves, ring }),
    ]);
    let size = 0;
    try {
      for (;;) {
        const slot = await nextFreeSlot(ring);
        const filled = await fillSlot(handle, slot, size);
        publishSlot(ring, filled);
        if (filled === 0) break;
        size += filled;
        onBytes(filled);
      }
    } catch (error) {
      abortRing(ring);
      await sides;
      throw error;
    }
    const [flat, leaves] = await sides;
    return {
      sha256: Buffer.from(flat.bytes).toString("hex"),
      size,
      leafDigests: size === 0 ? flat.bytes : leaves.bytes,
    };
  });
}

async function fillSlot(file: FileHandle, slot: Uint8Array<SharedArrayBuffer>, position: number): Promise<number> {
  let filled = 0;
  while (filled < LEAF_BYTES) {
    const { bytesRead } = await file.read(slot, filled, LEAF_BYTES - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

async function withFile(
  { path, identity }: FileToHash,
  digest: (file: FileHandle) => Promise<FileDigest>,
): Promise<FileDigest> {
  const file = await open(path, OPEN_FLAGS).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  try {
    const before = await file.stat({ bigint: true });
    assertRegular(before, path);
    if (identity !== undefined) assertUnchanged(identity, before, path);
    const result = await digest(file);
    if (BigInt(result.size) !== before.size) throw changed(path);
    assertUnchanged(before, await file.stat({ bigint: true }), path);
    return result;
  } catch (error) {
    throw error instanceof ProvenanceError ? error : unreadable(path, error);
  } finally {
    await file.close();
  }
}

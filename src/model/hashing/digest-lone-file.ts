import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { ProvenanceError } from "../../base/errors.ts";
import { OPEN_FLAGS, assertRegular, assertUnchanged, changed, notOpened, unreadable } from "./digest-sync.ts";
import { type FileDigest, LEAF_BYTES } from "./file-digester.ts";
import type { FileToHash } from "./plan.ts";
import { type Ring, abortRing, createRing, nextFreeSlot, publishSlot } from "./ring.ts";
import type { RingDigest } from "./hash-worker.ts";
import type { HashThreads } from "./hash-threads.ts";

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
 * Hashes one large file, its leaves and its pieces, as far as they are asked for, in one pass: each on a thread of its
 * own.
 *
 * @param pool - at least three threads, idle
 * @throws {ProvenanceError} as `digestFileSync`
 */
export async function digestLoneFileInThreads(
  file: FileToHash,
  withLeaves: boolean,
  pool: HashThreads,
  onBytes: OnBytes,
): Promise<FileDigest> {
  const { pieces } = file;
  return withFile(file, async (handle, expected) => {
    const digests: RingDigest[] = ["flat"];
    if (withLeaves) digests.push("leaves");
    if (pieces !== undefined) digests.push("pieces");
    const ring = createRing(digests.length);
    const sides = Promise.all(
      digests.map(async (digest, side) => {
        const task = { kind: "ring", digest, side, ring, expected } as const;
        const { bytes } = await pool.run(side, digest === "pieces" && pieces ? { ...task, pieces } : task);
        return [digest, bytes] as const;
      }),
    );
    sides.catch(() => abortRing(ring));
    const size = await fillRing(handle, ring, sides, onBytes);
    const found = new Map(await sides);
    const [leafDigests, pieceDigests] = [found.get("leaves"), found.get("pieces")];
    const sha256 = Buffer.from(found.get("flat") as Uint8Array).toString("hex");
    return { sha256, size, ...(leafDigests && { leafDigests }), ...(pieceDigests && { pieceDigests }) };
  });
}

/** Reads a file into a ring. @returns its length in bytes */
async function fillRing(handle: FileHandle, ring: Ring, sides: Promise<unknown>, onBytes: OnBytes): Promise<number> {
  try {
    for (let size = 0; ;) {
      const slot = await nextFreeSlot(ring);
      const filled = await fillSlot(handle, slot, size);
      publishSlot(ring, filled);
      if (filled === 0) return size;
      size += filled;
      onBytes(filled);
    }
  } catch (error) {
    abortRing(ring);
    await sides;
    throw error;
  }
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
  listed: FileToHash,
  digest: (file: FileHandle, size: number) => Promise<FileDigest>,
): Promise<FileDigest> {
  const { path, identity } = listed;
  const file = await open(path, OPEN_FLAGS).catch((cause: unknown) => {
    throw notOpened(listed, cause);
  });
  try {
    const before = await file.stat({ bigint: true });
    assertRegular(before, path);
    if (identity !== undefined) assertUnchanged(identity, before, path);
    const result = await digest(file, Number(before.size));
    if (BigInt(result.size) !== before.size) throw changed(path);
    assertUnchanged(before, await file.stat({ bigint: true }), path);
    return result;
  } catch (error) {
    throw error instanceof ProvenanceError ? error : unreadable(path, error);
  } finally {
    await file.close();
  }
}

// A thread that hashes: whole files one after the other, the leaves of ranges, or one side of the ring.
import { createHash, hash } from "node:crypto";
import { parentPort } from "node:worker_threads";
import { ProvenanceError, type ProvenanceErrorCode } from "../errors.ts";
import { type FileRange, digestRangeSync } from "./digest-range.ts";
import { type FileDigest, LEAF_BYTES, digestFileSync } from "./digest-sync.ts";
import type { FileToHash } from "./plan.ts";
import { type Ring, SIDES, type Side, takeSlots } from "./ring.ts";

/** Files to hash; the number of bytes read is added to `progress` as they are. */
export interface FilesTask {
  readonly kind: "files";
  readonly files: readonly FileToHash[];
  readonly leaves: boolean;
  readonly progress: BigInt64Array;
}

/** Ranges of files of which each MiB is hashed; the number of bytes read is added to `progress` as they are. */
export interface LeavesTask {
  readonly kind: "leaves";
  readonly ranges: readonly FileRange[];
  readonly progress: BigInt64Array;
}

/** One side of the ring: the digest of the whole, or those of the leaves. */
export interface RingTask {
  readonly kind: "ring";
  readonly side: Side;
  readonly ring: Ring;
}

/** Everything that a thread does. */
export type HashTask = FilesTask | LeavesTask | RingTask;

/** What a task answers. */
export type WorkerReply =
  | { readonly kind: "files"; readonly digests: readonly FileDigest[] }
  | { readonly kind: "leaves"; readonly digests: readonly Uint8Array[] }
  | { readonly kind: "ring"; readonly side: Side; readonly bytes: Uint8Array }
  | { readonly kind: "error"; readonly code: ProvenanceErrorCode | undefined; readonly message: string };

const buffer = Buffer.allocUnsafeSlow(LEAF_BYTES);

parentPort?.on("message", (task: HashTask) => {
  parentPort?.postMessage(run(task));
});

function run(task: HashTask): WorkerReply {
  try {
    if (task.kind === "ring") return { kind: "ring", side: task.side, bytes: digestRing(task) };
    const count = (bytes: number) => void Atomics.add(task.progress, 0, BigInt(bytes));
    if (task.kind === "leaves") {
      return { kind: "leaves", digests: task.ranges.map((range) => digestRangeSync(range, buffer, count)) };
    }
    return { kind: "files", digests: task.files.map((file) => digestFileSync(file, task.leaves, buffer, count)) };
  } catch (error) {
    const code = error instanceof ProvenanceError ? error.code : undefined;
    return { kind: "error", code, message: (error as Error).message };
  }
}

function digestRing({ side, ring }: RingTask): Uint8Array {
  if (side === SIDES.flat) {
    const flat = createHash("sha256");
    for (const slot of takeSlots(ring, side)) flat.update(slot);
    return flat.digest();
  }
  const leaves: Buffer[] = [];
  for (const slot of takeSlots(ring, side)) leaves.push(hash("sha256", slot, "buffer"));
  return Buffer.concat(leaves);
}

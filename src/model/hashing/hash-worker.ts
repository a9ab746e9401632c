// A thread that hashes: whole files one after the other, the leaves of ranges, or one side of the ring.
import { createHash } from "node:crypto";
import { parentPort } from "node:worker_threads";
import { type WorkerFailure, toWorkerFailure } from "../../base/worker-pool.ts";
import { type FileRange, digestRangeSync } from "./digest-range.ts";
import { digestFileSync } from "./digest-sync.ts";
import { type FileDigest, LEAF_BYTES, LeafDigester } from "./file-digester.ts";
import { type FilePieces, PieceDigester } from "./pieces.ts";
import type { FileToHash } from "./plan.ts";
import { type Ring, takeSlots } from "./ring.ts";

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

/** What a side of the ring computes. */
export type RingDigest = "flat" | "leaves" | "pieces";

/** One side of the ring. */
export interface RingTask {
  readonly kind: "ring";
  readonly digest: RingDigest;
  /** The number of the side, from 0. */
  readonly side: number;
  readonly ring: Ring;
  /** Bytes that the file should have. */
  readonly expected: number;
  readonly pieces?: FilePieces;
}

/** Everything that a thread does. */
export type HashTask = FilesTask | LeavesTask | RingTask;

/** What a task answers. */
export type WorkerReply =
  | { readonly kind: "files"; readonly digests: readonly FileDigest[] }
  | { readonly kind: "leaves"; readonly digests: readonly Uint8Array[] }
  | { readonly kind: "ring"; readonly bytes: Uint8Array | undefined };

const buffer = Buffer.allocUnsafeSlow(LEAF_BYTES);

parentPort?.on("message", (task: HashTask) => {
  parentPort?.postMessage(run(task));
});

function run(task: HashTask): WorkerReply | WorkerFailure {
  try {
    if (task.kind === "ring") return { kind: "ring", bytes: digestRing(task) };
    const count = (bytes: number) => void Atomics.add(task.progress, 0, BigInt(bytes));
    if (task.kind === "leaves") {
      return { kind: "leaves", digests: task.ranges.map((range) => digestRangeSync(range, buffer, count)) };
    }
    return { kind: "files", digests: task.files.map((file) => digestFileSync(file, task.leaves, buffer, count)) };
  } catch (error) {
    return toWorkerFailure(error);
  }
}

/** @returns 32 bytes a digest; undefined where the file is too short for its pieces */
function digestRing({ digest, side, ring, expected, pieces }: RingTask): Uint8Array | undefined {
  if (digest === "flat") {
    const flat = createHash("sha256");
    for (const slot of takeSlots(ring, side)) flat.update(slot);
    return flat.digest();
  }
  if (pieces === undefined) {
    const leaves = new LeafDigester(expected);
    for (const slot of takeSlots(ring, side)) leaves.update(slot);
    return leaves.digests();
  }
  const digester = new PieceDigester(pieces);
  let position = 0;
  for (const slot of takeSlots(ring, side)) {
    digester.update(position, slot);
    position += slot.length;
  }
  return digester.digests();
}

// A thread that hashes: whole files one after the other, the leaves of ranges, or one side of the ring.
import { type Hash, createHash } from "node:crypto";
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

/** The next bytes of a file that somebody else reads, in shared memory or as a copy. */
export interface FlatTask {
  readonly kind: "flat";
  readonly parts: readonly Uint8Array[];
}

/** The end of that file. */
export interface FlatEndTask {
  readonly kind: "flat end";
}

/** Everything that a thread does. */
export type HashTask = FilesTask | LeavesTask | RingTask | FlatTask | FlatEndTask;

/** What a task answers. */
export type WorkerReply =
  | { readonly kind: "files"; readonly digests: readonly FileDigest[] }
  | { readonly kind: "leaves"; readonly digests: readonly Uint8Array[] }
  | { readonly kind: "ring"; readonly bytes: Uint8Array | undefined }
  | { readonly kind: "flat" }
  | { readonly kind: "flat end"; readonly sha256: string };

const buffer = Buffer.allocUnsafeSlow(LEAF_BYTES);
// Of the file whose bytes come from elsewhere.
let flat: Hash | undefined;

parentPort?.on("message", (task: HashTask) => {
  parentPort?.postMessage(run(task));
});

function run(task: HashTask): WorkerReply | WorkerFailure {
  try {
    if (task.kind === "ring") return { kind: "ring", bytes: digestRing(task) };
    if (task.kind === "flat") return updateFlat(task);
    if (task.kind === "flat end") return endFlat();
    const count = (bytes: number) => void Atomics.add(task.progress, 0, BigInt(bytes));
    if (task.kind === "leaves") {
      return { kind: "leaves", digests: task.ranges.map((range) => digestRangeSync(range, buffer, count)) };
    }
    return { kind: "files", digests: task.files.map((file) => digestFileSync(file, task.leaves, buffer, count)) };
  } catch (error) {
    return toWorkerFailure(error);
  }
}

function updateFlat({ parts }: FlatTask): WorkerReply {
  flat ??= createHash("sha256");
  for (const part of parts) flat.update(part);
  return { kind: "flat" };
}

function endFlat(): WorkerReply {
  const sha256 = (flat ?? createHash("sha256")).digest("hex");
  flat = undefined;
  return { kind: "flat end", sha256 };
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

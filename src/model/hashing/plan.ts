import type { FileToDigest } from "./digest-sync.ts";

/** A file to hash: where it is and how many bytes it had when it was listed. */
export interface FileToHash extends FileToDigest {
  readonly size: number;
}

/** Who does what; every number is an index into the list of files. */
export interface HashPlan {
  /** Batches for the threads, the largest first. */
  readonly batches: readonly (readonly number[])[];
  /** A huge file that gets all cores when the batches are done. */
  readonly lone?: number;
}

// A batch of small files costs one message to a thread; more would leave threads idle at the end.
const BATCH_BYTES = 16 * 1024 * 1024;
const BATCH_FILES = 1024;
// Below this the second core does not make up for its message.
const LONE_MIN_BYTES = 32 * 1024 * 1024;
// Bytes a millisecond of one thread that computes one digest, and of all cores on one file (bench/README.md).
const THREAD_SPEED = 1_750_000;
const LONE_SPEED = { one: 1_900_000, several: 1_600_000 };
const MILLISECONDS_PER_FILE = 0.007;

/**
 * What one thread does in this time is done before others are started and their code is warm: hashing 20 000 files of 4 KiB
 * took 155 ms in one and 450 ms in two (bench/README.md).
 */
export const SINGLE_THREAD_MILLISECONDS = 300;

/** How many digests are computed of each byte: of the whole, of the leaves, of the pieces. */
export function countPasses(files: readonly FileToHash[], leaves: boolean): number {
  return 1 + (leaves ? 1 : 0) + (files.some(({ pieces }) => pieces !== undefined) ? 1 : 0);
}

/**
 * Plans the work: largest files first, small ones in batches, and where one huge file would keep one core
 * busy while the others are done, that file last on all of them.
 *
 * @param passes - how many digests are computed of each byte
 */
export function planHashing(files: readonly FileToHash[], threads: number, passes: number): HashPlan {
  const order = Uint32Array.from(files.keys()).sort((a, b) => sizeOf(files, b) - sizeOf(files, a));
  const [largest] = order;
  if (largest !== undefined && sizeOf(files, largest) >= LONE_MIN_BYTES && threads > 1) {
    const speed = THREAD_SPEED / passes;
    const lone = passes === 1 ? LONE_SPEED.one : Math.min(LONE_SPEED.several, threads * speed);
    const together = longestThread(files, order, threads) / speed;
    const apart = longestThread(files, order.subarray(1), threads) / speed + sizeOf(files, largest) / lone;
    if (apart < together) return { batches: toBatches(files, order.subarray(1)), lone: largest };
  }
  return { batches: toBatches(files, order) };
}

/** How long one thread would take for files, in milliseconds. */
export function estimateMilliseconds(files: readonly FileToHash[], passes: number): number {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return (bytes * passes) / THREAD_SPEED + files.length * MILLISECONDS_PER_FILE;
}

/** Bytes of the thread that is done last, if each takes the next file as soon as it is free. */
function longestThread(files: readonly FileToHash[], order: Uint32Array, threads: number): number {
  const load = new Array<number>(threads).fill(0);
  for (const index of order) {
    const idlest = load.indexOf(Math.min(...load));
    load[idlest] = (load[idlest] as number) + sizeOf(files, index);
  }
  return Math.max(...load);
}

function toBatches(files: readonly FileToHash[], order: Uint32Array): number[][] {
  const batches: number[][] = [];
  let bytes = Infinity;
  for (const index of order) {
    const size = sizeOf(files, index);
    const batch = batches.at(-1);
    if (batch === undefined || bytes + size > BATCH_BYTES || batch.length >= BATCH_FILES) {
      batches.push([index]);
      bytes = size;
    } else {
      batch.push(index);
      bytes += size;
    }
  }
  return batches;
}

function sizeOf(files: readonly FileToHash[], index: number): number {
  return (files[index] as FileToHash).size;
}

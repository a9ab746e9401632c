import type { FileIdentity } from "./digest-sync.ts";

/** A file to hash: where it is and how many bytes it had when it was listed. */
export interface FileToHash {
  readonly path: string;
  readonly size: number;
  /** What the file was when it was listed. */
  readonly identity?: FileIdentity;
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
const BATCH_FILES = 256;
// Below this the second core does not make up for its message.
const LONE_MIN_BYTES = 32 * 1024 * 1024;
// MiB/s of one thread, and of all cores on one file, flat and with leaves (bench/README.md).
const SPEED = { flat: { thread: 1700, lone: 1850 }, leaves: { thread: 850, lone: 1550 } };

/**
 * Plans the work: largest files first, small ones in batches, and where one huge file would keep one core
 * busy while the others are done, that file last on all of them.
 */
export function planHashing(files: readonly FileToHash[], threads: number, leaves: boolean): HashPlan {
  const order = [...files.keys()].sort((a, b) => sizeOf(files, b) - sizeOf(files, a));
  const [largest] = order;
  if (largest !== undefined && sizeOf(files, largest) >= LONE_MIN_BYTES && threads > 1) {
    const speed = leaves ? SPEED.leaves : SPEED.flat;
    const together = longestThread(files, order, threads) / speed.thread;
    const apart = longestThread(files, order.slice(1), threads) / speed.thread + sizeOf(files, largest) / speed.lone;
    if (apart < together) return { batches: toBatches(files, order.slice(1)), lone: largest };
  }
  return { batches: toBatches(files, order) };
}

/** Bytes of the thread that is done last, if each takes the next file as soon as it is free. */
function longestThread(files: readonly FileToHash[], order: readonly number[], threads: number): number {
  const load = new Array<number>(threads).fill(0);
  for (const index of order) {
    const idlest = load.indexOf(Math.min(...load));
    load[idlest] = (load[idlest] as number) + sizeOf(files, index);
  }
  return Math.max(...load);
}

function toBatches(files: readonly FileToHash[], order: readonly number[]): number[][] {
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

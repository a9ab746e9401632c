import { availableParallelism } from "node:os";
import { setImmediate as yieldToEvents } from "node:timers/promises";
import type { ByteProgress } from "./digest-files.ts";
import { type FileRange, digestRangeSync } from "./digest-range.ts";
import { type FileIdentity, LEAF_BYTES } from "./digest-sync.ts";
import { WorkerPool } from "./worker-pool.ts";

/** A file whose leaves are to be hashed. */
export interface FileToCut {
  readonly path: string;
  /** How many bytes to read, from the first one on. */
  readonly size: number;
  readonly identity: FileIdentity;
}

/** Options of {@link digestLeaves}. */
export interface DigestLeavesOptions {
  readonly onBytes?: ByteProgress;
  /** Number of threads; the machine's cores when it is left out. */
  readonly threads?: number;
}

// A range is one message to a thread: long enough not to notice it, short enough that the threads end together.
const RANGE_BYTES = 32 * LEAF_BYTES;
// Small files share a message, like the batches of whole files.
const TASK_RANGES = 256;
// Below this one thread is done before a second has started.
const SINGLE_THREAD_BYTES = 32 * LEAF_BYTES;
const PROGRESS_MILLISECONDS = 100;

type IndexedRange = FileRange & { readonly file: number };

/**
 * Computes the SHA-256 of each MiB of files with all cores: a large file is split over the threads in ranges of
 * whole MiB, which the digest of a whole file cannot be.
 *
 * @returns for each file, in the order given, 32 bytes after 32 bytes; an empty file has the one digest of nothing
 * @throws {ProvenanceError} `MODEL_UNREADABLE`, `MODEL_UNSUPPORTED_ENTRY`, `MODEL_CHANGED`; of the first range that fails
 */
export async function digestLeaves(
  files: readonly FileToCut[],
  options: DigestLeavesOptions = {},
): Promise<Uint8Array[]> {
  const ranges = files.flatMap(toRanges);
  const results = files.map(({ size }) => new Uint8Array(Math.max(1, Math.ceil(size / LEAF_BYTES)) * 32));
  const keep = ({ file, start }: IndexedRange, digests: Uint8Array) => {
    (results[file] as Uint8Array).set(digests, (start / LEAF_BYTES) * 32);
  };
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const threads = Math.min(options.threads ?? availableParallelism(), ranges.length);
  if (bytes <= SINGLE_THREAD_BYTES || threads < 2) await digestHere(ranges, keep, options.onBytes);
  else await digestInThreads(ranges, keep, threads, options.onBytes);
  return results;
}

function toRanges({ path, size, identity }: FileToCut, file: number): IndexedRange[] {
  return Array.from({ length: Math.max(1, Math.ceil(size / RANGE_BYTES)) }, (_, i) => {
    return { file, path, identity, start: i * RANGE_BYTES, end: Math.min(size, (i + 1) * RANGE_BYTES) };
  });
}

type Keep = (range: IndexedRange, digests: Uint8Array) => void;

async function digestHere(ranges: readonly IndexedRange[], keep: Keep, onBytes?: ByteProgress): Promise<void> {
  const buffer = Buffer.allocUnsafeSlow(LEAF_BYTES);
  let sinceYield = 0;
  for (const range of ranges) {
    keep(range, digestRangeSync(range, buffer, onBytes));
    sinceYield += range.end - range.start;
    if (sinceYield < SINGLE_THREAD_BYTES) continue;
    await yieldToEvents(); // signals and timers get their turn
    sinceYield = 0;
  }
}

async function digestInThreads(ranges: readonly IndexedRange[], keep: Keep, threads: number, onBytes?: ByteProgress) {
  const tasks = toTasks(ranges);
  const pool = new WorkerPool(Math.min(threads, tasks.length));
  const progress = new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT));
  const report = () => {
    const bytes = Number(Atomics.exchange(progress, 0, 0n));
    if (bytes > 0) onBytes?.(bytes);
  };
  const timer = setInterval(report, PROGRESS_MILLISECONDS);
  let next = 0;
  const work = async (_: unknown, index: number) => {
    for (let task = tasks[next++]; task !== undefined; task = tasks[next++]) {
      const { digests } = await pool.run(index, { kind: "leaves", ranges: task, progress });
      task.forEach((range, i) => keep(range, digests[i] as Uint8Array));
    }
  };
  try {
    await Promise.all(Array.from({ length: pool.size }, work));
  } finally {
    clearInterval(timer);
    report();
    await pool.close();
  }
}

function toTasks(ranges: readonly IndexedRange[]): IndexedRange[][] {
  const tasks: IndexedRange[][] = [];
  let bytes = Infinity;
  for (const range of ranges) {
    const size = range.end - range.start;
    const task = tasks.at(-1);
    if (task === undefined || bytes + size > RANGE_BYTES || task.length >= TASK_RANGES) {
      tasks.push([range]);
      bytes = size;
    } else {
      task.push(range);
      bytes += size;
    }
  }
  return tasks;
}

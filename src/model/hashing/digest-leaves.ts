import type { ByteProgress } from "./steps.ts";
import { type FileRange, digestRangeInSteps } from "./digest-range.ts";
import type { FileIdentity } from "./digest-sync.ts";
import { LEAF_BYTES } from "./file-digester.ts";
import { inTurns, shareTasks } from "./share-work.ts";
import { defaultThreads } from "../../base/worker-pool.ts";
import { HashThreads } from "./hash-threads.ts";

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
  /** Number of threads; the machine's cores, at most eight, when it is left out. */
  readonly threads?: number;
}

// A range is one message to a thread: long enough not to notice it, short enough that the threads end together.
const RANGE_BYTES = 32 * LEAF_BYTES;
// Small files share a message, like the batches of whole files.
const TASK_RANGES = 1024;
// Below this one thread is done before a second has started.
const SINGLE_THREAD_BYTES = 64 * LEAF_BYTES;

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
  { onBytes = () => undefined, threads }: DigestLeavesOptions = {},
): Promise<Uint8Array[]> {
  const results = files.map(({ size }) => new Uint8Array(Math.max(1, Math.ceil(size / LEAF_BYTES)) * 32));
  const keep = ({ file, start }: IndexedRange, digests: Uint8Array) => {
    (results[file] as Uint8Array).set(digests, (start / LEAF_BYTES) * 32);
  };
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const lanes = threads ?? (bytes <= SINGLE_THREAD_BYTES ? 1 : defaultThreads());
  const tasks = toTasks(files.flatMap(toRanges));
  const rangesOf = (task: number) => tasks[task] as readonly IndexedRange[];
  const pool = new HashThreads(lanes - 1);
  const buffer = Buffer.allocUnsafeSlow(LEAF_BYTES);
  try {
    await shareTasks(tasks.length, pool, pool.size, onBytes, {
      here: async (task, turns) => {
        for (const range of rangesOf(task)) keep(range, await inTurns(digestRangeInSteps(range, buffer), turns));
      },
      there: async (thread, task, progress) => {
        const { digests } = await pool.run(thread, { kind: "leaves", ranges: rangesOf(task), progress });
        rangesOf(task).forEach((range, i) => keep(range, digests[i] as Uint8Array));
      },
    });
    return results;
  } finally {
    await pool.close();
  }
}

function toRanges({ path, size, identity }: FileToCut, file: number): IndexedRange[] {
  return Array.from({ length: Math.max(1, Math.ceil(size / RANGE_BYTES)) }, (_, i) => {
    return { file, path, identity, start: i * RANGE_BYTES, end: Math.min(size, (i + 1) * RANGE_BYTES) };
  });
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
